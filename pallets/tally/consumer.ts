/**
 * What a round is for is its consumer's: a pallet makes rounds, says what each opens, and takes note of its end. The tally knows no pallet that does so.
 *
 * ```ts
 * const ROYALTY: Consumer = { pallet: 41, opens: ['Direction', 'Aggregate', 'Payout'] };
 * const id = createRound(ctx, ROYALTY, rule);
 * // in onFinalize, after the tally's; several rounds may end in one block:
 * for (const round of endedRounds(ctx, ROYALTY)) { ...; takeNote(ctx, ROYALTY, round.round); }
 * ```
 *
 * Rounds that pay nothing, of which only a sum is opened: sums.ts.
 */
import type { RoundPhase } from '../../primitives/round/phases.ts';
import type { Context } from '../support/index.ts';
import { roundOf } from './rounds.ts';
import { state } from './state.ts';
import type { Round } from './types.ts';

/** What may be opened of a round after its checks. `Direction` opens nothing: it waits for the owner's. */
export type Opening = Extract<RoundPhase, 'Direction' | 'Aggregate' | 'Payout' | 'Sum'>;

export interface Consumer {
  /** Index of the consumer's pallet. */
  readonly pallet: number;
  /** What its rounds open, in this order. */
  readonly opens: readonly Opening[];
}

/** What has to be opened before. */
const RESTS_ON = {
  Direction: [],
  Aggregate: ['Direction'],
  Payout: ['Aggregate'],
  Sum: [],
} satisfies Record<Opening, readonly Opening[]>;

/** Whether every opening comes once and after those it rests on. Vectors are opened as their sum and in no other way, and nothing else is. */
export function openingsFit(opens: readonly Opening[], isSummed: boolean): boolean {
  if (isSummed) return opens.length === 1 && opens[0] === 'Sum';
  return (
    opens.length > 0 &&
    !opens.includes('Sum') &&
    opens.every((one, place) => {
      const before: readonly Opening[] = opens.slice(0, place);
      const needed: readonly Opening[] = RESTS_ON[one];
      return !before.includes(one) && needed.every((other) => before.includes(other));
    })
  );
}

/** Rounds of a consumer that are over and that it has not taken note of, the oldest first. */
export function endedRounds(ctx: Context, { pallet }: Consumer): Round[] {
  const tally = state.use(ctx);
  const ids = [...tally.store.handed.entries(pallet)].map(([keys]) => keys[1]);
  return ids.sort((a, b) => a - b).map((id) => roundOf(tally, id));
}

/**
 * Rounds of a consumer of which it may have to take note at the end of this block: those that wait, and those that may fail in it. Asked before the block's extrinsics: what a post
 * settles is weighed with the post.
 */
export function endingRounds(ctx: Context, consumer: Consumer): Round[] {
  const tally = state.use(ctx);
  const live = tally.store.live.get().map((id) => roundOf(tally, id));
  const mayFail = live.filter(
    ({ consumer: of, phase, deadline }) => of === consumer.pallet && (phase.tag !== 'Open' || deadline <= ctx.block),
  );
  return [...endedRounds(ctx, consumer), ...mayFail];
}

/** The consumer has done what the end of its round asks of it: what only that needed may be forgotten. */
export function takeNote(ctx: Context, { pallet }: Consumer, round: number): void {
  state.use(ctx).store.handed.remove(pallet, round);
}
