/**
 * The digest of the metadata that signers bind themselves to (RFC 78 of the Polkadot fellowship): the root of a tree whose leaves are the types that an extrinsic
 * can be made of, so that a device without memory shows a call by a proof of its few types.
 */
import { blake3 } from '@noble/hashes/blake3.js';
import { metadata as metadataCodec } from '@polkadot-api/substrate-bindings';
import { concatBytes } from '../primitives/crypto/bytes.ts';
import { TacitError } from '../primitives/errors.ts';
import {
  compact,
  enumeration,
  fixed,
  type Of,
  option,
  str,
  struct,
  u8,
  u16,
  u32,
  unit,
  vec,
} from '../primitives/scale/index.ts';

/** What a device shows besides the types. */
export interface ChainFacts {
  readonly specVersion: number;
  readonly specName: string;
  readonly base58Prefix: number;
  readonly decimals: number;
  readonly tokenSymbol: string;
}

const PRIMITIVES = 'bool char str u8 u16 u32 u64 u128 u256 i8 i16 i32 i64 i128 i256'.split(' ');
const COMPACTS = 'compactU8 compactU16 compactU32 compactU64 compactU128 compactU256'.split(' ');
/** A type by its kind; of those that have parts, by its place among all that are described. */
const typeRef = enumeration('', {
  ...Object.fromEntries([...PRIMITIVES, ...COMPACTS, 'void'].map((name) => [name, unit])),
  perId: compact(u32),
});
type TypeRef = { tag: string; value?: unknown };
const fields = vec(struct('', { name: option(str), ty: typeRef, typeName: option(str) }));
const typeDef = enumeration('', {
  composite: fields,
  enumeration: struct('', { name: str, fields, index: compact(u32) }),
  sequence: typeRef,
  array: struct('', { len: u32, typeParam: typeRef }),
  tuple: vec(typeRef),
});
const leaf = struct('', { path: vec(str), typeDef, typeId: compact(u32) });
type Leaf = Of<typeof leaf>;
const extrinsicMetadata = struct('', {
  version: u8,
  addressTy: typeRef,
  callTy: typeRef,
  signatureTy: typeRef,
  signedExtensions: vec(struct('', { identifier: str, includedInExtrinsic: typeRef, includedInSignedData: typeRef })),
});
const facts = { specVersion: u32, specName: str, base58Prefix: u16, decimals: u8, tokenSymbol: str };
const digest = enumeration('', {
  V0: null,
  V1: struct('', { typeInformationTreeRoot: fixed(32), extrinsicMetadataHash: fixed(32), ...facts }),
});

type Decoded = Extract<ReturnType<typeof metadataCodec.dec>['metadata'], { tag: 'v15' }>['value'];
type Lookup = Decoded['lookup'];

function entryOf(lookup: Lookup, id: number): Lookup[number] {
  const entry = lookup[id];
  if (entry === undefined) throw new TacitError('runtime/metadata', `the registry has no type ${id}`);
  return entry;
}

/** The types that a type is made of; undefined of one that has no description of its own. */
function partsOf({ def }: Lookup[number]): number[] | undefined {
  switch (def.tag) {
    case 'composite':
      return def.value.length === 0 ? undefined : def.value.map(({ type }) => type);
    case 'variant':
      return def.value.length === 0 ? undefined : def.value.flatMap((each) => each.fields.map(({ type }) => type));
    case 'tuple':
      return def.value.length === 0 ? undefined : def.value;
    case 'sequence':
      return [def.value];
    case 'array':
      return [def.value.type];
    default:
      return undefined;
  }
}

/** All described types that can be reached from `roots`, by their ids; their places follow the order of the ids. */
function reachable(lookup: Lookup, roots: readonly number[]): Map<number, number> {
  const found = new Set<number>();
  const waiting = [...roots];
  for (let id = waiting.pop(); id !== undefined; id = waiting.pop()) {
    const parts = found.has(id) ? undefined : partsOf(entryOf(lookup, id));
    if (parts === undefined) continue;
    found.add(id);
    waiting.push(...parts);
  }
  return new Map([...found].toSorted((a, b) => a - b).map((id, place) => [id, place]));
}

class Types {
  readonly #lookup: Lookup;
  readonly #places: ReadonlyMap<number, number>;

  constructor(lookup: Lookup, roots: readonly number[]) {
    this.#lookup = lookup;
    this.#places = reachable(lookup, roots);
  }

