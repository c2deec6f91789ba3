/** Rules under which the rounds of a model's pool follow each other. */
import { MAX_UPDATE_PARTS, MAX_REPORTERS } from '../../../primitives/round/limits.ts';
import {
  bounded,
  field,
  fixed,
  type Of,
  option,
  struct,
  u8,
  u16,
  u32,
  u64,
  vec,
} from '../../../primitives/scale/index.ts';
import { accountId, balance, blockNumber } from '../../support/types.ts';
import { reporter } from '../../tally/types.ts';

/** Rounds of one model that may be prepared. */
export const MAX_QUEUED = 8;

/** What all rounds of a pool have in common, as `tacit_tally::Rule` says it; and when they come, and what they take. */
export const roundTemplate = struct('tacit_royalty::RoundTemplate', {
  period: field(blockNumber, 'Blocks from the beginning of one round to that of the next, at the least.'),
  poolLeast: field(balance, 'No round is begun while the pool holds less.'),
  poolMost: field(balance, 'What one round takes of the pool at the most.'),
  parts: field(bounded(vec(u32), MAX_UPDATE_PARTS), 'Values of each update part, the four spare coordinates included.'),
  normSq: field(u64, 'Squared norm of every update part.'),
  alpha: field(u64, 'Points for a reported use.'),
  gamma: field(u64, 'Points for a unit of the inner product with the direction.'),
  tMin: field(u64, 'Below this total score nothing is paid.'),
  stake: field(balance, 'Put up by each enrolment.'),
  kMin: u16,
  maxItems: u16,
  openBlocks: blockNumber,
  maxExtensions: u8,
});
export type RoundTemplate = Of<typeof roundTemplate>;

/** What each round needs anew. Nobody may see a direction before its round has closed: it is never used twice. */
export const preparation = {
  directions: field(
    bounded(vec(fixed(32)), MAX_UPDATE_PARTS),
    '`directionHash` of each part of the round’s validation direction.',
  ),
  reporters: field(bounded(vec(reporter), MAX_REPORTERS), 'Who reports uses, and how many.'),
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
