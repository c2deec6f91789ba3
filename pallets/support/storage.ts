import { blake2_128, twox64, twox128 } from '../../primitives/crypto/hash.ts';
import { utf8 } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';
import { type Of, Reader, type Ty, Writer } from '../../primitives/scale/index.ts';
import { pascalCase } from './names.ts';
import { fromLatin1, latin1, type Overlay } from './overlay.ts';

/** How a map's key is spread: hashed first (attackers cannot unbalance the trie), or as it is (keys that are hashes already). */
export type Hasher = 'blake2_128Concat' | 'twox64Concat' | 'identity';

const hashers: Record<Hasher, { length: number; hash: (key: Uint8Array) => string }> = {
  blake2_128Concat: { length: 16, hash: (key) => latin1(blake2_128(key)) },
  twox64Concat: { length: 8, hash: (key) => latin1(twox64(key)) },
  identity: { length: 0, hash: () => '' },
};

export interface AnyStorageDecl {
  readonly keys: readonly { ty: Ty<unknown>; hasher: Hasher }[];
  readonly ty: Ty<unknown>;
  readonly fallback: Uint8Array | undefined;
  readonly docs: string;
}
/** `K` the tuple of keys (empty for a single value), `V` what is put, `G` what `get` gives. */
export interface StorageDecl<K extends unknown[], V, G> extends AnyStorageDecl {
  readonly types?: { keys: K; value: V; got: G };
}
type Docs = { docs: string };

function declare(keys: AnyStorageDecl['keys'], ty: Ty<unknown>, about: Docs & { default?: unknown }): AnyStorageDecl {
  const fallback = about.default === undefined ? undefined : ty.codec.enc(about.default);
  return { keys, ty, fallback, docs: about.docs };
}

/** One value; with a `default`, `get` never gives undefined. */
export function value<V>(ty: Ty<V>, about: Docs & { default: V }): StorageDecl<[], V, V>;
export function value<V>(ty: Ty<V>, about: Docs): StorageDecl<[], V, V | undefined>;
export function value(ty: Ty<unknown>, about: Docs & { default?: unknown }): AnyStorageDecl {
  return declare([], ty, about);
}

type MapKey = Ty<unknown> | readonly Ty<unknown>[];
type KeysOf<K> =
  K extends Ty<infer T> ? [T] : K extends readonly Ty<unknown>[] ? { -readonly [I in keyof K]: Of<K[I]> } : never;
type MapAbout = Docs & { hasher?: Hasher | readonly Hasher[] };

/** A map by one key, or by several given as a list (a double map). The hasher is `blake2_128Concat` unless said otherwise, per key where it differs. */
export function map<const K extends MapKey, V>(
  key: K,
  ty: Ty<V>,
  about: MapAbout & { default: V },
): StorageDecl<KeysOf<K>, V, V>;
export function map<const K extends MapKey, V>(
  key: K,
  ty: Ty<V>,
  about: MapAbout,
): StorageDecl<KeysOf<K>, V, V | undefined>;
export function map(key: MapKey, ty: Ty<unknown>, about: MapAbout & { default?: unknown }): AnyStorageDecl {
  const types: readonly Ty<unknown>[] = 'def' in key ? [key] : key;
  const { hasher = 'blake2_128Concat' } = about;
  const keys = types.map((ty, i) => ({
    ty,
    hasher: typeof hasher === 'string' ? hasher : (hasher[i] ?? 'blake2_128Concat'),
  }));
  return declare(keys, ty, about);
}

/** The 32-byte prefix of a storage item: twox128 of the pallet's name and of the item's. */
export function storagePrefix(pallet: string, item: string): string {
  return latin1(twox128(utf8(pallet))) + latin1(twox128(utf8(item)));
}

/** A storage item's place and form: everything about it that does not need a state. */
export class StorageItem<K extends unknown[], V> {
  readonly prefix: string;
  readonly decl: AnyStorageDecl;

  constructor(pallet: string, name: string, decl: AnyStorageDecl) {
    this.prefix = storagePrefix(pallet, pascalCase(name));
    this.decl = decl;
  }

