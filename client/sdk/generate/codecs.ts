/** TypeScript of the registry's types: for each a type and a described codec of the same name. */
import { TacitError } from '../../../primitives/errors.ts';
import { camelCase, type Entry, type Field, typeNames, type VariantEntry } from './types.ts';

/** How a type is written where another uses it. */
export interface Written {
  readonly type: string;
  readonly codec: string;
}

const NUMBERS: ReadonlySet<string> = new Set(['u8', 'u16', 'u32', 'i32']);
const BIGINTS: ReadonlySet<string> = new Set(['u64', 'u128']);
const WRAPPED = new Set(['Option', 'Result']);

/** Docs as a comment above what they are about; nothing where there are none. */
export function comment(docs: readonly string[], indent: string): string {
  const text = docs.join('\n').trim().replaceAll('*/', '* /');
  if (text === '') return '';
  const lines = text.split('\n').map((line) => line.trim());
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}`.trimEnd()).join('\n')}\n${indent} */\n`;
}

/** Writes types as they are asked for, those they are made of before them. */
export class Codecs {
  readonly #lookup: readonly Entry[];
  readonly #names: ReadonlyMap<number, string>;
  readonly #written = new Map<number, Written>();
  readonly #underWay = new Set<number>();
  readonly #declarations: string[] = [];
  /** What the declarations take from primitives/scale. */
  readonly used = new Set<string>();

  constructor(lookup: readonly Entry[]) {
    this.#lookup = lookup;
    this.#names = typeNames(lookup);
  }

  get text(): string {
    return this.#declarations.join('\n');
  }

  entry(id: number): Entry {
    const found = this.#lookup[id];
    if (found === undefined) throw new TacitError('sdk/bad-metadata', `the registry has no type ${id}`);
    return found;
  }

  /** How type `id` is written in another; declares it if it has a name of its own. */
  use(id: number): Written {
    const known = this.#written.get(id);
    if (known !== undefined) return known;
    const entry = this.entry(id);
    if (this.#underWay.has(id)) {
      const name = this.#nameOf(entry);
      return { type: name, codec: `${this.#take('lazy')}(() => ${name})` };
    }
    this.#underWay.add(id);
    const written = this.#write(entry);
    this.#underWay.delete(id);
    this.#written.set(id, written);
    return written;
  }

