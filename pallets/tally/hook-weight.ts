/** What the end of a block may take: what the posts of the block make due is judged there. */
import type { RoundPhase } from '../../primitives/round/phases.ts';
import type { WeightHelpers } from '../support/index.ts';
import { roundOf } from './rounds.ts';
import type { Tally } from './state.ts';

/**
 * Milliseconds for one live round, by the phase in which the block finds it: measured as the longest end of a block of a full round (32 items,
 * tacit-8192-n4: 41, 24, 39 and 96 ms in keying, key check, check and payout), not below a small figure for what was measured as less.
 */
const HOOK_MS: Readonly<Record<RoundPhase, number>> = {
  Keying: 45,
  KeyCheck: 30,
  Open: 10,
  Reveal: 10,
  Check: 45,
  CheckEach: 45,
  Direction: 10,
  Aggregate: 10,
  Total: 10,
  Payout: 100,
  Settled: 0,
  Failed: 0,
};

/** Picoseconds that `onFinalize` of this block takes at most: it judges one step and one round at its deadline, of two rounds if there are two. */
export function hookWeight(tally: Tally, { micros }: WeightHelpers): bigint {
  const phases = tally.store.live.get().map((id) => roundOf(tally, id).phase.tag);
  const dearest = phases.map((phase) => HOOK_MS[phase]).sort((a, b) => b - a);
  return micros(1000 * dearest.slice(0, 2).reduce((sum, ms) => sum + ms, 0));
}
