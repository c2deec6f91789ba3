/**
 * What the check of a round's submissions costs one member, from public parameters alone. Figures are microseconds of one core, well above measurements: of a payload of
 * 8,192 values of two digits they give 36 and 443 ms for n = 4 and 10, and a member takes 6 and 58 (decision 045). They bound work, they do not time it.
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

/** Opening of the seal, form, hashes, shares of the check: per payload, per subset of the committee, per digit. */
const PAYLOAD = { each: 14_000, subset: 550, digit: 0.4 } as const;
/** A seed's box and what it expands to: per subset of the member. */
const SEED = { each: 2_600, digit: 0.1 } as const;
/** An enrolment's seed: per subset of the member. */
const ENROLMENT_SEED = 2_000;

/** Microseconds of one core that a member's check of `work` takes at most. A whole number. */
export function checkCost(params: FheParams, { lanes, items }: CheckWork): number {
  const mine = subsetsWith(params, 0).length;
  const payloads = lanes.reduce((sum, { count, values, digits }) => {
    const all = values * digits;
    const open = PAYLOAD.each + PAYLOAD.subset * params.subsets.length + PAYLOAD.digit * all;
    return sum + count * (open + mine * (SEED.each + SEED.digit * all));
  }, 0);
  return Math.ceil(payloads + items * mine * ENROLMENT_SEED);
}
