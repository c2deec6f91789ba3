/** What the pallet keeps of periods and meters: codecs are the declaration, TypeScript types follow from them. */
import {
  bounded,
  enumeration,
  field,
  named,
  type Of,
  option,
  str,
  struct,
  u16,
  u32,
  u64,
  vec,
} from '../../primitives/scale/index.ts';
import { grantId, termsId } from '../licensing/types.ts';
import { basisPoints, modelId } from '../ownership/types.ts';
import { accountId, balance, blockNumber } from '../support/types.ts';
import { roundId } from '../tally/types.ts';

/** Index of the pallet in the runtime. */
export const USAGE_PALLET = 46;

/** The most counters of a period, and bytes of the name of one: the hexadecimal digits of a digest fit. */
export const MAX_COUNTERS = 64;
export const MAX_NAME = 64;
/** The most reporters of a period, as many as a round admits. */
export const MAX_REPORTERS = 64;
/** The most grants of a meter over its life. */
export const MAX_SLOTS = 64;
/** The fewest grants that are counted together: of one alone the bill would be the count. */
export const LEAST_GRANTS = 2;

export const periodIndex = named('PeriodIndex', u32, 'Number of the period of its model, from 0.');
export const meterId = named('MeterId', u32, 'Number of the meter.');

export const counters = field(
  bounded(vec(bounded(str, MAX_NAME)), MAX_COUNTERS),
  'What is counted: names, or digests of longer ones.',
);

export const periodState = enumeration('tacit_usage::PeriodState', {
  /** Reporters hand in their counts. */
  Open: null,
  /** Totals per counter, in the order of the counters, over all reports. */
  Ended: { reports: field(u16, 'How many reports.'), totals: field(vec(u64), 'The sum of each counter over them.') },
  /** Nothing was opened: too few reports, or the committee failed. */
  Failed: null,
});

/** One period of statistics of a model. */
export const period = struct('tacit_usage::Period', {
  opener: field(accountId, 'Who opened it, and chose the reporters.'),
  counters,
  reporters: field(u16, 'How many accounts may report.'),
  kMin: field(u16, 'The least number of reports that are opened together.'),
  round: field(roundId, 'The round of the tally that the reports go to.'),
  state: periodState,
});
export type Period = Of<typeof period>;

/** A period, named. */
export const livePeriod = struct('tacit_usage::LivePeriod', { model: modelId, period: periodIndex });

/** A period as a client reads it. */
export const statistics = struct('tacit_usage::Statistics', {
  number: periodIndex,
  period,
  shares: field(
    vec(basisPoints),
    'The part of each counter in the sum of all, by largest remainder; empty as long as nothing is opened, zeros if nothing was counted. The mean of a counter is its total over the number of reports.',
  ),
});
export type Statistics = Of<typeof statistics>;

export const slotState = enumeration('tacit_usage::SlotState', {
  /** Its uses are counted. */
  Live: null,
  /** A report has shown that they are used up. */
  Exhausted: null,
  /** It left before that. Its uses until then stay in the sums. */
  Left: null,
});
export const slot = struct('tacit_usage::Slot', {
  grant: grantId,
  since: field(blockNumber, 'When its holder put it on the meter.'),
  state: slotState,
});
export type Slot = Of<typeof slot>;

export const report = struct('tacit_usage::Report', {
  round: field(roundId, 'The round of the tally that the encrypted counts go to.'),
  total: field(u64, 'All uses of all grants of the meter since it was opened.'),
  bill: field(balance, 'In escrow: what those cost that no report had before.'),
});
export type Report = Of<typeof report>;

/** One gateway counts the uses of several grants of a model that are under the same terms. */
export const meter = struct('tacit_usage::Meter', {
  gateway: field(accountId, 'Who counts, reports and pays.'),
  model: modelId,
  terms: field(termsId, 'The terms of every grant on it.'),
  price: field(balance, 'What each use costs by them; 0 if uses are not paid singly.'),
  kMin: field(u16, 'No report before so many grants have come.'),
  since: field(blockNumber, 'When it was opened, or last reported.'),
  billed: field(u64, 'All uses that are reported and paid.'),
  slots: field(bounded(vec(slot), MAX_SLOTS), 'Its grants in the order in which they came; each keeps its place.'),
  report: field(option(report), 'The report under way.'),
});
export type Meter = Of<typeof meter>;

export const numberedMeter = struct('tacit_usage::NumberedMeter', { id: meterId, meter });
export type NumberedMeter = Of<typeof numberedMeter>;
