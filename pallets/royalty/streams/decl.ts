/** Storage, events and errors of streams: what assets earn on its way to people. */
import { field } from '../../../primitives/scale/index.ts';
import { asset, basisPoints, modelId } from '../../ownership/types.ts';
import { accountId, balance, blockNumber, event, map } from '../../support/index.ts';
import { contributorsShare, NO_STREAM, stream } from './types.ts';

const about = field(asset, 'Which asset.');

export const streamStorage = {
  streams: map(asset, stream, {
    hasher: 'twox64Concat',
    default: NO_STREAM,
    docs: 'What was divided of the earnings of an asset so far.',
  }),
  contributors: map(modelId, contributorsShare, {
    hasher: 'twox64Concat',
    default: { bps: 0, lower: undefined },
    docs: 'The part of a model’s contributors in what its parents leave.',
  }),
  owed: map(accountId, balance, { default: 0n, docs: 'What accounts have earned and not collected yet.' }),
};

export const streamEvents = {
  Distributed: event('What an asset had earned was divided.', {
    asset: about,
    amount: field(balance, 'How much was divided.'),
    passed: field(balance, 'What of it other assets earn: parents, items of a portfolio.'),
    pool: field(balance, 'What went to the pool of a model, for its contributors.'),
    owed: field(balance, 'What accounts may collect.'),
  }),
  Owed: event('An account may collect a part of what an asset had earned.', {
    asset: about,
    account: field(accountId, 'Who may.'),
    amount: field(balance, 'How much.'),
  }),
  Forfeited: event('What people would get of what a revoked asset had earned went to the treasury.', {
    asset: about,
    amount: field(balance, 'How much.'),
  }),
  Collected: event('An account was paid all that it had earned.', {
    account: field(accountId, 'Who was paid.'),
    amount: field(balance, 'How much.'),
  }),
  ContributorsShareSet: event('The part of a model’s contributors was set.', {
    model: modelId,
    bps: field(basisPoints, 'Their part of what the parents leave.'),
    from: field(blockNumber, 'The first block in which it counts.'),
  }),
};

export const streamErrors = {
  NothingPaid: 'A payment is more than nothing.',
  TooLittle: 'Less has been earned than is divided at once; it waits for more.',
  Withheld: 'A ruling took the asset out of use, and may still be taken back: what it has earned waits.',
  NothingOwed: 'Nothing is owed to the account.',
  BadShare: 'A part is at most the whole.',
};
