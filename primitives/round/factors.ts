/**
 * Factors of counts (specification §9.4). The opened total shows what the counts of all items with one factor add up to: a factor counts only among as many
 * items as hide each other.
 */

/** Largest factor that a rule may give. */
export const MAX_FACTOR = 16;

/**
 * The factors with which the counts of accepted items are scored. Beginning with the largest, a factor of fewer than `kMin` items gives way to the next
 * lower one, 1 at last. If then a few items, fewer than `kMin`, have 1, those of the least factor above join them.
 * @param stated of each accepted item, what the state gives it: where accounts have holders, one of each (`countingItems`)
 */
export function countedFactors(kMin: number, stated: readonly number[]): number[] {
  const counted = [...stated];
  const countWith = (factor: number): number => counted.filter((one) => one === factor).length;
  const replace = (from: number, to: number): void => {
    counted.forEach((factor, place) => {
      if (factor === from) counted[place] = to;
    });
  };
  const descending = [...new Set([...stated, 1])].sort((a, b) => b - a);
  descending.forEach((factor, place) => {
    const next = descending[place + 1];
    if (next !== undefined && countWith(factor) < kMin) replace(factor, next);
  });
  const above = Math.min(...counted.filter((factor) => factor > 1));
  if (countWith(1) > 0 && countWith(1) < kMin && above < Number.POSITIVE_INFINITY) replace(above, 1);
  return counted;
}
