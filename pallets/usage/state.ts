import { bool, bounded, field, u16, u32, u64, unit, vec } from '../../primitives/scale/index.ts';
import { grantId } from '../licensing/types.ts';
import { modelId } from '../ownership/types.ts';
import {
  accountId,
  balance,
  blockNumber,
  constant,
  defineState,
  event,
  map,
  palletAccount,
  value,
} from '../support/index.ts';
import type { Consumer } from '../tally/index.ts';
import { roundId } from '../tally/types.ts';
import {
  livePeriod,
  MAX_COUNTERS,
  MAX_REPORTERS,
  MAX_SLOTS,
  meter,
  meterId,
  period,
  periodIndex,
  USAGE_PALLET,
} from './types.ts';

/** Reserved while a period is open, in units of 10^-6 TAC. */
export const PERIOD_DEPOSIT = 10_000_000n;
/** Burned for a period and each of its counters: what it opens stays for good. */
export const PERIOD_FEE = 100_000n;
export const COUNTER_FEE = 10_000n;
/** Of the owner of a model, for each gateway that may have meters of it. */
export const GATEWAY_DEPOSIT = 50_000n;
/** Of a gateway, while a meter stands: it holds 64 grants. */
export const METER_DEPOSIT = 1_000_000n;
/** Of a gateway, while a report is under way; lost if the counts do not come or are false. */
export const REPORT_DEPOSIT = 10_000_000n;
/** Periods and reports under way at the same time: places for rounds are few. */
export const MAX_OPEN = 2;
/** How long reports may be handed in: an hour for a gateway, which has its counts; a day for the reporters of a period. */
export const REPORT_BLOCKS = 1_800;
export const PERIOD_BLOCKS = 43_200;

/** Holds bills of reports under way; no key opens it. */
export const ESCROW: Uint8Array = palletAccount('tacituse');

/** Rounds of statistics and of meters: nothing of them is opened but the sums, or which bounds are reached. */
export const USAGE: Consumer = { pallet: USAGE_PALLET, opens: ['Sum'] };

const which = { model: modelId, period: periodIndex };
const gateway = field(accountId, 'Who serves uses and counts them.');
const bill = field(balance, 'What the uses cost that no report had before.');
const uses = field(u64, 'How many uses no report had before.');

