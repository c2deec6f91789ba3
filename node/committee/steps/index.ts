/** What a member posts, a file for each step. */
import type { TallyStep } from '../../../primitives/round/index.ts';
import type { BodyOf, TallyBody } from '../../../pallets/tally/types.ts';
import type { RoundDuty } from '../duty.ts';
import type { RoundWork } from '../work.ts';
import { aggregate } from './aggregate.ts';
import { checkEach } from './check-each.ts';
import { check } from './check.ts';
import { keyCheck } from './key-check.ts';
import { keying } from './keying.ts';
import { payout } from './payout.ts';
import { reveal } from './reveal.ts';
import { sum } from './sum.ts';

type Duty<S extends TallyStep> = (duty: RoundDuty, work: RoundWork) => BodyOf<S>;

const STEPS = {
  Keying: keying,
  KeyCheck: keyCheck,
  Reveal: reveal,
  Check: check,
  CheckEach: checkEach,
  Aggregate: aggregate,
  Payout: payout,
  Sum: sum,
} satisfies { readonly [S in TallyStep]: Duty<S> };

/** The body of a step's post. */
export function bodyFor(step: TallyStep, duty: RoundDuty, work: RoundWork): TallyBody {
  return { tag: step, value: STEPS[step](duty, work) } as TallyBody;
}
