/**
 * The machine. A post that may decide the step of a closed round has it judged as it is applied: a block can take a round from its close to its payout. What
 * waits for the end of the block, and rounds at their deadline, are judged there.
 */
import { at } from '../../primitives/at.ts';
import { TALLY_STEPS, type TallyStep } from '../../primitives/round/phases.ts';
import { contain } from '../support/index.ts';
import { deadlineCost, judgingCost } from './costs.ts';
import { failRound } from './lifecycle.ts';
import { roundOf } from './rounds.ts';
import type { Tally, TouchedStep } from './state.ts';
import { phaseFor, stepFor, takeDirection } from './steps/index.ts';
import type { Round } from './types.ts';

/**
 * Judges what waited for the end of the block: of the steps with new posts the first that may be decided, and one round at its deadline. One a block, so that the
 * work at a block's end does not grow with the rounds under way; the others keep their turn. A deadline for which the end of the block has no room left waits too.
 */
export function advanceAll(tally: Tally): void {
  judgeFirst(tally);
  const { ctx, store } = tally;
  const waiting = store.touched.get().filter((place) => !isDone(roundOf(tally, place.round), place));
  const queued = new Set(waiting.map(({ round }) => round));
  for (const id of store.live.get()) {
    const round = roundOf(tally, id);
    // What is posted in time is judged before the deadline cuts it off.
    if (ctx.block < round.deadline || queued.has(id)) continue;
    if (!ctx.takeAtEnd(deadlineCost(round))) return;
    guarded(tally, id, () => phaseFor(round.phase.tag).atDeadline(tally, round));
    return;
  }
}

/** Judges one step that may be decided; forgets those before it that may not be: the next post brings them again. */
function judgeFirst(tally: Tally): void {
  const { store } = tally;
  const queue = store.touched.get();
  if (queue.length === 0) return;
  // Rounds that go on come before late posts that are only compared.
  const isLate = (place: TouchedStep): number => (isDone(roundOf(tally, place.round), place) ? 1 : 0);
  const ordered = queue.toSorted((a, b) => isLate(a) - isLate(b));
  const first = ordered.findIndex((place) => isDecidable(tally, place));
  const rest = first < 0 ? [] : ordered.slice(first + 1);
  if (rest.length > 0) store.touched.put(rest);
  else store.touched.remove();
  if (first < 0) return;
  const { round: id, step: index, attempt } = at(ordered, first);
  const round = roundOf(tally, id);
  const name = at<TallyStep>(TALLY_STEPS, index);
  const step = stepFor(name);
  // It comes first, and always finds room: what a block cannot judge is not made (`isJudgeable`).
  tally.ctx.takeAtEnd(judgingCost(round, name));
  if (isDone(round, { step: index, attempt })) unharmed(tally, () => step.compareLate(tally, round, attempt));
  else guarded(tally, id, () => step.advance(tally, round));
}

/** Judges the step that a round is in, if the posts that are there may decide it. */
export function judgeNow(tally: Tally, id: number, name: TallyStep): void {
  const step = stepFor(name);
  const round = roundOf(tally, id);
  guarded(tally, id, () => {
    if (step.isReady(tally, round, round.attempt)) step.advance(tally, round);
  });
}

/** Whether the posts of a step may decide it; what cannot be asked without an error will fail the round where it is judged. */
function isDecidable(tally: Tally, place: TouchedStep): boolean {
  let answer = true;
  contained(tally, () => {
    answer = mayDecide(tally, place);
  });
  return answer;
}

function mayDecide(tally: Tally, place: TouchedStep): boolean {
  const round = roundOf(tally, place.round);
  if (isDone(round, place)) return true;
  const step = at<TallyStep>(TALLY_STEPS, place.step);
  const isPresent = round.phase.tag === step && round.attempt === place.attempt;
  return isPresent && stepFor(step).isReady(tally, round, place.attempt);
}

function isDone({ finished }: Round, { step, attempt }: { readonly step: number; readonly attempt: number }): boolean {
  return finished.some((known) => known.step === step && known.attempt === attempt);
}

/** Compares late posts. What a primitive refuses here came too late to matter: nobody is named for it, and the round goes on. */
function unharmed(tally: Tally, body: () => void): void {
  contained(tally, body);
}

/**
 * Whatever goes wrong while a round is judged concerns this round alone: it fails, with all money returned, and neither the block nor another round notices.
 */
function guarded(tally: Tally, id: number, body: () => void): void {
  if (contained(tally, body)) return;
  const round = roundOf(tally, id);
  if (round.endedAt === undefined) contained(tally, () => failRound(tally, round, 'Fault'));
}

/** Runs `body`, or leaves the state as it was and tells of the error. @returns whether it ran */
function contained({ ctx }: Tally, body: () => void): boolean {
  let ran = true;
  contain(ctx, body, () => {
    ran = false;
  });
  return ran;
}

/** Looks after a round when its direction arrives between blocks' ends. */
export function noteDirection(tally: Tally, id: number): void {
  const round = roundOf(tally, id);
  if (round.phase.tag === 'Direction') takeDirection(tally, round);
}
