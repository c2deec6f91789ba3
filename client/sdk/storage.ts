/** Storage items of the chain as clients read them: where an entry stands, and what its bytes mean. The generated module declares them. */
import { concatBytes, utf8 } from '../../primitives/crypto/bytes.ts';
import { blake2_128, twox64, twox128 } from '../../primitives/crypto/hash.ts';
import { fromHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { decodeAll, Reader, type Ty } from '../../primitives/scale/index.ts';

/** How a map's key is spread before it is written; the key itself follows the hash. */
export type Hasher = 'blake2_128Concat' | 'twox64Concat' | 'identity';

const hashers: Readonly<Record<Hasher, { readonly length: number; hash(key: Uint8Array): Uint8Array }>> = {
  blake2_128Concat: { length: 16, hash: blake2_128 },
  twox64Concat: { length: 8, hash: twox64 },
  identity: { length: 0, hash: () => new Uint8Array(0) },
};

/** `K` the keys of an entry (none for a single value), `V` its value, `G` what a reader gets: `V`, or undefined too where nothing is the default. */
export interface StorageItem<K extends unknown[], V, G> {
  /** `pallet.item`, for messages. */
  readonly name: string;
  /** The first 32 bytes of every key. */
  readonly prefix: Uint8Array;
  readonly keys: readonly (readonly [Ty<unknown>, Hasher])[];
  readonly value: Ty<V>;
  /** Bytes of what stands where nothing is stored. */
  readonly fallback: Uint8Array | undefined;
  /** Only for the types. */
  readonly types?: { readonly keys: K; readonly got: G };
}

/** The first keys of an entry, in their order. */
export type Leading<K extends unknown[]> = K extends [...infer Head, unknown] ? K | Leading<Head> : [];

export function storageItem<K extends unknown[], V, G>(
  pallet: string,
  item: string,
  keys: { [I in keyof K]: [Ty<K[I]>, Hasher] },
  value: Ty<V>,
  fallback?: string,
): StorageItem<K, V, G> {
  return {
    name: `${pallet}.${item}`,
    prefix: concatBytes(twox128(utf8(pallet)), twox128(utf8(item))),
    keys: keys as unknown as StorageItem<K, V, G>['keys'],
    value,
    fallback: fallback === undefined ? undefined : fromHex(fallback),
  };
}

/** The key of an entry, or what the keys of all entries begin with whose first keys are these. */
export function storageKey<K extends unknown[], V, G>(item: StorageItem<K, V, G>, ...keys: Leading<K>): Uint8Array {
  const parts = (keys as readonly unknown[]).map((key, place) => {
    const [ty, hasher] = item.keys[place] as readonly [Ty<unknown>, Hasher];
    const encoded = ty.codec.enc(key);
    return concatBytes(hashers[hasher].hash(encoded), encoded);
  });
  return concatBytes(item.prefix, ...parts);
}

/** The keys that a full storage key was made from. Throws `scale/...` if it is none of this item. */
export function keysOfEntry<K extends unknown[], V, G>(item: StorageItem<K, V, G>, key: Uint8Array): K {
  const reader = new Reader(key);
  reader.advance(item.prefix.length);
  const keys = item.keys.map(([ty, hasher]) => {
    reader.advance(hashers[hasher].length);
    return ty.read(reader);
  });
  reader.end();
  return keys as K;
}

/** What stored bytes mean, or their absence. Throws `sdk/unexpected-answer` for bytes that are no value of the item. */
export function storedValue<K extends unknown[], V, G>(item: StorageItem<K, V, G>, bytes: Uint8Array | undefined): G {
  const found = bytes ?? item.fallback;
  if (found === undefined) return undefined as G;
  try {
    return decodeAll(item.value, found) as unknown as G;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new TacitError('sdk/unexpected-answer', `${item.name} is not what this client understands: ${why}`);
  }
}
