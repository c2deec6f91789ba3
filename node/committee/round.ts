/**
 * What a committee member posts in each step of a round (specification §3 to §7). A pure function of what is settled of the round (§6.7), finalized bodies and
 * the member's round keys: the same round gives the same bytes, before and after a restart.
 */
import { stepOf } from '../../primitives/round/index.ts';
import type { TallyBody } from '../../pallets/tally/types.ts';
import type { RoundDuty } from './duty.ts';
import { bodyFor } from './steps/index.ts';
import type { RoundWork } from './work.ts';

/** The body of the member's post for the step the round is in; undefined where the phase takes no posts. */
export function dutyOf(duty: RoundDuty, work: RoundWork): TallyBody | undefined {
  const step = stepOf(duty.info.round.phase.tag);
  return step && bodyFor(step, duty, work);
}

export type { RoundDuty } from './duty.ts';
export { RoundWork } from './work.ts';
