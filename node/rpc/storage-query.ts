/** Storage queries of chainHead_v1_storage and archive_v1_storage: items in, a list of results out. */
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import type { Trie } from '../../primitives/trie/index.ts';
import { invalidParams } from './errors.ts';
import { bytesParam, hexOf, listParam, optional } from './params.ts';

const TYPES = ['value', 'hash', 'closestDescendantMerkleValue', 'descendantsValues', 'descendantsHashes'] as const;

export interface StorageQuery {
  readonly key: Uint8Array;
  readonly type: (typeof TYPES)[number];
  /** Of descendants, only those after this key. */
  readonly after?: Uint8Array | undefined;
}

export interface StorageResult {
  readonly key: string;
  readonly value?: string;
  readonly hash?: string;
  readonly closestDescendantMerkleValue?: string;
}

const MAX_ITEMS = 1024;

/** @param paged whether items may say after which key to go on, as in the archive methods */
export function storageQueriesParam(value: unknown, childTrie: unknown, paged = false): StorageQuery[] {
  if (childTrie !== undefined && childTrie !== null) throw invalidParams('this chain has no child tries');
  return listParam(value, 'the items', MAX_ITEMS, (item) => {
    const { key, type, paginationStartKey } = (item ?? {}) as Record<string, unknown>;
    const known = TYPES.find((name) => name === type);
    if (!known) throw invalidParams(`an item's type is one of ${TYPES.join(', ')}`);
    const after = paged ? optional(paginationStartKey, (start) => bytesParam(start, 'the start key', 1024)) : undefined;
    if (after !== undefined && !known.startsWith('descendants'))
      throw invalidParams('only descendants can go on after a key');
    return { key: bytesParam(key, 'the key', 1024), type: known, after };
  });
}

/** Lazily: whoever consumes decides how much is read at a time. */
export function* queryStorage(state: Trie, queries: readonly StorageQuery[]): IterableIterator<StorageResult> {
  for (const { key, type, after } of queries) {
    switch (type) {
      case 'value':
      case 'hash': {
        const value = state.get(key);
        if (value) yield { key: hexOf(key), [type]: type === 'value' ? hexOf(value) : toHex(blake2b256(value)) };
        break;
      }
      case 'closestDescendantMerkleValue': {
        const merkle = state.closestDescendantMerkleValue(key);
        if (merkle) yield { key: hexOf(key), closestDescendantMerkleValue: hexOf(merkle) };
        break;
      }
      case 'descendantsValues':
        for (const [found, value] of state.entries(key, after)) yield { key: hexOf(found), value: hexOf(value) };
        break;
      case 'descendantsHashes':
        for (const [found, value] of state.entries(key, after))
          yield { key: hexOf(found), hash: toHex(blake2b256(value)) };
        break;
    }
  }
}
