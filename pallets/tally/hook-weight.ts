/** What the end of a block may take: what the posts of the block make due is judged there. */
import { fheParams } from '../../primitives/fhe/params.ts';
import type { RoundPhase } from '../../primitives/round/phases.ts';
import type { WeightHelpers } from '../support/index.ts';
import { roundOf } from './rounds.ts';
import type { Tally } from './state.ts';
import type { Round } from './types.ts';
import { ends } from './weights.ts';

/** Microseconds for a round, and for each of its items. */
interface EndCost {
  readonly micros: number;
  readonly item: number;
}

/** Where a phase was not met in the measured rounds: an answer of single submissions is judged as one of all is, the rest is next to nothing. */
const LIKE: Partial<Record<RoundPhase, RoundPhase>> = { CheckEach: 'Check', Direction: 'Open' };

/** What judging this round at the end of the block takes at most. */
function endOf({ paramsId, phase, rule, items }: Round): EndCost & { readonly items: number } {
  const table: Readonly<Partial<Record<RoundPhase, EndCost>>> = ends[fheParams(paramsId).n as keyof typeof ends];
  const found = table[phase.tag] ?? table[LIKE[phase.tag] ?? phase.tag] ?? { micros: 0, item: 0 };
  // While it is open, its contributors may still come in this block.
  return { ...found, items: phase.tag === 'Open' ? rule.maxItems : items };
}

/** Picoseconds that `onFinalize` of this block takes at most: it judges one step and one round at its deadline, of two rounds if there are two. */
export function hookWeight(tally: Tally, { measured }: WeightHelpers): bigint {
  const all = tally.store.live.get().map((id) => {
    const { micros, item, items } = endOf(roundOf(tally, id));
    return micros + item * items;
  });
  const dearest = all.sort((a, b) => b - a).slice(0, 2);
  return measured({ reads: 0, writes: 0, micros: dearest.reduce((sum, micros) => sum + micros, 0) });
}
