/**
 * Copies share one reward: each item has a weight that falls with the number of items that count as one with it, and the round is that of the weighted updates. With
 * `w_i = floor(60 / count_i)`, `W` the sum of weights and `U = sum w_i*u_i` in place of the plain sum, the score `w_i * <u_i, 2W*g - U> / 60` is the Shapley value of the weighted
 * updates. Copies together are one item, whatever their number. Items of a rule that shares nothing weigh 1 each (specification §9.6, decision 033).
 *
 * ```ts
 * const { weights, total } = copyWeights(holderCounts(holders));
 * const v = noveltyWeights(shapleyWeights(Number(total), direction, aggregate), past, discount, WHOLE_WEIGHT); // score of item i: weights[i] * <u_i, v>
 * ```
 */
import { toHex } from '../crypto/hex.ts';
import { TacitError } from '../errors.ts';
import type { RoundRule } from './rule.ts';

/** Weight of an item that nobody shares with: all of 1 to 6 divide it, so that up to six share without a rest. */
export const WHOLE_WEIGHT = 60n;
/** Likeness is counted in hundredths of the cosine of two items. */
const WHOLE_LIKENESS = 100n;

/** `floor(60 / count)` for an item that is one of `count`: all of them together never weigh more than one alone, and more than half of it up to 60. */
export function copyWeight(count: number): bigint {
  if (!Number.isInteger(count) || count < 1) {
    throw new TacitError('tally/copies-count', 'an item counts at least itself');
  }
  return WHOLE_WEIGHT / BigInt(count);
}

/** Weights of the items of a round, and what they add up to: `W`, which stands in place of the number of items. */
export interface CopyWeights {
  readonly weights: readonly bigint[];
  readonly total: bigint;
}

/** The weight under a rule of an item that nobody shares with, and what the rule's weights are counted in. */
export function wholeOf({ holders }: Pick<RoundRule, 'holders'>): bigint {
  return holders ? WHOLE_WEIGHT : 1n;
}

/** Weights of the accepted items of a round. @param holders whose each of them is: 32 bytes, its account where the rule shares nothing */
export function itemWeights(rule: Pick<RoundRule, 'holders'>, holders: readonly Uint8Array[]): CopyWeights {
  if (rule.holders) return copyWeights(holderCounts(holders.map(toHex)));
  return { weights: holders.map(() => 1n), total: BigInt(holders.length) };
}

/** How many holders there are among so many items: what `kMin` counts. */
export function countHolders(holders: readonly Uint8Array[]): number {
  return new Set(holders.map(toHex)).size;
}

/**
 * Of the items that have passed the checks those that count: where items share, the first of each holder [with weights of 60 and 7 side by side the aggregate modulo 60 told
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

/** Weights of items that count as one with so many each. */
export function copyWeights(counts: readonly number[]): CopyWeights {
  const weights = counts.map(copyWeight);
  return { weights, total: weights.reduce((sum, weight) => sum + weight, 0n) };
}

/** How many items, itself included, name the holder that each names. */
export function holderCounts(holders: readonly string[]): number[] {
  const counts = new Map<string, number>();
  for (const holder of holders) counts.set(holder, (counts.get(holder) ?? 0) + 1);
  return holders.map((holder) => counts.get(holder) as number);
}

/**
 * How many items, itself included, are like each: the cosine is above zero and at least `likeness` hundredths. Of likeness nothing follows for a third item, so that nobody can put
 * two others together by an item between them.
 * @param products symmetric matrix of inner products `<u_i, u_j>`, exact or of sketches
 * @param likeness hundredths, 1 to 100
 * @throws `tally/copies-likeness`; `tally/copies-matrix` if the matrix is not square, symmetric, or has a negative square
 */
export function likenessCounts(products: readonly (readonly bigint[])[], likeness: number): number[] {
  if (!Number.isInteger(likeness) || likeness < 1 || BigInt(likeness) > WHOLE_LIKENESS) {
    throw new TacitError('tally/copies-likeness', 'likeness is a whole number of hundredths, 1 to 100');
  }
  const isGram = products.every(
    (row, i) => (row[i] as bigint) >= 0n && row.every((entry, j) => products[j]?.[i] === entry),
  );
  if (!isGram) throw new TacitError('tally/copies-matrix', 'these are not the inner products of one list of items');
  const least = BigInt(likeness) ** 2n;
  return products.map(
    (row, i) =>
      row.filter((entry, j) => {
        const squares = (row[i] as bigint) * (products[j]?.[j] as bigint);
        return i === j || (entry > 0n && entry * entry * WHOLE_LIKENESS ** 2n >= least * squares);
      }).length,
  );
}
