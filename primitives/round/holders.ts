/**
 * Holders: of the items of one holder the first that passes the checks counts, so that many accounts of one holder get what one gets (specification §9.6, decision 033).
 * Which accounts are one holder an attester says; where the rule asks for none, every account is its own.
 */
import { toHex } from '../crypto/hex.ts';
import type { RoundRule } from './rule.ts';

/** How many holders there are among so many items: what `kMin` counts. */
export function countHolders(holders: readonly Uint8Array[]): number {
  return new Set(holders.map(toHex)).size;
}

/**
 * Of the items that have passed the checks those that count: where accounts have holders, the first of each [with weights of 60 and 7 side by side the aggregate modulo 60 told
 * the update of the one account that had 7, whatever the crowd].
 * @param passed numbers of items, ascending
 */
export function countingItems(
  { holders }: Pick<RoundRule, 'holders'>,
  passed: readonly number[],
  holderOf: (item: number) => Uint8Array,
): number[] {
  if (!holders) return [...passed];
  const seen = new Set<string>();
  return passed.filter((item) => {
    const before = seen.size;
    return seen.add(toHex(holderOf(item))).size > before;
  });
}