export const state = defineState({
  name: 'Usage',
  index: USAGE_PALLET,
  docs: 'How models are used, counted by encrypted reports: statistics of several reporters, and meters that bill uses and exhaust grants.',
  storage: {
    periods: map([modelId, periodIndex], period, {
      hasher: 'twox64Concat',
      docs: 'Periods of statistics by model, in order; they stay.',
    }),
    nextPeriod: map(modelId, periodIndex, {
      hasher: 'twox64Concat',
      default: 0,
      docs: 'The number of the next period of a model.',
    }),
    openPeriods: value(bounded(vec(livePeriod), MAX_OPEN), { default: [], docs: 'Periods that are not concluded.' }),
    gateways: map([modelId, accountId], unit, {
      hasher: ['twox64Concat', 'blake2_128Concat'],
      docs: 'Who may have meters of a model, as whoever licenses it says.',
    }),
    meters: map(meterId, meter, { hasher: 'twox64Concat', docs: 'Meters by number.' }),
    metersOf: map([accountId, meterId], unit, {
      hasher: ['blake2_128Concat', 'twox64Concat'],
      docs: 'Meters of a gateway.',
    }),
    nextMeter: value(meterId, { default: 0, docs: 'The number of the next meter.' }),
    reporting: value(bounded(vec(meterId), MAX_OPEN), { default: [], docs: 'Meters with a report under way.' }),
  },
  events: {
    PeriodOpened: event('Statistics of a model are taken: those who were admitted hand in encrypted counts.', {
      ...which,
      opener: field(accountId, 'Who wants to know.'),
      round: roundId,
    }),
    PeriodEnded: event('The totals of a period are opened.', {
      ...which,
      reports: field(u16, 'Over how many reports.'),
    }),
    PeriodFailed: event('A period ended and nothing is opened.', {
      ...which,
      lost: field(balance, 'What was burned of the deposit: half of it if too few reports were handed in.'),
    }),
    GatewaySet: event('A gateway may have meters of a model, or no more.', {
      model: modelId,
      gateway,
      isNamed: field(bool, 'Whether it may.'),
    }),
    MeterOpened: event('A gateway counts uses of grants of a model.', { meter: meterId, model: modelId, gateway }),
    Joined: event('The holder of a grant agrees to have its uses counted by a meter.', {
      meter: meterId,
      grant: grantId,
    }),
    Admitted: event('A gateway counts the uses of a grant from now on.', { meter: meterId, grant: grantId }),
    Left: event('A grant is on its meter no more.', {
      meter: meterId,
      grant: grantId,
      isSpent: field(
        bool,
        'Whether its uses are taken for spent; not if the gateway told how many were, or was silent.',
      ),
    }),
    Reported: event('A gateway reports: the encrypted counts go to a round.', {
      meter: meterId,
      round: roundId,
      uses,
      bill,
    }),
    Exhausted: event('A report has shown that the uses of a grant are used up.', { meter: meterId, grant: grantId }),
    Billed: event('A report is accepted and paid for: the model has earned the bill, less the parts of every price.', {
      meter: meterId,
      uses,
      bill,
    }),
    ReportFailed: event('A report came to nothing; its bill is back with the gateway.', {
      meter: meterId,
      lost: field(balance, 'What was burned of the deposit: all of it if the counts did not come or were false.'),
    }),
    MeterClosed: event('A meter is gone; its deposit is back with the gateway.', { meter: meterId }),
  },
  errors: {
    UnknownPeriod: 'The model has no such period.',
    ModelBusy: 'A period of the model is under way.',
    OpenerBusy: 'The caller has a period under way, or a report.',
    TooManyOpen: 'As many as may be are under way.',
    BadCounters: 'A period has counters, each with another name that is not empty.',
    BadReporters: 'Each reporter is named once.',
    TooLong: 'A gateway hands in its counts within an hour, the reporters of a period theirs within a day.',
    NotOpen: 'The period is over.',
    NotEnded: 'The round is not over yet.',
    AlreadyNamed: 'The gateway is named already.',
    NotGateway: 'The account is no gateway of the model, or not that of this meter.',
    UnknownMeter: 'No meter has this number.',
    UnknownTerms: 'No such terms are stored.',
    PricedByCount: 'The terms price uses by how many a grant had before, and nobody is to know that.',
    BadLeast: 'At least two grants and at most 64 are counted together.',
    OtherTerms: 'The grant is of another model, or under other terms.',
    MeterFull: 'All places of the meter are taken.',
    NotJoined: 'The grant is on no meter, or not on this one.',
    AlreadyAdmitted: 'The grant has a place on the meter.',
    NotAdmitted: 'The grant has no place on a meter yet.',
    NotHolder: 'The caller does not hold the grant.',
    TooFewGrants: 'The meter has too few grants to be reported.',
    NothingNew: 'No more uses than were reported before.',
    ReportOpen: 'A report of the meter is under way.',
    NoReport: 'No report of the meter is under way.',
    StillMetered: 'There are grants on the meter.',
  },
  constants: {
    PeriodDeposit: constant(balance, PERIOD_DEPOSIT, 'Reserved while a period is open.'),
    PeriodFee: constant(balance, PERIOD_FEE, 'Burned for a period.'),
    CounterFee: constant(balance, COUNTER_FEE, 'Burned for each of its counters.'),
    GatewayDeposit: constant(balance, GATEWAY_DEPOSIT, 'Reserved of the owner of a model for each gateway.'),
    MeterDeposit: constant(balance, METER_DEPOSIT, 'Reserved of a gateway while a meter stands.'),
    ReportDeposit: constant(balance, REPORT_DEPOSIT, 'Reserved of a gateway while a report is under way.'),
    MaxOpen: constant(u32, MAX_OPEN, 'The most periods under way, and the most reports.'),
    MaxCounters: constant(u32, MAX_COUNTERS, 'The most counters of a period.'),
    MaxReporters: constant(u32, MAX_REPORTERS, 'The most reporters of a period.'),
    MaxSlots: constant(u32, MAX_SLOTS, 'The most grants of a meter over its life.'),
    PeriodBlocks: constant(blockNumber, PERIOD_BLOCKS, 'How long the reporters of a period have at most.'),
    ReportBlocks: constant(blockNumber, REPORT_BLOCKS, 'How long a gateway has at most to submit its counts.'),
  },
});
export type Usage = ReturnType<typeof state.use>;
