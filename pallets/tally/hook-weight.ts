/** What the end of a block may take: what the posts of the block make due is judged there. */
import { at } from '../../primitives/at.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { type RoundPhase, TALLY_STEPS, type TallyStep } from '../../primitives/round/phases.ts';
import type { WeightHelpers } from '../support/index.ts';
import { configOf, roundOf } from './rounds.ts';
import type { Tally } from './state.ts';
import { stepFor } from './steps/index.ts';
import type { Round } from './types.ts';
import { ends } from './weights.ts';

/** Microseconds for a round, for each of its items or summed vectors, and for each value of what it opens. */
interface EndCost {
  readonly micros: number;
  readonly item: number;
  readonly vector: number;
  readonly value: number;
}

/** A phase in which nothing is judged is passed over within a block in the measured rounds: it weighs what the other such phase does. */
const LIKE: Partial<Record<RoundPhase, RoundPhase>> = { Direction: 'Open' };

const FREE: EndCost = { micros: 0, item: 0, vector: 0, value: 0 };

/** What judging this round in this phase at the end of the block takes at most. */
function endOf({ paramsId, rule, sum, items, admitted }: Round, phase: RoundPhase): number {
  const table: Readonly<Partial<Record<RoundPhase, EndCost>>> = ends[fheParams(paramsId).n as keyof typeof ends];
  const { micros, item, vector, value } = table[phase] ?? table[LIKE[phase] ?? phase] ?? FREE;
  const values = rule.parts.reduce((all, part) => all + part, sum?.values ?? 0);
  // While it is open, its contributors may still come in this block.
  const isOpen = phase === 'Open';
  const vectors = isOpen ? (sum?.places ?? 0) : admitted;
  return micros + value * values + item * (isOpen ? rule.maxItems : items) + vector * vectors;
}

type Touched = ReturnType<Tally['store']['touched']['get']>[number];

/** Finished steps whose late posts may be compared at the end of this block: that takes as long as judging them did. */
function comparedLate({ round, finished }: Round, queue: readonly Touched[], windowBegan: number): TallyStep[] {
  const waiting = queue.filter((place) => place.round === round);
  const inWindow = finished.filter(({ block }) => block >= windowBegan);
  const steps = [...waiting, ...inWindow].map(({ step }) => at<TallyStep>(TALLY_STEPS, step));
  return steps.filter((step) => stepFor(step).comparesLate);
}

/** Picoseconds that `onFinalize` of this block takes at most: it judges one step, due or late, and one round at its deadline, of two rounds if there are two. */
export function hookWeight(tally: Tally, { measured }: WeightHelpers): bigint {
  const { live, ended, touched } = tally.store;
  const ids = [...live.get(), ...ended.get()];
  if (ids.length === 0) return 0n;
  const windowBegan = tally.ctx.block - configOf(tally).lateWindow;
  const queue = touched.get();
  const all = ids.map((id) => {
    const round = roundOf(tally, id);
    const phases: RoundPhase[] = [round.phase.tag, ...comparedLate(round, queue, windowBegan)];
    return Math.max(...phases.map((phase) => endOf(round, phase)));
  });
  const dearest = all.sort((a, b) => b - a).slice(0, 2);
  return measured({ reads: 0, writes: 0, micros: dearest.reduce((sum, micros) => sum + micros, 0) });
}
