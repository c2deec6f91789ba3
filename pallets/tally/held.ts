/** Deposits of submissions that are not judged yet, and what must hold of rounds. */
import { committee } from '../committee/index.ts';
import { type Held, mustHold } from '../support/index.ts';
import { depositOf, itemsOf, submissionsOf } from './contributions.ts';
import { forgottenOf } from './lifecycle.ts';
import { configOf, roundOf } from './rounds.ts';
import { MAX_LIVE_ROUNDS, type Tally } from './state.ts';
import { checkPlaces, checkSums } from './summed.ts';
import type { Round } from './types.ts';

export const held = {
  *deposits(tally: Tally): Generator<Held> {
    for (const id of tally.store.live.get()) {
      const round = roundOf(tally, id);
      if (round.checked) continue;
      const config = configOf(tally);
      for (const { account, length } of submissionsOf(tally, round)) yield [account, depositOf(config, length)];
    }
  },
  tryState(tally: Tally): undefined {
    const { ctx, store } = tally;
    const live = store.live.get();
    const ended = store.ended.get();
    mustHold(live.length <= MAX_LIVE_ROUNDS, 'tally/broken-live', `${live.length} rounds are under way`);
    const terms = new Map<number, number>();
    for (const [[id], round] of store.rounds.entries()) {
      const isLive = live.includes(id);
      mustHold(
        (round.endedAt === undefined) === isLive,
        'tally/broken-live',
        `round ${id} is ${round.phase.tag}, live: ${isLive}`,
      );
      mustHold(id < store.nextRound.get(), 'tally/broken-number', `round ${id} is there before its number is given`);
      if (!isLive && !ended.includes(id)) checkForgotten(tally, round);
      if (!isLive) continue;
      terms.set(round.term, (terms.get(round.term) ?? 0) + 1);
      checkContributions(tally, round);
      checkPlaces(tally, round);
    }
    checkSums(tally);
    for (const id of ended)
      mustHold(roundOf(tally, id).endedAt !== undefined, 'tally/broken-live', `round ${id} is over and is not`);
    const current = committee.use(ctx).store.current.get();
    if (current === undefined) return;
    const rounds = terms.get(current.term) ?? 0;
    const what = `term ${current.term} counts ${current.liveRounds} rounds under way, there are ${rounds}`;
    mustHold(current.liveRounds === rounds, 'tally/broken-term', what);
  },
};

/** Nothing is left of a round that is over but what stays for good. */
function checkForgotten(tally: Tally, round: Round): void {
  for (const item of forgottenOf(tally, round)) {
    const [left] = item.entries(round.round);
    mustHold(left === undefined, 'tally/broken-end', `round ${round.round} is over and something of it is left`);
  }
}

/** Items and submissions of a live round are as many as it says, and each is found by who made it. */
function checkContributions(tally: Tally, round: Round): void {
  const { store } = tally;
  const id = round.round;
  const counts = [[...store.items.entries(id)].length, [...store.submissions.entries(id)].length];
  const what = `round ${id} says ${round.items} items and ${round.submissions} submissions, there are ${counts.join(' and ')}`;
  mustHold(counts[0] === round.items && counts[1] === round.submissions, 'tally/broken-count', what);
  for (const [index, { account }] of itemsOf(tally, round).entries())
    mustHold(store.itemOf.get(id, account) === index, 'tally/broken-item', `item ${index} of round ${id} is not found`);
  for (const [index, { account, lane, part }] of submissionsOf(tally, round).entries()) {
    const isFound = store.submissionOf.get(id, account, lane, part) === index;
    mustHold(isFound, 'tally/broken-submission', `submission ${index} of round ${id} is not found`);
  }
}