  #take(name: string): string {
    this.used.add(name);
    return name;
  }

  #nameOf({ id, path }: Entry): string {
    const name = this.#names.get(id);
    if (name === undefined)
      throw new TacitError('sdk/bad-metadata', `type ${id} (${path.join('::')}) is recursive and has no name`);
    return name;
  }

  #write(entry: Entry): Written {
    const { def } = entry;
    switch (def.tag) {
      case 'primitive':
        return this.#primitive(def.value.tag);
      case 'compact': {
        const of = this.use(def.value);
        return { type: of.type, codec: `${this.#take('compact')}(${of.codec})` };
      }
      case 'sequence': {
        const of = this.use(def.value);
        if (of.codec === 'u8') return { type: 'Uint8Array', codec: this.#take('bytes') };
        return { type: `${bracketed(of.type)}[]`, codec: `${this.#take('vec')}(${of.codec})` };
      }
      case 'array':
        if (this.use(def.value.type).codec !== 'u8') throw new TacitError('sdk/bad-metadata', 'arrays are of bytes');
        return { type: 'Uint8Array', codec: `${this.#take('fixed')}(${def.value.len})` };
      case 'tuple':
        return this.#tuple(def.value);
      case 'composite':
        return this.#composite(entry, def.value);
      case 'variant':
        return this.#variant(entry, def.value);
      default:
        throw new TacitError('sdk/bad-metadata', `types of the kind ${def.tag} are not known here`);
    }
  }

  #primitive(name: string): Written {
    if (NUMBERS.has(name)) return { type: 'number', codec: this.#take(name) };
    if (BIGINTS.has(name)) return { type: 'bigint', codec: this.#take(name) };
    if (name === 'bool') return { type: 'boolean', codec: this.#take('bool') };
    if (name === 'str') return { type: 'string', codec: this.#take('str') };
    throw new TacitError('sdk/bad-metadata', `the client knows no ${name}`);
  }

  #tuple(ids: readonly number[]): Written {
    if (ids.length === 0) return { type: 'undefined', codec: this.#take('unit') };
    const parts = ids.map((id) => this.use(id));
    return {
      type: `[${parts.map(({ type }) => type).join(', ')}]`,
      codec: `${this.#take('tuple')}(${parts.map(({ codec }) => codec).join(', ')})`,
    };
  }

  #composite(entry: Entry, fields: readonly Field[]): Written {
    const [only] = fields;
    // a wrapper of one type is what it wraps: an AccountId32 is 32 bytes
    if (only === undefined || only.name === undefined) return this.#tupleLike(fields);
    const { types, codecs } = this.#fields(fields, '  ');
    const name = this.#nameOf(entry);
    const head = comment(entry.docs, '');
    this.#declarations.push(
      `${head}export interface ${name} {\n${types}}\n` +
        `export const ${name}: Ty<${name}> = ${this.#take('struct')}('${entry.path.join('::')}', {\n${codecs}});\n`,
    );
    return { type: name, codec: name };
  }

  #tupleLike(fields: readonly Field[]): Written {
    const [only] = fields;
    if (only !== undefined && fields.length === 1) return this.use(only.type);
    return this.#tuple(fields.map(({ type }) => type));
  }

  #fields(fields: readonly Field[], indent: string): { types: string; codecs: string } {
    let [types, codecs] = ['', ''];
    for (const { name, type, docs } of fields) {
      const field = camelCase(name as string);
      const of = this.use(type);
      types += `${comment(docs, indent)}${indent}${field}: ${of.type};\n`;
      codecs += `${indent}${field}: ${of.codec},\n`;
    }
    return { types, codecs };
  }

  #variant(entry: Entry, variants: readonly VariantEntry[]): Written {
    if (entry.path.length === 1 && WRAPPED.has(entry.path[0] as string)) return this.#wrapped(variants);
    const name = this.#nameOf(entry);
    const cases = variants.map((variant) => this.#case(variant));
    const types = cases.length === 0 ? ' never' : cases.map(({ type }) => type).join('');
    const inOrder = variants.every(({ index }, place) => index === place);
    const indexes = variants.map(({ name: variant, index }) => `${camelCase(variant)}: ${index}`).join(', ');
    this.#declarations.push(
      `${comment(entry.docs, '')}export type ${name} =${types};\n` +
        `export const ${name}: Ty<${name}> = ${this.#take('enumeration')}('${entry.path.join('::')}', {\n` +
        `${cases.map(({ codec }) => codec).join('')}}${inOrder ? '' : `, { indexes: { ${indexes} } }`});\n`,
    );
    return { type: name, codec: name };
  }

  #case({ name, fields, docs }: VariantEntry): { type: string; codec: string } {
    const tag = camelCase(name);
    const above = comment(docs, '  ');
    const as = (value: string, codec: string) => ({
      type: `\n${above}  | { tag: '${tag}'; ${value} }`,
      codec: `  ${tag}: ${codec},\n`,
    });
    const [first] = fields;
    if (first === undefined) return as('value?: undefined', 'null');
    if (first.name !== undefined) {
      const { types, codecs } = this.#fields(fields, '      ');
      return as(`value: {\n${types}    }`, `{\n${codecs}  }`);
    }
    const parts = fields.map(({ type }) => this.use(type));
    if (parts.length === 1) return as(`value: ${parts[0]?.type}`, parts[0]?.codec as string);
    return as(
      `value: [${parts.map(({ type }) => type).join(', ')}]`,
      `[${parts.map(({ codec }) => codec).join(', ')}]`,
    );
  }

  #wrapped(variants: readonly VariantEntry[]): Written {
    const of = (name: string): Written => {
      const [field] = variants.find((variant) => variant.name === name)?.fields ?? [];
      return field === undefined ? { type: 'undefined', codec: this.#take('unit') } : this.use(field.type);
    };
    if (variants.some(({ name }) => name === 'Some')) {
      const some = of('Some');
      return { type: `${bracketed(some.type)} | undefined`, codec: `${this.#take('option')}(${some.codec})` };
    }
    const [ok, err] = [of('Ok'), of('Err')];
    return {
      type: `{ tag: 'Ok'; value: ${ok.type} } | { tag: 'Err'; value: ${err.type} }`,
      codec: `${this.#take('result')}(${ok.codec}, ${err.codec})`,
    };
  }
}

const bracketed = (type: string): string => (type.includes('|') ? `(${type})` : type);
