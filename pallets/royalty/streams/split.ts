/**
 * How an amount is divided again and again among the same parties, to the last unit: each has what it is due of all amounts together, rounded down. How often
 * and in which portions it is divided makes no difference to anybody.
 */
import { at } from '../../../primitives/at.ts';
import { sumOf, WHOLE } from '../../../primitives/money.ts';

export interface Split {
  /** Whole units, by party. */
  readonly parts: readonly bigint[];
  /** What each party is due besides, in parts of a unit: as many to a unit as all weights together. */
  readonly carries: readonly bigint[];
}

/**
 * Divides an amount in proportion to weights. What the parts leave, less than a unit a party, is still there next time: carries are whole units in all.
 * @param carries of the last time; a party that has none yet begins with nothing
 */
export function split(amount: bigint, weights: readonly bigint[], carries: readonly bigint[]): Split {
  const all = sumOf(weights);
  if (all === 0n) return { parts: weights.map(() => 0n), carries: weights.map(() => 0n) };
  const due = weights.map((weight, place) => (carries[place] ?? 0n) + amount * weight);
  return { parts: due.map((each) => each / all), carries: due.map((each) => each % all) };
}

/** A party that has a part of the whole, up to a ceiling. */
export interface Claimant {
  readonly bps: number;
  /** The most that it gets in all. */
  readonly ceiling: bigint | undefined;
  /** What it has got so far. */
  readonly paid: bigint;
}

/** Weights of 10,000 in all: first who gets what nobody else does, then the claimants. Nobody is promised what an earlier one has. */
export function claimWeights(claimants: readonly Pick<Claimant, 'bps'>[]): bigint[] {
  let left = WHOLE;
  const weights = claimants.map(({ bps }) => {
    const own = Math.min(bps, left);
    left -= own;
    return BigInt(own);
  });
  return [BigInt(left), ...weights];
}

/** Divides among claimants; `rest` is what they leave: with what is above somebody's ceiling. */
export function splitClaims(
  amount: bigint,
  claimants: readonly Claimant[],
  carries: readonly bigint[],
): { rest: bigint; paid: readonly bigint[]; carries: readonly bigint[] } {
  const divided = split(amount, claimWeights(claimants), carries);
  const [own = 0n, ...parts] = divided.parts;
  const paid = claimants.map(({ ceiling, paid }, place) => {
    const part = at(parts, place);
    const left = ceiling === undefined ? part : ceiling > paid ? ceiling - paid : 0n;
    return part < left ? part : left;
  });
  return { rest: own + sumOf(parts) - sumOf(paid), paid, carries: divided.carries };
}
