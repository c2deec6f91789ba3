/**
 * The plain closed form of scores that pay for what is new and not for what is many (docs/fairness.md), on updates in the clear: what the encrypted scores of such a rule must equal to the
 * last unit. Written from the definition and not from primitives/round: Gram and Schmidt with fractions of whole numbers.
 */

/** What of a rule the scores depend on besides direction and updates. */
export interface NoveltyTerms {
  /** `[aggregate][part]`: opened before, the last first. */
  readonly past: readonly (readonly Int32Array[])[];
  /** Hundredths of the projection on them that are taken out of the weights. */
  readonly discount: number;
  /** Whose data each party's update was made from: of each holder's the first counts, the others score nothing. Without them all count. */
  readonly holders?: readonly string[] | undefined;
}

/** A vector of fractions with one denominator above zero. */
interface Fractions {
  readonly entries: readonly bigint[];
  readonly over: bigint;
}

const dot = (left: readonly bigint[], right: readonly bigint[]): bigint =>
  left.reduce((sum, x, j) => sum + x * (right[j] as bigint), 0n);

const big = (vector: ArrayLike<number>): bigint[] => Array.from(vector, BigInt);

/** What is left of a vector at right angles to others, which are so among themselves. */
function rest({ entries, over }: Fractions, others: readonly (readonly bigint[])[]): Fractions {
  return others.reduce<Fractions>(
    (left, other) => {
      const square = dot(other, other);
      const product = dot(left.entries, other);
      return {
        entries: left.entries.map((x, j) => x * square - product * (other[j] as bigint)),
        over: left.over * square,
      };
    },
    { entries, over },
  );
}

/** The nearest whole number, halves up. */
function rounded(numerator: bigint, denominator: bigint): bigint {
  const [top, bottom] = [2n * numerator + denominator, 2n * denominator];
  const remainder = ((top % bottom) + bottom) % bottom;
  return (top - remainder) / bottom;
}

/** Weights of one part: `v` less a discount of what of it lies in the span of the past, rounded. */
function newWeights(v: readonly bigint[], past: readonly (readonly bigint[])[], discount: number): bigint[] {
  const directions: bigint[][] = [];
  for (const vector of past) {
    const { entries } = rest({ entries: vector, over: 1n }, directions);
    if (entries.some((x) => x !== 0n)) directions.push([...entries]);
  }
  const { entries, over } = rest({ entries: v, over: 1n }, directions);
  // v - discount*(v - rest) = (1 - discount)*v + discount*rest
  const part = BigInt(discount);
  return v.map((x, j) => rounded((100n - part) * x * over + part * (entries[j] as bigint), 100n * over));
}

/**
 * Score of every party that counts: `sum over parts <u_i, v'>` with `v = 2n*g - sum u_i` over those `n` that count, and `v'` what is new in it. What does not count scores 0.
 * @param updates `[party][part]`
 * @param direction `[part]`, `g`
 */
export function noveltyScores(
  updates: readonly (readonly Int8Array[])[],
  direction: readonly Int8Array[],
  { past, discount, holders }: NoveltyTerms,
): bigint[] {
  const counts = updates.map((_, i) => holders === undefined || holders.indexOf(holders[i] as string) === i);
  const counting = updates.filter((_, i) => counts[i]);
  const scores = updates.map(() => 0n);
  direction.forEach((g, part) => {
    const v = big(g).map((x, j) => {
      const summed = counting.reduce((sum, parts) => sum + BigInt(parts[part]?.[j] as number), 0n);
      return 2n * BigInt(counting.length) * x - summed;
    });
    const news = newWeights(
      v,
      past.map((parts) => big(parts[part] as Int32Array)),
      discount,
    );
    updates.forEach((parts, i) => {
      if (counts[i]) scores[i] = (scores[i] as bigint) + dot(big(parts[part] as Int8Array), news);
    });
  });
  return scores;
}
