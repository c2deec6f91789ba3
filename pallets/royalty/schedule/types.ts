/** Rules under which the rounds of a model's pool follow each other. */
import { MAX_REPORTERS } from '../../../primitives/round/limits.ts';
import { bounded, field, type Of, option, struct, u8, u64, vec } from '../../../primitives/scale/index.ts';
import { accountId, balance, blockNumber } from '../../support/types.ts';
import { count, directions, shape } from '../rule/types.ts';

/** Rounds of one model that may be prepared. */
export const MAX_QUEUED = 8;

/** What all rounds of a pool have in common, as `tacit_royalty::Rule` says it; and when they come, and what they take. */
export const roundTemplate = struct('tacit_royalty::RoundTemplate', {
  period: field(blockNumber, 'Blocks from the beginning of one round to that of the next, at the least.'),
  poolLeast: field(balance, 'No round is begun while the pool holds less.'),
  poolMost: field(balance, 'What one round takes of the pool at the most.'),
  ...shape,
  counts: field(bounded(vec(count), MAX_REPORTERS), 'What reporters may count, and the points for it.'),
});
export type RoundTemplate = Of<typeof roundTemplate>;

/** What each round needs anew. Nobody may see a direction before its round has closed: it is never used twice. */
export const preparedReporter = struct('tacit_royalty::PreparedReporter', {
  account: accountId,
  count: field(u8, 'What it counts: a place among the counts of the rule, from 0.'),
  total: field(u64, 'What its counts of all items add up to: public.'),
});
export const preparation = {
  directions,
  reporters: field(bounded(vec(preparedReporter), MAX_REPORTERS), 'Who reports what, and how much of it in all.'),
};

/** A round that begins when it is due. */
export const queuedRound = struct('tacit_royalty::QueuedRound', {
  by: field(accountId, 'Who prepared it, pays for it and publishes its direction.'),
  deposit: field(balance, 'Held of it until the round begins: its deposit and the fee for the posts of the committee.'),
  ...preparation,
});
export type QueuedRound = Of<typeof queuedRound>;

export const schedule = struct('tacit_royalty::Schedule', {
  template: roundTemplate,
  due: field(blockNumber, 'The first block in which the next round may begin.'),
});
export type Schedule = Of<typeof schedule>;

export const scheduleInfo = struct('tacit_royalty::ScheduleInfo', {
  schedule: option(schedule),
  queue: vec(queuedRound),
});
export type ScheduleInfo = Of<typeof scheduleInfo>;
