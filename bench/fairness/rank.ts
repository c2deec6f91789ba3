/** How well one valuation of parties keeps the order of another. */
import { spearman } from '../../client/demo/shapley.ts';

/** Values that differ by less than a billionth of their range are the same: what sums in another order make of equal parties is no order. */
export function settled(values: readonly number[]): number[] {
  const step = (Math.max(...values) - Math.min(...values)) * 1e-9;
  return step === 0 ? [...values] : values.map((value) => Math.round(value / step));
}

/** Kendall's rank correlation with ties (tau-b), in [-1, 1]; 0 if a list is constant. */
export function kendall(left: readonly number[], right: readonly number[]): number {
  let agreed = 0;
  let [pairsLeft, pairsRight] = [0, 0];
  for (let i = 0; i < left.length; i++) {
    for (let j = 0; j < i; j++) {
      const a = Math.sign((left[i] as number) - (left[j] as number));
      const b = Math.sign((right[i] as number) - (right[j] as number));
      agreed += a * b;
      pairsLeft += a * a;
      pairsRight += b * b;
    }
  }
  return pairsLeft === 0 || pairsRight === 0 ? 0 : agreed / Math.sqrt(pairsLeft * pairsRight);
}

export interface Ranks {
  readonly spearman: number;
  readonly kendall: number;
}

export function ranksOf(scores: readonly number[], truth: readonly number[]): Ranks {
  const [a, b] = [settled(scores), settled(truth)];
  return { spearman: spearman(a, b), kendall: kendall(a, b) };
}
