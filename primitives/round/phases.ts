/** The words of a round: its phases, the steps in which the committee posts, what becomes of submissions. */

/** Steps in the order of their wire indexes. */
export const TALLY_STEPS = [
  'Keying',
  'KeyCheck',
  'Reveal',
  'Check',
  'CheckEach',
  'Aggregate',
  'Payout',
  'Sum',
] as const;
export type TallyStep = (typeof TALLY_STEPS)[number];

/** Phases in the order of their wire indexes. Those that are no steps wait for contributors, for the direction, or for nothing. */
export const ROUND_PHASES = [
  'Keying',
  'KeyCheck',
  'Open',
  'Reveal',
  'Check',
  'CheckEach',
  'Direction',
  'Aggregate',
  'Payout',
  'Settled',
  'Failed',
  'Sum',
] as const;
export type RoundPhase = (typeof ROUND_PHASES)[number];

/** Wire index of a step: what posts, offences and finished steps are named by. */
export function stepIndex(step: TallyStep): number {
  return TALLY_STEPS.indexOf(step);
}

/** The step whose posts a phase takes, if it takes any. */
export function stepOf(phase: RoundPhase): TallyStep | undefined {
  return TALLY_STEPS.find((step) => step === phase);
}

/** Verdicts on a sealed submission: `malformed` has a reason of primitives/proofs, `refused` failed the check. */
export const VERDICT = { pending: 0, accepted: 1, malformed: 2, refused: 3 } as const;
