/**
 * Factors of counts (specification §9.4). The opened total shows what the counts of all items with one factor add up to: a factor counts only among as many
 * holders of items as hide each other.
 */

/** Largest factor that a rule may give. */
export const MAX_FACTOR = 16;

/**
 * The factors with which the counts of accepted items are scored. Beginning with the largest, a factor of items of fewer than `kMin` holders gives way to the next
 * lower one, 1 at last. If then items of a few holders, fewer than `kMin`, have 1, those of the least factor above join them.
 * @param stated of each accepted item, what the state gives it
 * @param holders whose each of them is: by default everyone is a holder of one
 */
export function countedFactors(
  kMin: number,
  stated: readonly number[],
  holders: readonly unknown[] = stated.map((_, item) => item),
): number[] {
  const counted = [...stated];
  const holdersWith = (factor: number): number => new Set(holders.filter((_, item) => counted[item] === factor)).size;
  const replace = (from: number, to: number): void => {
    counted.forEach((factor, place) => {
      if (factor === from) counted[place] = to;
    });
  };
  const descending = [...new Set([...stated, 1])].sort((a, b) => b - a);
  descending.forEach((factor, place) => {
    const next = descending[place + 1];
    if (next !== undefined && holdersWith(factor) < kMin) replace(factor, next);
  });
  const above = Math.min(...counted.filter((factor) => factor > 1));
  if (holdersWith(1) > 0 && holdersWith(1) < kMin && above < Number.POSITIVE_INFINITY) replace(above, 1);
  return counted;
}
