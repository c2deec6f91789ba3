/** Storage, events, errors and constants of the issuance for data. */
import { field, u32 } from '../../../primitives/scale/index.ts';
import { dataId } from '../../ownership/types.ts';
import { accountId, balance, blockNumber, constant, event, map, value } from '../../support/index.ts';
import { backer, closedPeriod, dataBacking, dataUse, issuance, NO_ISSUANCE } from './types.ts';

/** The least that an account has behind one `$Data`, in units of 10^-6 TAC: it pays for the entries while it stands. */
export const LEAST_BACKING = 1_000_000n;

const period = field(u32, 'Number of the period.');
const who = field(accountId, 'Whose money it is.');

export const issuanceStorage = {
  issuance: value(issuance, {
    default: NO_ISSUANCE,
    docs: 'The period that runs, and what was issued before.',
  }),
  periods: map(u32, closedPeriod, {
    hasher: 'twox64Concat',
    docs: 'Periods that are over, until every data that was used has its part.',
  }),
  uses: map(dataId, dataUse, {
    hasher: 'twox64Concat',
    docs: 'The use of data in the last period for which it has no bonus yet.',
  }),
  backings: map(dataId, dataBacking, {
    hasher: 'twox64Concat',
    docs: 'What stands behind data; of data whose backing was burned, that it was.',
  }),
  backers: map([dataId, accountId], backer, {
    hasher: ['twox64Concat', 'blake2_128Concat'],
    docs: 'What accounts have behind data. Of data whose backing was burned it is worth nothing.',
  }),
};

export const issuanceEvents = {
  PeriodClosed: event('A period of the issuance is over.', {
    period,
    pot: field(balance, 'What the data that were used in it share.'),
    issued: field(balance, 'What of it was issued anew.'),
  }),
  BonusPaid: event('Data got its part of a period: it has earned it.', {
    data: dataId,
    period,
    amount: field(balance, 'How much.'),
  }),
  Backed: event('An account has put money behind data.', {
    data: dataId,
    account: who,
    amount: field(balance, 'How much more.'),
  }),
  BackingWithdrawn: event(
    'An account takes money from behind data: it earns nothing more, and can be lost until it is released.',
    {
      data: dataId,
      account: who,
      amount: field(balance, 'How much.'),
      until: field(blockNumber, 'The first block in which all that it has withdrawn can be released.'),
    },
  ),
  BackingReleased: event('An account has back what it had withdrawn.', {
    data: dataId,
    account: who,
    amount: field(balance, 'How much; nothing if it was burned.'),
  }),
  BackingBurned: event('A ruling has taken data out of use, and what stood behind it was burned.', {
    data: dataId,
    amount: field(balance, 'How much.'),
  }),
  BaseEarned: event('The base was issued to data: it has earned it.', {
    data: dataId,
    amount: field(balance, 'How much.'),
  }),
  BackerPaid: event('The base was issued to a backer of data.', {
    data: dataId,
    account: who,
    amount: field(balance, 'How much.'),
  }),
};

export const issuanceErrors = {
  NotUsed: 'No use of the data waits for a bonus.',
  PeriodRuns: 'The period in which the data was used is not over.',
  BackingTooSmall: 'An account has at least LeastBacking behind data, or nothing.',
  NotBacked: 'There is no such backing.',
  BackingLost: 'The backing of the data was burned: nothing can stand behind it any more.',
  BackingHeld: 'What was withdrawn can still be lost: its time is not over.',
  UnderDispute: 'A case about the data is open: its backing stays until that is over.',
  NotRevoked: 'No ruling has taken the data out of use.',
  NothingEarned: 'Neither the data nor the caller has earned a unit of the base.',
};

export const issuanceConstants = {
  LeastBacking: constant(balance, LEAST_BACKING, 'The least that an account has behind one `$Data`.'),
};
