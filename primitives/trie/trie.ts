import { sameBytes } from '../crypto/bytes.ts';
import { blake2b256 } from '../crypto/hash.ts';
import { toHex } from '../crypto/hex.ts';
import { TacitError } from '../errors.ts';
import { commonLength, fromNibbles, joinNibbles, type Nibbles, toNibbles } from './nibbles.ts';
import {
  type Child,
  decodeNode,
  EMPTY_ROOT,
  encodeNode,
  HASH_LENGTH,
  hasValue,
  INLINE_VALUE_LIMIT,
  isHash,
  merkleValue,
  type TrieNode,
} from './node.ts';

/** Where nodes and large values are found by their blake2b-256 hash. Synchronous, since execution is. */
export interface NodeStore {
  get(hash: Uint8Array): Uint8Array | undefined;
}

/** A change of one key: its new value, or null to delete it. */
export type Change = readonly [key: Uint8Array, value: Uint8Array | null];

export interface Applied {
  readonly root: Uint8Array;
  /** What to add to the node store, by hash in hex. */
  readonly inserted: Map<string, Uint8Array>;
  /** The changed trie. It holds every inserted node, so it can be read before they are stored. */
  readonly trie: Trie;
}

/** A trie's share in the nodes already in memory. */
interface Memory {
  top: TrieNode | undefined;
  /** Nodes loaded or made by all the tries that came from one another. */
  readonly nodes: { count: number };
}

/**
 * A base-16 Patricia Merkle trie, state version 1. Tries are values: {@link apply} leaves this one as it is and gives
 * the changed one, which shares the unchanged nodes. Nodes are loaded when first read and then stay in memory.
 *
 * @example
 * const { root, inserted } = new Trie(store, Trie.emptyRoot).apply([[key, value]]);
 */
export class Trie {
  static readonly emptyRoot: Uint8Array = EMPTY_ROOT;

  readonly root: Uint8Array;
  readonly #store: NodeStore;
  readonly #memory: Memory;

  /** @param memory only for tries made by {@link apply} */
  constructor(store: NodeStore, root: Uint8Array, memory: Memory = { top: undefined, nodes: { count: 0 } }) {
    this.root = root;
    this.#store = store;
    this.#memory = memory;
  }

  /**
   * Nodes that this trie and those it came from have loaded or made: a bound of what they keep in memory. Beyond some
   * number the caller opens the trie afresh by its root.
   */
  get residents(): number {
    return this.#memory.nodes.count;
  }

  get(key: Uint8Array): Uint8Array | undefined {
    const nibbles = toNibbles(key);
    let node = this.#top();
    // A plain loop instead of #descend: this is what execution does most.
    for (let offset = 0; node; offset++) {
      if (commonLength(node.path, nibbles, offset) !== node.path.length) return undefined;
      offset += node.path.length;
      if (offset === nibbles.length) return this.#valueOf(node);
      node = this.#child(node, nibbles[offset]!);
    }
    return undefined;
  }

