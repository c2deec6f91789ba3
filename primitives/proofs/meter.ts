/**
 * A meter (§5.11): counts of uses, each against a public bound, with one bit for each that says whether the bound is reached. A count `u` with bound `b` stands in
 * the vector as `q, 1 - q, r, s` with `u = b q + r`, all of them digits and so none below zero:
 *
 *     q + q' = 1                      q is 0 or 1
 *     r + s  = b - 1 + (16^d - b) q   for q = 0: r < b, the bound is not reached; for q = 1 any r
 *     sum of b q + r over all counts = the public total
 *
 * All are linear, so the check takes them together with random weights. A count cannot be written with the wrong `q`.
 */
import { TacitError } from '../errors.ts';
import { DIGIT_BASE, type LaneSpec, METER_VALUES } from './lane.ts';

const limitOf = ({ digits }: LaneSpec): bigint => BigInt(DIGIT_BASE) ** BigInt(digits);
const boundsOf = ({ bounds = [] }: LaneSpec): readonly bigint[] => bounds;

/** Refuses bounds that no vector of the lane could be held to. Code `proofs/bad-lane`. */
export function checkMeter(spec: LaneSpec): void {
  const bounds = boundsOf(spec);
  const limit = limitOf(spec);
  const fit = bounds.every((bound) => bound >= 1n && bound < limit);
  const { total, values, offset } = spec;
  if (fit && total !== undefined && total < limit && values === METER_VALUES * bounds.length && offset === 0) return;
  throw new TacitError('proofs/bad-lane', 'bounds, total or values are none of a meter', { values });
}

/** The vector of as many counts as the lane has bounds: all `q`, then all `1 - q`, all `r`, all `s`. Code `proofs/value-count`. */
export function meterVector(spec: LaneSpec, counts: ArrayLike<number>): number[] {
  const bounds = boundsOf(spec);
  if (counts.length !== bounds.length) {
    throw new TacitError('proofs/value-count', 'a meter has one count for each bound', { want: bounds.length });
  }
  const limit = Number(limitOf(spec));
  const rows = bounds.map(Number).map((bound, i) => {
    const count = counts[i] as number;
    const q = count >= bound ? 1 : 0;
    const r = count - q * bound;
    return [q, 1 - q, r, (q === 1 ? limit : bound) - 1 - r];
  });
  return Array.from({ length: METER_VALUES }, (_, place) => rows.map((row) => row[place] as number)).flat();
}

/** One equation: coefficients of values by their place, and what they add up to. */
interface Equation {
  readonly terms: readonly (readonly [place: number, coefficient: bigint])[];
  readonly right: bigint;
}

/** The equations that the values of a meter meet, over the integers. */
export function equationsOf(spec: LaneSpec): Equation[] {
  const bounds = boundsOf(spec);
  const [k, limit] = [bounds.length, limitOf(spec)];
  const own = bounds.flatMap((bound, g): Equation[] => [
    {
      terms: [
        [g, 1n],
        [k + g, 1n],
      ],
      right: 1n,
    },
    {
      terms: [
        [2 * k + g, 1n],
        [3 * k + g, 1n],
        [g, bound - limit],
      ],
      right: bound - 1n,
    },
  ]);
  const all = bounds.flatMap((bound, g): [number, bigint][] => [
    [g, bound],
    [2 * k + g, 1n],
  ]);
  return [...own, { terms: all, right: spec.total ?? 0n }];
}

/** Whether values meet every equation of the meter. */
export function meets(spec: LaneSpec, values: ArrayLike<number>): boolean {
  return equationsOf(spec).every(({ terms, right }) => {
    return terms.reduce((sum, [place, by]) => sum + by * BigInt(values[place] as number), 0n) === right;
  });
}
