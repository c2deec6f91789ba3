/** The machine: after the extrinsics of a block every round with new posts, or at its deadline, is judged and passes on. */
import { at } from '../../primitives/at.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { stepOf, TALLY_STEPS, type TallyStep } from '../../primitives/round/phases.ts';
import { failRound } from './lifecycle.ts';
import { roundOf } from './rounds.ts';
import type { Tally } from './state.ts';
import { phaseFor, stepFor, takeDirection } from './steps/index.ts';
import type { Round } from './types.ts';

/** Judges what the block brought. */
export function advanceAll(tally: Tally): void {
  const { ctx, store } = tally;
  const touched = store.touched.get();
  if (touched.length > 0) store.touched.put([]);
  for (const { round: id, step: index, attempt } of touched) {
    const round = roundOf(tally, id);
    const step = at<TallyStep>(TALLY_STEPS, index);
    if (isDone(round, index, attempt)) unharmed(tally, () => stepFor(step).compareLate(tally, round, attempt));
    else guarded(tally, id, () => advance(tally, id));
  }
  for (const id of store.live.get()) {
    const round = roundOf(tally, id);
    if (ctx.block >= round.deadline) guarded(tally, id, () => phaseFor(round.phase.tag).atDeadline(tally, round));
  }
}

function isDone({ finished }: Round, step: number, attempt: number): boolean {
  return finished.some((known) => known.step === step && known.attempt === attempt);
}

/** Passes a round on as far as its posts allow. */
function advance(tally: Tally, id: number): void {
  const round = roundOf(tally, id);
  const step = stepOf(round.phase.tag);
  if (step !== undefined && stepFor(step).isReady(tally, round, round.attempt)) stepFor(step).advance(tally, round);
}

/** Compares late posts. What a primitive refuses here came too late to matter: nobody is named for it, and the round goes on. */
function unharmed(tally: Tally, body: () => void): void {
  try {
    tally.ctx.transactional(body);
  } catch (error) {
    if (!isTacitError(error)) throw error;
    tally.ctx.host.report?.(error);
  }
}

/**
 * Whatever a primitive refuses while a round is judged concerns this round alone: it fails, with all money returned, and neither the block nor
 * another round notices.
 */
function guarded(tally: Tally, id: number, body: () => void): void {
  try {
    tally.ctx.transactional(body);
  } catch (error) {
    if (!isTacitError(error)) throw error;
    tally.ctx.host.report?.(error);
    const round = roundOf(tally, id);
    if (round.endedAt === undefined) failRound(tally, round, 'Fault');
  }
}

/** Looks after a round when its direction arrives between blocks' ends. */
export function noteDirection(tally: Tally, id: number): void {
  const round = roundOf(tally, id);
  if (round.phase.tag === 'Direction') takeDirection(tally, round);
}
