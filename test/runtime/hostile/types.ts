/** What a type says of its values. */
import type { Field, Ty } from '../../../primitives/scale/index.ts';

/**
 * A name by which values of a type are found again: that which fields show (`ModelId`), or its path. Undefined where a type says nothing of what its values mean.
 */
export function labelOf(ty: Ty<unknown>): string | undefined {
  if (ty.typeName !== undefined) return ty.typeName;
  const def = ty.def();
  if (def.tag === 'compact' || def.tag === 'alias') return labelOf(def.of);
  const path = ty.path.join('::');
  if (path !== '' && path !== 'Option' && path !== 'Result') return path;
  return def.tag === 'array' ? `[u8; ${def.length}]` : undefined;
}

/** The type behind names, wrappers and compact forms. */
export function bare(ty: Ty<unknown>): Ty<unknown> {
  const def = ty.def();
  if (def.tag === 'alias' || def.tag === 'compact') return bare(def.of);
  if (def.tag === 'composite' && def.fields.length === 1 && def.fields[0]!.name === undefined)
    return bare(def.fields[0]!.type);
  return ty;
}

/** Whether values of the type are calls of a runtime. */
export const isCall = (ty: Ty<unknown>): boolean => ty.path.at(-1) === 'RuntimeCall';

/** Accounts of pallets have no key. @param account one character per byte */
export const isOfPallet = (account: string): boolean => account.startsWith('modl');

/** What fields hold of a value: unnamed ones stand for themselves, or in a list. */
export function partsOf(fields: readonly Field[], value: unknown): [Ty<unknown>, unknown][] {
  return fields.map(({ name, type }, i) => {
    if (name !== undefined) return [type, (value as Record<string, unknown>)[name]];
    return [type, fields.length === 1 ? value : (value as unknown[])[i]];
  });
}

/** The value whose fields are these. */
export function joined(fields: readonly Field[], parts: readonly unknown[]): unknown {
  if (fields[0]?.name !== undefined) return Object.fromEntries(fields.map(({ name }, i) => [name, parts[i]]));
  return fields.length === 1 ? parts[0] : parts;
}

/** A variant with what it holds. Options are their value or nothing. */
export function variantValue(
  ty: Ty<unknown>,
  { name, index, fields }: { readonly name: string; readonly index: number; readonly fields: readonly Field[] },
  parts: readonly unknown[],
): unknown {
  if (ty.path[0] === 'Option') return parts[0];
  if (fields.length > 0) return { tag: name, value: joined(fields, parts) };
  // Whether it holds nothing or a struct of nothing, its codec knows.
  return ty.codec.dec(Uint8Array.of(index));
}

/** Which variant a value is, and its parts. */
export function variantOf(ty: Ty<unknown>, value: unknown) {
  const def = ty.def();
  if (def.tag !== 'variant') throw new Error('no variant');
  const isOption = ty.path[0] === 'Option';
  const tag = isOption ? (value === undefined ? 'None' : 'Some') : (value as { tag: string }).tag;
  const variant = def.variants.find(({ name }) => name === tag);
  if (variant === undefined) throw new Error(`no variant ${tag}`);
  const held = isOption ? value : (value as { value: unknown }).value;
  return { variant, parts: partsOf(variant.fields, held) };
}

/** Elements of one list, and types within types, that are looked at. */
const [ELEMENTS, DEPTH] = [8, 8];

/** A part of a value that has a name to be found by. */
export interface Leaf {
  readonly label: string;
  readonly ty: Ty<unknown>;
  readonly value: unknown;
}

/** A value and all of its parts, those that have a name. */
export function* leavesOf(ty: Ty<unknown>, value: unknown, depth = 0): Generator<Leaf> {
  if (depth > DEPTH || isCall(ty)) return;
  const label = labelOf(ty);
  if (label !== undefined) yield { label, ty, value };
  const def = ty.def();
  if (def.tag === 'array') yield { label: `[u8; ${def.length}]`, ty, value };
  for (const [type, part] of innerOf(ty, value)) yield* leavesOf(type, part, depth + 1);
}

function innerOf(ty: Ty<unknown>, value: unknown): (readonly [Ty<unknown>, unknown])[] {
  const def = ty.def();
  switch (def.tag) {
    case 'alias':
    case 'compact':
      return [[def.of, value]];
    case 'tuple':
      return def.of.map((type, i) => [type, (value as unknown[])[i]]);
    case 'sequence':
      return Array.isArray(value) ? value.slice(0, ELEMENTS).map((each) => [def.of, each]) : [];
    case 'composite':
      return partsOf(def.fields, value);
    case 'variant':
      return variantOf(ty, value).parts;
    case 'array':
    case 'primitive':
      return [];
  }
}
