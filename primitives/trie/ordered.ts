import { TacitError } from '../errors.ts';
import { Trie } from './trie.ts';

/** Root of the trie of a list: key i is the compact encoding of i (extrinsics roots). State version 1. */
export function orderedRoot(values: readonly Uint8Array[]): Uint8Array {
  const nothing = { get: () => undefined };
  return new Trie(nothing, Trie.emptyRoot).apply(values.map((value, i) => [compactIndex(i), value] as const)).root;
}

function compactIndex(index: number): Uint8Array {
  if (index < 1 << 6) return new Uint8Array([index << 2]);
  if (index < 1 << 14) return new Uint8Array([((index << 2) | 1) & 255, index >> 6]);
  if (index >= 1 << 30) throw new TacitError('trie/list-too-long', 'a list of 2^30 values has no ordered root');
  const word = index * 4 + 2;
  return new Uint8Array([word & 255, (word >>> 8) & 255, (word >>> 16) & 255, word >>> 24]);
}
