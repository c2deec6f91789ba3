/** The least an account holds, in units of 10^-6 TAC: what keeps the state free of empty accounts. */
export const EXISTENTIAL_DEPOSIT = 1_000n;

/** Parts of a whole are counted in basis points: 10,000 are all of it. */
export const WHOLE = 10_000;

export const sumOf = (amounts: readonly bigint[]): bigint => amounts.reduce((all, each) => all + each, 0n);

/** The least of amounts, of which there is at least one. */
export const leastOf = (...amounts: readonly bigint[]): bigint => amounts.reduce((a, b) => (a < b ? a : b));

/** The part of `amount` that `bps` basis points are, rounded down. */
export function partOf(amount: bigint, bps: number): bigint {
  return (amount * BigInt(bps)) / BigInt(WHOLE);
}

/**
 * Splits an amount in proportion to weights, to the last unit: each part is rounded down, and the units that are left go to the largest remainders, one each;
 * of equal ones to the first. The parts add up to `amount` if any weight is above zero, and are all zero if none is.
 */
export function largestRemainder(amount: bigint, weights: readonly bigint[]): bigint[] {
  const all = sumOf(weights);
  if (all === 0n) return weights.map(() => 0n);
  const parts = weights.map((weight) => (amount * weight) / all);
  const rests = weights.map((weight, place) => ({ place, rest: (amount * weight) % all }));
  rests.sort((a, b) => (a.rest === b.rest ? a.place - b.place : a.rest > b.rest ? -1 : 1));
  let left = amount - sumOf(parts);
  for (const { place } of rests) {
    if (left === 0n) break;
    parts[place] = (parts[place] ?? 0n) + 1n;
    left -= 1n;
  }
  return parts;
}
