/** Storage, events and errors of rounds that follow each other. */
import { bounded, field, u32, vec } from '../../../primitives/scale/index.ts';
import { modelId } from '../../ownership/types.ts';
import { accountId, balance, blockNumber, constant, event, map } from '../../support/index.ts';
import { roundId } from '../../tally/types.ts';
import { MAX_QUEUED, queuedRound, schedule } from './types.ts';

/** Reserved with the deposits of a model while it has a rule, in units of 10^-6 TAC. */
export const RULE_DEPOSIT = 200_000n;

export const scheduleStorage = {
  schedules: map(modelId, schedule, { hasher: 'twox64Concat', docs: 'How the rounds of a pool follow each other.' }),
  queues: map(modelId, bounded(vec(queuedRound), MAX_QUEUED), {
    hasher: 'twox64Concat',
    default: [],
    docs: 'Rounds that begin when they are due, in order.',
  }),
};

export const scheduleEvents = {
  RoundRuleSet: event('The pool of a model has a rule for its rounds.', {
    model: modelId,
    due: field(blockNumber, 'The first block in which the next round may begin.'),
  }),
  RoundRuleCleared: event('The pool of a model has no rule for its rounds any more.', { model: modelId }),
  RoundQueued: event('A round was prepared: it begins when it is due.', {
    model: modelId,
    by: field(accountId, 'Who pays for it.'),
    deposit: field(balance, 'What is held of it until then.'),
  }),
  RoundDropped: event('A round that was prepared does not begin; what was held went back.', {
    model: modelId,
    by: field(accountId, 'Who had prepared it.'),
  }),
  DueRoundOpened: event('A round was due and has begun.', {
    model: modelId,
    round: roundId,
    due: field(blockNumber, 'The first block in which the next one may begin.'),
  }),
};

export const scheduleErrors = {
  NoRule: 'The pool of the model has no rule for its rounds.',
  BadPeriod: 'A round is begun at most once a block, and takes at most as much as it needs at least or more.',
  NotDue: 'The next round is not due.',
  NothingQueued: 'No round is prepared.',
  TooManyQueued: 'As many rounds as may be are prepared.',
  NoCommittee: 'No committee works: nobody can say what a round costs.',
  NoSuchCount: 'The rule of the pool counts nothing at the place that a reporter names.',
  NotYours: 'Another prepared it, who still may.',
};

export const scheduleConstants = {
  RuleDeposit: constant(balance, RULE_DEPOSIT, 'Reserved while a model has a rule for its rounds.'),
  MaxQueued: constant(u32, MAX_QUEUED, 'The most rounds of one model that are prepared.'),
};