  /** The key of an entry, or the prefix of those whose first keys are given. */
  key(keys: readonly unknown[]): string {
    let key = this.prefix;
    for (let i = 0; i < keys.length; i++) {
      const part = this.decl.keys[i];
      if (!part) throw new TacitError('state/too-many-keys', 'more keys than the map has');
      const encoded = part.ty.codec.enc(keys[i]);
      key += hashers[part.hasher].hash(encoded) + latin1(encoded);
    }
    return key;
  }

  /** The keys that an entry's full key was made from. */
  keysOf(key: string): K {
    const reader = new Reader(fromLatin1(key));
    reader.advance(32);
    const keys = this.decl.keys.map(({ ty, hasher }) => {
      reader.advance(hashers[hasher].length);
      return ty.read(reader);
    });
    reader.end();
    return keys as K;
  }

  encode(value: V): Uint8Array {
    const writer = new Writer();
    this.decl.ty.write(writer, value);
    return writer.finish();
  }

  decode(bytes: Uint8Array): V {
    return this.decl.ty.codec.dec(bytes) as V;
  }
}

/** A storage item of one state. Values are copies: change them by `put` or `mutate`. */
export class Stored<K extends unknown[], V, G = V | undefined> {
  readonly #item: StorageItem<K, V>;
  readonly #state: Overlay;

  constructor(item: StorageItem<K, V>, state: Overlay) {
    this.#item = item;
    this.#state = state;
  }

  #full(keys: readonly unknown[]): string {
    if (keys.length !== this.#item.decl.keys.length) {
      throw new TacitError('state/wrong-keys', `${keys.length} keys where ${this.#item.decl.keys.length} are wanted`);
    }
    return this.#item.key(keys);
  }

  #decode(bytes: Uint8Array | undefined): G {
    const found = bytes ?? this.#item.decl.fallback;
    return (found === undefined ? undefined : this.#item.decode(found)) as G;
  }

  get(...keys: K): G {
    return this.#decode(this.#state.get(this.#full(keys)));
  }

  has(...keys: K): boolean {
    return this.#state.get(this.#full(keys)) !== undefined;
  }

  /** Keys first, the value last: `put(owner, id, work)`. */
  put(...keysAndValue: [...K, V]): void {
    const keys = keysAndValue.slice(0, -1);
    this.#state.put(this.#full(keys), this.#item.encode(keysAndValue.at(-1) as V));
  }

  remove(...keys: K): void {
    this.#state.remove(this.#full(keys));
  }

  /** Puts what `change` makes of the value that stands; `undefined` removes it. */
  mutate(...keysAndChange: [...K, (found: G) => V | undefined]): void {
    const key = this.#full(keysAndChange.slice(0, -1));
    const change = keysAndChange.at(-1) as (found: G) => V | undefined;
    const next = change(this.#decode(this.#state.get(key)));
    if (next === undefined) this.#state.remove(key);
    else this.#state.put(key, this.#item.encode(next));
  }

  /** Entries in order of their (hashed) keys, all or those under the first keys given; taken at the call, so the state may change meanwhile. */
  *entries(...first: Partial<K>): Generator<[keys: K, value: V]> {
    for (const [key, value] of this.#state.entries(this.#item.key(first))) {
      yield [this.#item.keysOf(key), this.#item.decode(value)];
    }
  }

  /** Removes all entries, or those under the first keys given. */
  clear(...first: Partial<K>): void {
    this.clearSome(Number.POSITIVE_INFINITY, ...first);
  }

  /** Removes entries as {@link clear} does, but no more than `most`. @returns how many */
  clearSome(most: number, ...first: Partial<K>): number {
    const found = this.#state.entries(this.#item.key(first), most);
    for (const [key] of found) this.#state.remove(key);
    return found.length;
  }

  /** The key under which an entry stands in the state. */
  keyOf(...keys: K): Uint8Array {
    return fromLatin1(this.#full(keys));
  }
}
