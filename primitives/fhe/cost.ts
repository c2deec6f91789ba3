/**
 * What the check of a round's submissions costs one member, from public parameters alone. It bounds work, it does not time it: deadlines and the rounds that are refused follow
 * from it, so it is a rule of the chain.
 *
 * Figures are microseconds of one core as measured on the machine of docs/figures.md, of a member who comes after the close and has prepared nothing; the rule counts
 * {@link MARGIN} times as much. `npm run checks` measures them anew and puts both beside each other.
 */
import type { FheParams } from './params.ts';
import { subsetsWith } from './params.ts';

/** Submissions of one lane. */
export interface CheckedLane {
  /** Submissions there may be. */
  readonly count: number;
  /** Values of each, and base-16 digits per value. */
  readonly values: number;
  readonly digits: number;
}

export interface CheckWork {
  readonly lanes: readonly CheckedLane[];
  /** Enrolments whose masks are checked. */
  readonly items: number;
}

/** How much slower a member may be than the machine of the figures. */
export const MARGIN = 2;

/** What payloads of a lane have in common: functionals, weights. */
const LANE = 17_000;
/** Opening of the seal, form, hashes, shares of the check: per payload, per subset of the committee, per digit. */
const PAYLOAD = { each: 4_000, subset: 70, digit: 0.2 } as const;
/** A seed's box and what it expands to: per subset of the member. */
const SEED = { each: 270, digit: 0.019 } as const;
/** The masks of an enrolment: per item, and per seed, one a subset of the member. */
const ENROLMENT = { each: 150, seed: 100 } as const;

/** Microseconds of one core that a member's check of `work` takes at most. A whole number. */
export function checkCost(params: FheParams, { lanes, items }: CheckWork): number {
  const mine = subsetsWith(params, 0).length;
  const payloads = lanes.reduce((sum, { count, values, digits }) => {
    const all = values * digits;
    const open = PAYLOAD.each + PAYLOAD.subset * params.subsets.length + PAYLOAD.digit * all;
    return sum + LANE + count * (open + mine * (SEED.each + SEED.digit * all));
  }, 0);
  return Math.ceil(MARGIN * (payloads + items * (ENROLMENT.each + mine * ENROLMENT.seed)));
}
