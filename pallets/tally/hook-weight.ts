/** What judging takes: as a post is applied, and at the end of a block. */
import { at } from '../../primitives/at.ts';
import { MAX_ITEMS, MAX_PLACES, MAX_SUMMED_VALUES, PARTS_AT_ONCE } from '../../primitives/round/limits.ts';
import { type RoundPhase, stepOf, TALLY_STEPS, type TallyStep } from '../../primitives/round/phases.ts';
import { weightOfMicros } from '../support/index.ts';
import { deadlineCost, FORGETTING, judgingCost, microsOf, type Sizes, TABLES } from './costs.ts';
import { dueToForget } from './lifecycle.ts';
import { configOf, roundOf } from './rounds.ts';
import type { Tally, TouchedStep } from './state.ts';
import { stepFor } from './steps/index.ts';
import type { Round, TallyBody } from './types.ts';

/**
 * What the end of a block may judge of a round that begins the block in this phase, unless late. What is judged with a post weighs there what an open round does; but
 * posts may bring a round to `CheckEach` and decide that in the same block.
 */
function endPhases(phase: RoundPhase): RoundPhase[] {
  if (phase === 'Reveal' || phase === 'Check') return ['Open', 'CheckEach'];
  const step = stepOf(phase);
  return [phase === 'Direction' || (step !== undefined && stepFor(step).isJudgedAtOnce) ? 'Open' : phase];
}

/** Values of the largest request; bits of a value's share for all data primes. */
const MOST_VALUES = PARTS_AT_ONCE * MAX_SUMMED_VALUES;
const SHARE_BITS = 3 * 59;

const valuesOf = (shares: Uint8Array): number => (shares.length * 8) / SHARE_BITS;

/** What a post says of the size of what it may have judged; the rest is taken to be as large as may be. */
function sizesIn(body: TallyBody): Sizes {
  switch (body.tag) {
    case 'Check': {
      const { items, verdicts } = body.value;
      return { items, vectors: Math.max(0, verdicts.length - items), values: MOST_VALUES };
    }
    case 'Aggregate':
      return { items: body.value.accepted, vectors: 0, values: valuesOf(body.value.shares) };
    case 'Sum':
      return { items: 0, vectors: MAX_PLACES, values: valuesOf(body.value.shares) };
    case 'Payout':
      return { items: body.value.scores.length, vectors: 0, values: MOST_VALUES };
    default:
      return { items: MAX_ITEMS, vectors: MAX_PLACES, values: MOST_VALUES };
  }
}

/**
 * Picoseconds that judging takes at most when a post is applied which decides a step. A post does not say how large its committee is, nor whether it is the one
 * that decides: each weighs as if it did in the dearest.
 */
export function judgingWeight(body: TallyBody): bigint {
  if (!stepFor(body.tag).isJudgedAtOnce) return 0n;
  const sizes = sizesIn(body);
  const costs = TABLES.map((table) => table[body.tag]).filter((cost) => cost !== undefined);
  return weightOfMicros(Math.max(0, ...costs.map((cost) => microsOf(cost, sizes))));
}

/** Finished steps whose late posts may be compared at the end of this block: that takes as long as judging them did. */
function comparedLate({ round, finished }: Round, queue: readonly TouchedStep[], windowBegan: number): TallyStep[] {
  const waiting = queue.filter((place) => place.round === round);
  const inWindow = finished.filter(({ block }) => block >= windowBegan);
  const steps = [...waiting, ...inWindow].map(({ step }) => at<TallyStep>(TALLY_STEPS, step));
  return steps.filter((step) => stepFor(step).comparesLate);
}

/** Whether the deadline of a round may pass in this block: its consumer may have one that is summed closed before (`closeFull`). */
function mayBeDue({ endedAt, deadline, phase, sum }: Round, block: number): boolean {
  return endedAt === undefined && (deadline <= block || (phase.tag === 'Open' && sum !== undefined));
}

const most = (costs: readonly bigint[]): bigint => costs.reduce((a, b) => (a > b ? a : b), 0n);

/**
 * Picoseconds that `onFinalize` of this block takes at most: it judges one step, due or late, takes one round at its deadline, and forgets of one that is over. What together finds
 * no room at the end of a block waits (`Context.takeAtEnd`).
 */
export function hookWeight(tally: Tally): bigint {
  const { live, ended, touched } = tally.store;
  const ids = [...live.get(), ...ended.get()];
  if (ids.length === 0) return 0n;
  const windowBegan = tally.ctx.block - configOf(tally).lateWindow;
  const queue = touched.get();
  const rounds = ids.map((id) => roundOf(tally, id));
  const judged = rounds.flatMap((round) => {
    const phases: RoundPhase[] = [...endPhases(round.phase.tag), ...comparedLate(round, queue, windowBegan)];
    return phases.map((phase) => judgingCost(round, phase));
  });
  const due = rounds.filter((round) => mayBeDue(round, tally.ctx.block));
  return most(judged) + most(due.map(deadlineCost)) + (dueToForget(tally) === undefined ? 0n : FORGETTING);
}
