/** What judging takes: as a post is applied, and at the end of a block. */
import { at } from '../../primitives/at.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { MAX_ITEMS, MAX_PLACES, MAX_SUMMED_VALUES, PARTS_AT_ONCE } from '../../primitives/round/limits.ts';
import { type RoundPhase, stepOf, TALLY_STEPS, type TallyStep } from '../../primitives/round/phases.ts';
import { aggregateRequests, aggregateSlots } from '../../primitives/round/requests.ts';
import { type WeightHelpers, weightOfMicros } from '../support/index.ts';
import { configOf, roundOf } from './rounds.ts';
import type { Tally, TouchedStep } from './state.ts';
import { stepFor } from './steps/index.ts';
import type { Round, TallyBody } from './types.ts';
import { ends } from './weights.ts';

/** Microseconds for a round, for each of its items with a submission, for each further submission, and for each value of what it opens. */
interface EndCost {
  readonly micros: number;
  readonly item: number;
  readonly vector: number;
  readonly value: number;
}

/**
 * What the end of a block may judge of a round that begins the block in this phase, unless late. What is judged with a post weighs there what an open round does; but
 * posts may bring a round to `CheckEach` and decide that in the same block.
 */
function endPhases(phase: RoundPhase): RoundPhase[] {
  if (phase === 'Reveal' || phase === 'Check') return ['Open', 'CheckEach'];
  const step = stepOf(phase);
  return [phase === 'Direction' || (step !== undefined && stepFor(step).isJudgedAtOnce) ? 'Open' : phase];
}

const FREE: EndCost = { micros: 0, item: 0, vector: 0, value: 0 };

/** What judging this round in this phase takes at most. */
function judging({ paramsId, rule, sum, items, admitted, submissions }: Round, phase: RoundPhase): number {
  const table: Readonly<Partial<Record<RoundPhase, EndCost>>> = ends[fheParams(paramsId).n as keyof typeof ends];
  const { micros, item, vector, value } = table[phase] ?? FREE;
  const values = (sum?.values ?? 0) + mostOpened(rule);
  // While it is open, its contributors may still come in this block.
  const isOpen = phase === 'Open';
  const vectors = isOpen ? (sum?.places ?? 0) : Math.max(admitted, submissions - items);
  return micros + value * values + item * (isOpen ? rule.maxItems : items) + vector * vectors;
}

/** Values of `U` that the largest of a round's requests opens: what a phase does with them follows from the present request alone. */
function mostOpened(rule: Round['rule']): number {
  const numbers = Array.from({ length: aggregateRequests(rule) }, (_, number) => number);
  return Math.max(0, ...numbers.map((number) => aggregateSlots(rule, number)));
}

/** Values of the largest request; bits of a value's share for all data primes. */
const MOST_VALUES = PARTS_AT_ONCE * MAX_SUMMED_VALUES;
const SHARE_BITS = 3 * 59;

const valuesOf = (shares: Uint8Array): number => (shares.length * 8) / SHARE_BITS;

/** What a post says of the size of what it may have judged; the rest is taken to be as large as may be. */
function sizesIn(body: TallyBody): { readonly items: number; readonly vectors: number; readonly values: number } {
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
  const { items, vectors, values } = sizesIn(body);
  const tables: Readonly<Partial<Record<RoundPhase, EndCost>>>[] = Object.values(ends);
  const costs = tables.map((table) => {
    const { micros, item, vector, value } = table[body.tag] ?? FREE;
    return micros + item * items + vector * vectors + value * values;
  });
  return weightOfMicros(Math.max(...costs));
}

/** Finished steps whose late posts may be compared at the end of this block: that takes as long as judging them did. */
function comparedLate({ round, finished }: Round, queue: readonly TouchedStep[], windowBegan: number): TallyStep[] {
  const waiting = queue.filter((place) => place.round === round);
  const inWindow = finished.filter(({ block }) => block >= windowBegan);
  const steps = [...waiting, ...inWindow].map(({ step }) => at<TallyStep>(TALLY_STEPS, step));
  return steps.filter((step) => stepFor(step).comparesLate);
}

/** Microseconds for each item of a round that ends at its deadline: its deposits and its stake return, some six writes. An estimate, to the safe side. */
const ENDING = 250;

/** Picoseconds that `onFinalize` of this block takes at most: it judges one step, due or late, and one round at its deadline, of two rounds if there are two. */
export function hookWeight(tally: Tally, { measured }: WeightHelpers): bigint {
  const { live, ended, touched } = tally.store;
  const ids = [...live.get(), ...ended.get()];
  if (ids.length === 0) return 0n;
  const windowBegan = tally.ctx.block - configOf(tally).lateWindow;
  const queue = touched.get();
  const all = ids.map((id) => {
    const round = roundOf(tally, id);
    const phases: RoundPhase[] = [...endPhases(round.phase.tag), ...comparedLate(round, queue, windowBegan)];
    const isDue = round.endedAt === undefined && round.deadline <= tally.ctx.block;
    return Math.max(...phases.map((phase) => judging(round, phase)), isDue ? ENDING * round.items : 0);
  });
  const dearest = all.sort((a, b) => b - a).slice(0, 2);
  return measured({ reads: 0, writes: 0, micros: dearest.reduce((sum, micros) => sum + micros, 0) });
}
