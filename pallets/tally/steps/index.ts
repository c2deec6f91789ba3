/** The steps and phases of a round, one file each. A new one is an entry in primitives/round/phases.ts and here. */
import type { RoundPhase, TallyStep } from '../../../primitives/round/phases.ts';
import { aggregate } from './aggregate.ts';
import { checkEach } from './check-each.ts';
import { check } from './check.ts';
import { direction } from './direction.ts';
import { keyCheck } from './key-check.ts';
import { keying } from './keying.ts';
import { open } from './open.ts';
import { payout } from './payout.ts';
import { reveal } from './reveal.ts';
import type { Phase, Step } from './step.ts';
import { sum } from './sum.ts';

const STEPS = {
  Keying: keying,
  KeyCheck: keyCheck,
  Reveal: reveal,
  Check: check,
  CheckEach: checkEach,
  Aggregate: aggregate,
  Payout: payout,
  Sum: sum,
} satisfies { readonly [S in TallyStep]: Step<S> };

/** A phase that a round does not leave. */
const over: Phase = { atDeadline: () => undefined };

const PHASES = {
  ...STEPS,
  Open: open,
  Direction: direction,
  Settled: over,
  Failed: over,
} satisfies Record<RoundPhase, Phase>;

/** The step of a name; its posts are of the same name. */
export function stepFor<S extends TallyStep>(step: S): Step<S> {
  return STEPS[step] as unknown as Step<S>;
}

export function phaseFor(phase: RoundPhase): Phase {
  return PHASES[phase];
}

export { takeDirection } from './direction.ts';
export { keepSecrets } from './reveal.ts';