  ref(id: number): TypeRef {
    const { def } = entryOf(this.#lookup, id);
    if (def.tag === 'primitive') return { tag: def.value.tag };
    if (def.tag === 'compact') return this.#compact(def.value);
    const place = this.#places.get(id);
    return place === undefined ? { tag: 'void' } : { tag: 'perId', value: place };
  }

  /** In the order of their places; a variant is a leaf of its own, in the order of the indexes. */
  leaves(): Leaf[] {
    return [...this.#places].flatMap(([id, typeId]) => {
      const { path, def } = entryOf(this.#lookup, id);
      return this.#defs(def).map((typeDef) => ({ path, typeDef, typeId }) as Leaf);
    });
  }

  /** A compact number may be wrapped in types of one field. */
  #compact(id: number): TypeRef {
    const { def } = entryOf(this.#lookup, id);
    if (def.tag === 'primitive') return { tag: `compact${def.value.tag.toUpperCase()}` };
    const parts = def.tag === 'composite' ? def.value.map(({ type }) => type) : def.tag === 'tuple' ? def.value : [];
    const [only] = parts;
    return only === undefined ? { tag: 'void' } : this.#compact(only);
  }

  #fields(list: readonly { name: string | undefined; typeName: string | undefined; type: number }[]): object[] {
    return list.map(({ name, typeName, type }) => ({ name, typeName, ty: this.ref(type) }));
  }

  #defs(def: Lookup[number]['def']): object[] {
    switch (def.tag) {
      case 'composite':
        return [{ tag: 'composite', value: this.#fields(def.value) }];
      case 'variant':
        return def.value
          .toSorted((a, b) => a.index - b.index)
          .map(({ name, index, fields: list }) => ({
            tag: 'enumeration',
            value: { name, index, fields: this.#fields(list) },
          }));
      case 'sequence':
        return [{ tag: 'sequence', value: this.ref(def.value) }];
      case 'array':
        return [{ tag: 'array', value: { len: def.value.len, typeParam: this.ref(def.value.type) } }];
      case 'tuple':
        return [{ tag: 'tuple', value: def.value.map((part) => this.ref(part)) }];
      default:
        throw new TacitError('runtime/metadata', `types of the kind ${def.tag} have no leaf`);
    }
  }
}

/** The root of a complete binary tree whose last level is filled from the left, the leaves at the end of its array. */
function rootOf(leaves: readonly Uint8Array[]): Uint8Array {
  if (leaves.length === 0) return new Uint8Array(32);
  const inner = leaves.length - 1;
  const nodes = [...Array.from({ length: inner }, () => new Uint8Array()), ...leaves.map((bytes) => blake3(bytes))];
  for (let i = inner - 1; i >= 0; i--) nodes[i] = blake3(concatBytes(nodes[2 * i + 1]!, nodes[2 * i + 2]!));
  return nodes[0]!;
}

/** @param metadata of version 15, as `Metadata_metadata_at_version` gives it (without its length) */
export function metadataHashOf(metadata: Uint8Array, about: ChainFacts): Uint8Array {
  const { metadata: decoded } = metadataCodec.dec(metadata);
  if (decoded.tag !== 'v15') throw new TacitError('runtime/metadata', `${decoded.tag} where v15 is wanted`);
  const { lookup, extrinsic } = decoded.value;
  const { address, call, signature, signedExtensions } = extrinsic;
  const extra = signedExtensions.flatMap(({ type, additionalSigned }) => [type, additionalSigned]);
  const types = new Types(lookup, [call, address, signature, ...extra]);
  const described = {
    version: 4,
    addressTy: types.ref(address),
    callTy: types.ref(call),
    signatureTy: types.ref(signature),
    signedExtensions: signedExtensions.map(({ identifier, type, additionalSigned }) => ({
      identifier,
      includedInExtrinsic: types.ref(type),
      includedInSignedData: types.ref(additionalSigned),
    })),
  } as Of<typeof extrinsicMetadata>;
  const value = {
    typeInformationTreeRoot: rootOf(types.leaves().map((each) => leaf.codec.enc(each))),
    extrinsicMetadataHash: blake3(extrinsicMetadata.codec.enc(described)),
    ...about,
  };
  return blake3(digest.codec.enc({ tag: 'V1', value }));
}
