/** Open: contributors submit until the close, where a round with too few of them stays open, unopened, for a while longer (§4). */
import { roomyBlocks } from '../../system/index.ts';
import { completeContributors } from '../contributions.ts';
import { failRound } from '../lifecycle.ts';
import { enter } from '../rounds.ts';
import type { Phase } from './step.ts';

export const open: Phase = {
  atDeadline(tally, round) {
    const { ctx, store, events } = tally;
    const { kMin, maxExtensions, openBlocks } = round.rule;
    if (completeContributors(tally, round) >= kMin) {
      enter(tally, { ...round, closedAt: ctx.block, roomyBlocks: roomyBlocks(ctx) }, 'Reveal');
      events.Closed({ round: round.round, submissions: round.submissions, items: round.items });
    } else if (round.extensions < maxExtensions) {
      const deadline = ctx.block + openBlocks;
      store.rounds.put(round.round, { ...round, deadline, extensions: round.extensions + 1 });
      events.Extended({ round: round.round, closesAt: deadline });
    } else failRound(tally, { ...round, roomyBlocks: roomyBlocks(ctx) }, 'TooFew');
  },
};
