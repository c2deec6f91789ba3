/** How a round begins and ends. */
import { present } from '../../primitives/at.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { lanesOf } from '../../primitives/round/lanes.ts';
import { ruleFits } from '../../primitives/round/fit.ts';
import { acquireRound, releaseRound } from '../committee/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { returnDeposits } from './contributions.ts';
import { configOf, enter, roundOf } from './rounds.ts';
import { MAX_LIVE_ROUNDS, state, type Tally } from './state.ts';
import type { Failure, Round, RuleRecord } from './types.ts';

/**
 * Begins a round under `rule`; the caller has seen to its pool. Fails with `BadRule`, `TooManyRounds`, or the committee's `NoTerm`, `Rotating`.
 * @returns the round's number
 */
export function createRound(ctx: Context, rule: RuleRecord): number {
  const tally = state.use(ctx);
  const { store, events, errors } = tally;
  const live = store.live.get();
  ensure(live.length < MAX_LIVE_ROUNDS, errors.TooManyRounds);
  const { term, sequence, paramsId } = acquireRound(ctx);
  const config = configOf(tally);
  ensure(ruleFits(fheParams(paramsId), rule, config.leastK), errors.BadRule);
  const id = store.nextRound.get();
  store.nextRound.put(id + 1);
  store.live.put([...live, id]);
  store.rounds.put(id, {
    round: id,
    term,
    sequence,
    paramsId,
    rule,
    lanes: lanesOf(rule),
    phase: { tag: 'Keying' },
    attempt: 0,
    deadline: ctx.block + config.stepBlocks,
    silent: [],
    extensions: 0,
    items: 0,
    submissions: 0,
    closedAt: undefined,
    beacon: undefined,
    checked: false,
    accepted: [],
    finished: [],
    failure: undefined,
    endedAt: undefined,
  });
  events.RoundCreated({ round: id, term });
  return id;
}

function end(tally: Tally, round: Round, phase: 'Settled' | 'Failed', reason?: Failure): void {
  const { ctx, store } = tally;
  enter(tally, round, phase);
  const last = roundOf(tally, round.round);
  const failure = reason === undefined ? undefined : { tag: reason };
  store.rounds.put(round.round, { ...last, deadline: 0, endedAt: ctx.block, failure });
  store.live.put(store.live.get().filter((id) => id !== round.round));
  store.ended.put([...store.ended.get(), round.round]);
  releaseRound(ctx);
}

export function settle(tally: Tally, round: Round): void {
  end(tally, round, 'Settled');
}

/** Ends a round that cannot go on: nothing is paid, deposits return (the royalty pallet returns stakes and pool). */
export function failRound(tally: Tally, round: Round, reason: Failure): void {
  if (!round.checked) returnDeposits(tally, round, () => true);
  end(tally, round, 'Failed', reason);
  tally.events.RoundFailed({ round: round.round, failure: { tag: reason } });
}

/**
 * Forgets what only the committee and the contributors of an ended round needed. The round and its payout vector stay, and the enrolments of a settled
 * round, from which wallets recover the secrets of their notes.
 */
export function pruneEnded(tally: Tally): void {
  const { ctx, store } = tally;
  const ended = store.ended.get();
  if (ended.length === 0) return;
  const { lateWindow } = configOf(tally);
  const due = ended.filter(
    (id) => present(roundOf(tally, id).endedAt, 'the end of the round') + lateWindow < ctx.block,
  );
  if (due.length === 0) return;
  for (const id of due) {
    store.publicKeys.remove(id);
    store.boxKeys.remove(id);
    store.aggregates.remove(id);
    for (const item of [
      store.posts,
      store.named,
      store.submissions,
      store.submissionOf,
      store.usedKeys,
      store.secrets,
      store.directions,
    ]) {
      item.clear(id);
    }
    if (roundOf(tally, id).phase.tag === 'Failed') {
      store.items.clear(id);
      store.itemOf.clear(id);
    }
  }
  store.ended.put(ended.filter((id) => !due.includes(id)));
}
