import type { Ty } from './ty.ts';

const primitiveNames: Partial<Record<string, string>> = { str: 'String' };

/**
 * The name of a type as a Rust source would write it in a field: `Vec<AccountId>`, `Option<Balance>`, `[u8; 32]`. As in scale-info a compact field is
 * named after what is compacted.
 */
export function typeNameOf(ty: Ty<unknown>): string {
  if (ty.typeName !== undefined) return ty.typeName;
  const def = ty.def();
  if (def.tag === 'alias') return typeNameOf(def.of);
  const last = ty.path.at(-1);
  if (last !== undefined) {
    const params = ty.params.map(({ name, type }) => (type === undefined ? name : typeNameOf(type)));
    return params.length === 0 ? last : `${last}<${params.join(', ')}>`;
  }
  switch (def.tag) {
    case 'primitive':
      return primitiveNames[def.name] ?? def.name;
    case 'sequence':
      return `Vec<${typeNameOf(def.of)}>`;
    case 'array':
      return `[${typeNameOf(def.of)}; ${def.length}]`;
    case 'tuple':
      return `(${def.of.map(typeNameOf).join(', ')})`;
    case 'compact':
      return typeNameOf(def.of);
    case 'composite':
    case 'variant':
      return '';
  }
}
