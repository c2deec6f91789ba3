/** The state of a block that is final, read by proofs against its header: of every key that is asked for, absence included. */
import { toHex } from '../../../primitives/crypto/hex.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { readProof, type ProvenReader } from '../../../primitives/trie/index.ts';
import { keysOfEntry, type Leading, type StorageItem, storageKey, storedValue } from '../storage.ts';
import { refused } from './errors.ts';
import type { FinalBlock } from './finality.ts';
import type { NodeRpc } from './rpc.ts';

/** Keys of one request for a proof, and of one page of names: below what nodes take. */
const KEYS_AT_ONCE = 128;
const PAGE = 1000;
/** Most entries that are listed under one prefix, and what their proofs may weigh together. */
const MAX_LISTED = 100_000;
const MAX_LIST_BYTES = 256 << 20;

/** The state of one block. */
export interface State {
  readonly block: { readonly number: number; readonly hash: string };
  /** The value of an entry; what stands by default, or undefined, where nothing is stored. */
  get<K extends unknown[], V, G>(item: StorageItem<K, V, G>, ...keys: K): Promise<G>;
  /** Several entries of one item, by as few requests as they fit. */
  getMany<K extends unknown[], V, G>(item: StorageItem<K, V, G>, list: readonly K[]): Promise<G[]>;
  /** The keys of all entries whose first keys are these: none can be left out. */
  keys<K extends unknown[], V, G>(item: StorageItem<K, V, G>, ...leading: Leading<K>): Promise<K[]>;
  /** The entries themselves, likewise. */
  entries<K extends unknown[], V, G>(item: StorageItem<K, V, G>, ...leading: Leading<K>): Promise<[K, V][]>;
  /** A value by its raw key. */
  raw(key: Uint8Array): Promise<Uint8Array | undefined>;
}

/** Reads of `block` that the node `rpc` speaks for has to prove. Throws `light/incomplete-proof`, `light/bad-answer`, `light/too-many-keys`. */
export function provenState(rpc: NodeRpc, block: FinalBlock): State {
  const read = async <T>(keys: readonly Uint8Array[], use: (state: ProvenReader) => T): Promise<T> => {
    const nodes = await rpc.readProof(keys.map(toHex), block.hash);
    return proven(block, () => use(readProof(block.header.stateRoot, nodes)));
  };
  const getMany = async <K extends unknown[], V, G>(item: StorageItem<K, V, G>, list: readonly K[]): Promise<G[]> => {
    const keys = list.map((of) => storageKey(item, ...(of as Leading<K>)));
    const found: G[] = [];
    for (let at = 0; at < keys.length; at += KEYS_AT_ONCE) {
      const some = keys.slice(at, at + KEYS_AT_ONCE);
      found.push(...(await read(some, (state) => some.map((key) => storedValue(item, state.get(key))))));
    }
    return found;
  };
  return {
    block: { number: block.number, hash: block.hash },
    getMany,
    raw: (key) => read([key], (state) => state.get(key)),
    get: async (item, ...keys) => {
      const key = storageKey(item, ...(keys as never));
      return read([key], (state) => storedValue(item, state.get(key)));
    },
    keys: async (item, ...leading) => {
      const under = storageKey(item, ...leading);
      return listed(rpc, block, under, (state) => state.keys(under).map((key) => keysOfEntry(item, key)));
    },
    entries: async <K extends unknown[], V, G>(item: StorageItem<K, V, G>, ...leading: Leading<K>) => {
      const under = storageKey(item, ...leading);
      const entry = (state: ProvenReader, key: Uint8Array): [K, V] => [
        keysOfEntry(item, key),
        storedValue(item, state.get(key)) as unknown as V,
      ];
      return listed(rpc, block, under, (state) => state.keys(under).map((key) => entry(state, key)));
    },
  };
}

/** All that stands under a prefix: the node names the keys, and the proof of those it names shows whether they are all. */
async function listed<T>(
  rpc: NodeRpc,
  block: FinalBlock,
  prefix: Uint8Array,
  use: (state: ProvenReader) => T,
): Promise<T> {
  const named: string[] = [];
  for (;;) {
    const page = await rpc.keysPage(toHex(prefix), PAGE, named.at(-1) ?? '0x', block.hash);
    named.push(...page);
    if (named.length > MAX_LISTED)
      throw refused('too-many-keys', `more than ${MAX_LISTED} entries are listed under one prefix`);
    if (page.length < PAGE) break;
  }
  const nodes: Uint8Array[] = [];
  let size = 0;
  const asked = [toHex(prefix), ...named];
  for (let at = 0; at < asked.length; at += KEYS_AT_ONCE) {
    for (const node of await rpc.readProof(asked.slice(at, at + KEYS_AT_ONCE), block.hash)) {
      nodes.push(node);
      size += node.length;
    }
    if (size > MAX_LIST_BYTES) throw refused('bad-answer', `the proof of a list has more than ${MAX_LIST_BYTES} bytes`);
  }
  const limits = { nodes: 20 * MAX_LISTED, bytes: MAX_LIST_BYTES };
  return proven(block, () => use(readProof(block.header.stateRoot, nodes, limits)));
}

function proven<T>(block: FinalBlock, use: () => T): T {
  try {
    return use();
  } catch (error) {
    if (!isTacitError(error) || !error.code.startsWith('trie/')) throw error;
    const { number, hash } = block;
    throw refused('incomplete-proof', `the node does not prove what it says of block ${number}: ${error.message}`, {
      hash,
    });
  }
}
