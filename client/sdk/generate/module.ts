/** The generated module's text: types, storage items, constants and calls of a runtime, from its metadata. */
import { toHex, fromHex } from '../../../primitives/crypto/hex.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { decodeAll, type Ty, u8, u16, u32, u64, u128 } from '../../../primitives/scale/index.ts';
import { Codecs, comment } from './codecs.ts';
import { camelCase, type Item, lowerFirst, type Metadata, type Pallet, readMetadata } from './types.ts';

export interface RuntimeVersion {
  readonly specName: string;
  readonly specVersion: number;
  readonly transactionVersion: number;
}

const HASHERS: Readonly<Record<string, string>> = {
  Blake2128Concat: 'blake2_128Concat',
  Twox64Concat: 'twox64Concat',
  Identity: 'identity',
};

/** Types that no storage item, call or event leads to, and that clients read all the same. */
const ALSO: ReadonlySet<string> = new Set(['sp_runtime::generic::header::Header']);

/** TypeScript of a module for the runtime that `described` (metadata, version 15) describes. */
export function moduleText(described: Uint8Array, version: RuntimeVersion): string {
  const metadata = readMetadata(described);
  const codecs = new Codecs(metadata.lookup);
  const storage = section('storage', metadata, (pallet) => storageOf(codecs, pallet));
  const constants = section('constants', metadata, (pallet) => constantsOf(codecs, pallet));
  const call = codecs.use(metadata.outerEnums.call).codec;
  codecs.use(metadata.outerEnums.event);
  for (const { id, path } of metadata.lookup) if (ALSO.has(path.join('::'))) codecs.use(id);
  const calls = section('calls', metadata, (pallet) => callsOf(codecs, pallet, call));
  const scale = [...codecs.used].sort().join(', ');
  return `${[
    '// Made from the metadata of the runtime by client/sdk/generate: do not edit.',
    `import { ${scale}, type Ty } from '../../../primitives/scale/index.ts';`,
    "import { storageItem } from '../storage.ts';",
    '',
    '/** The runtime that this is about. */',
    `export const version = ${JSON.stringify(version)} as const;`,
    '',
    codecs.text,
    '/** The arguments of a call. */',
    'type Args<C, N> = Extract<C, { tag: N }> extends { value: infer A } ? A : never;',
    '',
    storage,
    constants,
    calls,
  ].join('\n')}\n`;
}

/** The metadata that polkadot.js is given, so that no node can say what a call's bytes mean. */
export function metadataText(described: Uint8Array): string {
  return `// Made from the runtime by client/sdk/generate: do not edit.\nexport const metadata =\n  '${toHex(described)}';\n`;
}

function section(name: string, { pallets }: Metadata, entries: (pallet: Pallet) => string[]): string {
  const lines = pallets.flatMap((pallet) => {
    const inside = entries(pallet);
    if (inside.length === 0) return [];
    return [`${comment(pallet.docs, '  ')}  ${lowerFirst(pallet.name)}: {\n${inside.join('')}  },`];
  });
  return `export const ${name} = {\n${lines.join('\n')}\n};\n`;
}

function storageOf(codecs: Codecs, { storage }: Pallet): string[] {
  return (storage?.items ?? []).map((item) => {
    const value = codecs.use(item.type.tag === 'plain' ? item.type.value : item.type.value.value);
    const keys = keysOf(codecs, item);
    const hasDefault = item.modifier === 1;
    const got = hasDefault ? value.type : `${value.type} | undefined`;
    const types = `<[${keys.map(({ type }) => type).join(', ')}], ${value.type}, ${got}>`;
    const list = keys.map(({ codec, hasher }) => `[${codec}, '${hasher}']`).join(', ');
    const fallback = hasDefault ? `, '${toHex(asBytes(item.fallback))}'` : '';
    return (
      `${comment(item.docs, '    ')}    ${lowerFirst(item.name)}: storageItem${types}` +
      `('${storage?.prefix}', '${item.name}', [${list}], ${value.codec}${fallback}),\n`
    );
  });
}

function keysOf(codecs: Codecs, { type }: Item): { type: string; codec: string; hasher: string }[] {
  if (type.tag === 'plain') return [];
  const { hashers, key } = type.value;
  const { def } = codecs.entry(key);
  const ids = hashers.length === 1 ? [key] : def.tag === 'tuple' ? def.value : [];
  return hashers.map(({ tag }, place) => {
    const [hasher, id] = [HASHERS[tag], ids[place]];
    if (hasher === undefined || id === undefined)
      throw new TacitError('sdk/bad-metadata', `a map's key by ${tag} is not known here`);
    return { ...codecs.use(id), hasher };
  });
}

const asBytes = (value: string | Uint8Array): Uint8Array => (typeof value === 'string' ? fromHex(value) : value);

const NUMERIC: Readonly<Record<string, Ty<number | bigint>>> = { u8, u16, u32, u64, u128 } as Record<
  string,
  Ty<number | bigint>
>;

/** Constants that are numbers; the few others are not for clients. */
function constantsOf(codecs: Codecs, { constants }: Pallet): string[] {
  return constants.flatMap(({ name, type, value, docs }) => {
    const { def } = codecs.entry(type);
    const numeric = def.tag === 'primitive' ? NUMERIC[def.value.tag] : undefined;
    if (numeric === undefined) return [];
    const number = decodeAll(numeric, asBytes(value));
    return [`${comment(docs, '    ')}    ${lowerFirst(name)}: ${number}${typeof number === 'bigint' ? 'n' : ''},\n`];
  });
}

function callsOf(codecs: Codecs, { name, calls }: Pallet, outer: string): string[] {
  if (calls === undefined) return [];
  const { def } = codecs.entry(calls);
  if (def.tag !== 'variant') return [];
  const type = codecs.use(calls).type;
  return def.value.map((variant) => {
    const tag = camelCase(variant.name);
    const head = `${comment(variant.docs, '    ')}    ${tag}: `;
    if (variant.fields.length === 0) return `${head}(): ${outer} => ({ tag: '${name}', value: { tag: '${tag}' } }),\n`;
    return `${head}(args: Args<${type}, '${tag}'>): ${outer} => ({ tag: '${name}', value: { tag: '${tag}', value: args } }),\n`;
  });
}
