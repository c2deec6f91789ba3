/** Storage, events and errors of the issuance for data in use. */
import { field, u32 } from '../../../primitives/scale/index.ts';
import { dataId } from '../../ownership/types.ts';
import { balance, event, map, value } from '../../support/index.ts';
import { closedPeriod, dataUse, issuance } from './types.ts';

const period = field(u32, 'Number of the period.');

export const issuanceStorage = {
  issuance: value(issuance, {
    default: { period: 0, began: 0, burned: 0n, uses: 0, issued: 0n, left: 0n },
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
};

export const issuanceErrors = {
  NotUsed: 'No use of the data waits for a bonus.',
  PeriodRuns: 'The period in which the data was used is not over.',
};