  /** The trie with `changes` made in their order. */
  apply(changes: Iterable<Change>): Applied {
    let top = this.#top();
    for (const [key, value] of changes) {
      const nibbles = toNibbles(key);
      top = value === null ? top && this.#remove(top, nibbles, 0) : this.#insert(top, nibbles, 0, value);
    }
    const inserted = new Map<string, Uint8Array>();
    const root = top ? rootHash(top, inserted) : EMPTY_ROOT;
    this.#memory.nodes.count += inserted.size;
    return { root, inserted, trie: new Trie(this.#store, root, { top, nodes: this.#memory.nodes }) };
  }

  /** All entries whose key starts with `prefix`, in key order, those after `startAfter` if it is given. */
  *entries(prefix: Uint8Array, startAfter?: Uint8Array): IterableIterator<[Uint8Array, Uint8Array]> {
    for (const [key, node] of this.#walk(prefix, startAfter)) yield [key, this.#valueOf(node)!];
  }

  /** The keys of {@link entries}, without loading the values. */
  *keys(prefix: Uint8Array, startAfter?: Uint8Array): IterableIterator<Uint8Array> {
    for (const [key] of this.#walk(prefix, startAfter)) yield key;
  }

  /** Nodes and large values that prove, against {@link root}, what stands under each of `keys` (or that nothing does). */
  proof(keys: Iterable<Uint8Array>): Uint8Array[] {
    const top = this.#top();
    if (!top) return [encodeEmpty()];
    const proof = new Map<string, Uint8Array>();
    const add = (bytes: Uint8Array): unknown => proof.set(toHex(blake2b256(bytes)), bytes);
    add(encodeNode(top));
    for (const key of keys) {
      const nibbles = toNibbles(key);
      for (const { node, end, agrees } of this.#descend(nibbles)) {
        const encoded = encodeNode(node);
        if (encoded.length >= HASH_LENGTH) add(encoded);
        if (!agrees || end !== nibbles.length) continue;
        const value = this.#valueOf(node);
        if (value && value.length > INLINE_VALUE_LIMIT) add(value);
      }
    }
    return [...proof.values()];
  }

  /** Merkle value of the node nearest to `prefix` among those at or below it; undefined if no key starts with it. */
  closestDescendantMerkleValue(prefix: Uint8Array): Uint8Array | undefined {
    const nibbles = toNibbles(prefix);
    for (const { node, end, agrees } of this.#descend(nibbles)) {
      if (agrees && end >= nibbles.length) return node === this.#memory.top ? this.root : merkleValue(node);
    }
    return undefined;
  }

  /**
   * The nodes on the way to `key`, from the top. `end` is the length of the node's full path; `agrees` is false when that
   * path leaves the key, which only the last node's can.
   */
  *#descend(key: Nibbles): IterableIterator<{ node: TrieNode; end: number; agrees: boolean }> {
    let node = this.#top();
    let offset = 0;
    while (node) {
      const common = commonLength(node.path, key, offset);
      const end = offset + node.path.length;
      const agrees = common === node.path.length || offset + common === key.length;
      yield { node, end, agrees };
      if (common !== node.path.length || end >= key.length) return;
      node = this.#child(node, key[end]!);
      offset = end + 1;
    }
  }

  *#walk(prefix: Uint8Array, startAfter?: Uint8Array): IterableIterator<[Uint8Array, TrieNode]> {
    const within = toNibbles(prefix);
    const after = startAfter && toNibbles(startAfter);
    const top = this.#top();
    if (!top) return;
    const pending: { node: TrieNode; path: Nibbles }[] = [{ node: top, path: top.path }];
    for (let next = pending.pop(); next; next = pending.pop()) {
      const { node, path } = next;
      if (!compatible(path, within)) continue;
      // A path that differs from `after` and is smaller has its whole subtree before it.
      if (after && !compatible(path, after) && compareNibbles(path, after) < 0) continue;
      for (let i = 15; i >= 0 && node.children; i--) {
        if (!node.children[i] || (path.length < within.length && within[path.length] !== i)) continue;
        if (after && compatible(path, after) && path.length < after.length && i < after[path.length]!) continue;
        const child = this.#child(node, i)!;
        pending.push({ node: child, path: joinNibbles(path, i, child.path) });
      }
      const inRange = path.length >= within.length && (!after || compareNibbles(path, after) > 0);
      if (inRange && hasValue(node)) yield [fromNibbles(path), node];
    }
  }

  #top(): TrieNode | undefined {
    if (!this.#memory.top && !sameBytes(this.root, EMPTY_ROOT)) this.#memory.top = this.#load(this.root);
    return this.#memory.top;
  }

  #load(hash: Uint8Array): TrieNode {
    const bytes = this.#fetch(hash);
    const node = decodeNode(bytes);
    node.merkle = bytes.length < HASH_LENGTH ? bytes : hash;
    this.#memory.nodes.count++;
    return node;
  }

  #fetch(hash: Uint8Array): Uint8Array {
    const bytes = this.#store.get(hash);
    if (!bytes) throw new TacitError('trie/missing-node', 'a trie node is not in the store', { hash: toHex(hash) });
    return bytes;
  }

