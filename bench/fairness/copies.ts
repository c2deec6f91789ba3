/** Weights of items that count as one with others, by their holder or by likeness: what the study compares with the chain's rule, by which one item of each holder counts. */
import { TacitError } from '../../primitives/errors.ts';

/** All of 1 to 6 divide it, so that up to six share without a rest. */
const SIXTY = 60;
/** Likeness is counted in hundredths of the cosine of two items. */
const WHOLE_LIKENESS = 100n;

/** Weight of an item that is one of `count`, in whole sixtieths: all of them together never weigh more than 1, and more than half of it up to 60. */
export function copyWeight(count: number): number {
  if (!Number.isInteger(count) || count < 1) {
    throw new TacitError('fairness/copies-count', 'an item counts at least itself');
  }
  return Math.floor(SIXTY / count) / SIXTY;
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
 * @throws `fairness/copies-likeness`; `fairness/copies-matrix` if the matrix is not square, symmetric, or has a negative square
 */
export function likenessCounts(products: readonly (readonly bigint[])[], likeness: number): number[] {
  if (!Number.isInteger(likeness) || likeness < 1 || BigInt(likeness) > WHOLE_LIKENESS) {
    throw new TacitError('fairness/copies-likeness', 'likeness is a whole number of hundredths, 1 to 100');
  }
  const isGram = products.every(
    (row, i) => (row[i] as bigint) >= 0n && row.every((entry, j) => products[j]?.[i] === entry),
  );
  if (!isGram) throw new TacitError('fairness/copies-matrix', 'these are not the inner products of one list of items');
  const least = BigInt(likeness) ** 2n;
  return products.map(
    (row, i) =>
      row.filter((entry, j) => {
        const squares = (row[i] as bigint) * (products[j]?.[j] as bigint);
        return i === j || (entry > 0n && entry * entry * WHOLE_LIKENESS ** 2n >= least * squares);
      }).length,
  );
}
