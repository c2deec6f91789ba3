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
  /** Whose data each party's update was made from: parties of one holder share one reward. Without them nothing is shared. */
  readonly holders?: readonly string[] | undefined;
}

/** A vector of fractions with one denominator above zero. */
interface Fractions {
  readonly entries: readonly bigint[];
  readonly over: bigint;
}

/** What a party weighs that shares with nobody, where parties may share. */
const SIXTY = 60n;

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

/** Weights of one part: `v` less a discount of what of it lies in the span of the past, in units of so much, rounded. */
function newWeights(
  v: readonly bigint[],
  past: readonly (readonly bigint[])[],
  { discount, whole }: { readonly discount: number; readonly whole: bigint },
): bigint[] {
  const directions: bigint[][] = [];
  for (const vector of past) {
    const { entries } = rest({ entries: vector, over: 1n }, directions);
    if (entries.some((x) => x !== 0n)) directions.push([...entries]);
  }
  const { entries, over } = rest({ entries: v, over: 1n }, directions);
  // v - discount*(v - rest) = (1 - discount)*v + discount*rest
  const part = BigInt(discount);
  return v.map((x, j) => rounded((100n - part) * x * over + part * (entries[j] as bigint), 100n * over * whole));
}

/**
 * Score of every party: `w_i * sum over parts <u_i, v'>` with `v = 2W*g - sum w_i*u_i` and `v'` what is new in it. With holders `w_i = floor(60 / parties of its holder)`, and scores are
 * in sixtieths of `n^2 * phi`; without them every weight is 1.
 * @param updates `[party][part]`
 * @param direction `[part]`, `g`
 */
export function noveltyScores(
  updates: readonly (readonly Int8Array[])[],
  direction: readonly Int8Array[],
  { past, discount, holders }: NoveltyTerms,
): bigint[] {
  const whole = holders === undefined ? 1n : SIXTY;
  const weights = updates.map((_, i) => {
    const alike = holders?.filter((other) => other === holders[i]).length ?? 1;
    return whole / BigInt(alike);
  });
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  const scores = updates.map(() => 0n);
  direction.forEach((g, part) => {
    const v = big(g).map((x, j) => {
      const summed = updates.reduce(
        (sum, parts, i) => sum + (weights[i] as bigint) * BigInt(parts[part]?.[j] as number),
        0n,
      );
      return 2n * total * x - summed;
    });
    const news = newWeights(
      v,
      past.map((parts) => big(parts[part] as Int32Array)),
      { discount, whole },
    );
    updates.forEach((parts, i) => {
      scores[i] = (scores[i] as bigint) + (weights[i] as bigint) * dot(big(parts[part] as Int8Array), news);
    });
  });
  return scores;
}