  #child(node: TrieNode, index: number): TrieNode | undefined {
    const child = node.children?.[index];
    if (!child || !isHash(child)) return child;
    const loaded = this.#load(child);
    node.children![index] = loaded;
    return loaded;
  }

  #valueOf(node: TrieNode): Uint8Array | undefined {
    if (!node.value && node.valueHash) node.value = this.#fetch(node.valueHash);
    return node.value;
  }

  #insert(node: TrieNode | undefined, key: Nibbles, offset: number, value: Uint8Array): TrieNode {
    if (!node) return leaf(key.slice(offset), value);
    const common = commonLength(node.path, key, offset);
    const end = offset + common;
    if (common === node.path.length) {
      if (end === key.length) return { ...node, value, valueHash: undefined, merkle: undefined };
      const children: Child[] = node.children?.slice() ?? noChildren();
      children[key[end]!] = this.#insert(this.#child(node, key[end]!), key, end + 1, value);
      return { ...node, children, merkle: undefined };
    }
    // The key leaves the node's path: a new branch takes the common part.
    const children = noChildren();
    children[node.path[common]!] = { ...node, path: node.path.slice(common + 1), merkle: undefined };
    const branch = { path: node.path.slice(0, common), valueHash: undefined, children, merkle: undefined };
    if (end === key.length) return { ...branch, value };
    children[key[end]!] = leaf(key.slice(end + 1), value);
    return { ...branch, value: undefined };
  }

  /** The node without `key`; the same node if the key is not there. */
  #remove(node: TrieNode, key: Nibbles, offset: number): TrieNode | undefined {
    const common = commonLength(node.path, key, offset);
    if (common !== node.path.length) return node;
    const end = offset + common;
    if (end === key.length) {
      if (!hasValue(node)) return node;
      return this.#contract({ ...node, value: undefined, valueHash: undefined, merkle: undefined });
    }
    const child = this.#child(node, key[end]!);
    if (!child) return node;
    const changed = this.#remove(child, key, end + 1);
    if (changed === child) return node;
    const children = node.children!.slice();
    children[key[end]!] = changed;
    return this.#contract({ ...node, children, merkle: undefined });
  }

  /** Restores the shape after a removal: no node without value and fewer than two children. */
  #contract(node: TrieNode): TrieNode | undefined {
    const used: number[] = [];
    for (let i = 0; i < 16; i++) if (node.children?.[i]) used.push(i);
    if (used.length === 0) return hasValue(node) ? { ...node, children: undefined } : undefined;
    if (used.length > 1 || hasValue(node)) return node;
    const only = this.#child(node, used[0]!)!;
    return { ...only, path: joinNibbles(node.path, used[0]!, only.path), merkle: undefined };
  }
}

/** A store of the nodes of a proof: `new Trie(proofStore(proof), root).get(key)` checks and reads it. */
export function proofStore(proof: Iterable<Uint8Array>): NodeStore {
  const nodes = new Map<string, Uint8Array>();
  for (const bytes of proof) nodes.set(toHex(blake2b256(bytes)), bytes);
  return { get: (hash) => nodes.get(toHex(hash)) };
}

function rootHash(top: TrieNode, inserted: Map<string, Uint8Array>): Uint8Array {
  const sink = (hash: Uint8Array, bytes: Uint8Array): unknown => inserted.set(toHex(hash), bytes);
  const merkle = merkleValue(top, sink);
  if (merkle.length === HASH_LENGTH) return merkle;
  // The root is named by a hash even if its encoding would fit inline.
  const hash = blake2b256(merkle);
  sink(hash, merkle);
  return hash;
}

const encodeEmpty = (): Uint8Array => new Uint8Array([0]);
const noChildren = (): Child[] => Array.from<Child>({ length: 16 });
const leaf = (path: Nibbles, value: Uint8Array): TrieNode => ({
  path,
  value,
  valueHash: undefined,
  children: undefined,
  merkle: undefined,
});

/** Whether one of the two is a prefix of the other. */
function compatible(a: Nibbles, b: Nibbles): boolean {
  return commonLength(a, b, 0) === Math.min(a.length, b.length);
}

function compareNibbles(a: Nibbles, b: Nibbles): number {
  const common = commonLength(a, b, 0);
  return (a[common] ?? -1) - (b[common] ?? -1);
}
