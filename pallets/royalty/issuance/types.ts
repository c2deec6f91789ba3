/** What is kept of the issuance for data in use. */
import { field, type Of, option, struct, u32 } from '../../../primitives/scale/index.ts';
import { balance, blockNumber } from '../../support/types.ts';

/** The period that runs, and what was issued before. */
export const issuance = struct('tacit_royalty::Issuance', {
  period: field(u32, 'Number of the period.'),
  began: field(blockNumber, 'The block in which it began.'),
  burned: field(balance, 'What the payments for the use of data have burned in it.'),
  uses: field(u32, 'How many data were used in it.'),
  issued: field(balance, 'All that was ever issued.'),
  left: field(balance, 'Issued for earlier periods and due to nobody, for it is less than a unit each.'),
});
export type Issuance = Of<typeof issuance>;

/** A period that is over, as long as somebody has not taken its part. */
export const closedPeriod = struct('tacit_royalty::ClosedPeriod', {
  pot: field(balance, 'What is shared by the data that were used in it.'),
  burned: field(balance, 'What the payments for their use have burned: the whole of which each has a part.'),
  left: field(balance, 'What of the pot has not been taken.'),
  open: field(u32, 'How many have not taken their part.'),
});
export type ClosedPeriod = Of<typeof closedPeriod>;

/** Use of one `$Data` in a period. */
export const dataUse = struct('tacit_royalty::DataUse', {
  period: field(u32, 'In which period.'),
  burned: field(balance, 'What the payments for its use have burned.'),
});
export type DataUse = Of<typeof dataUse>;

export const issuanceInfo = struct('tacit_royalty::IssuanceInfo', {
  now: issuance,
  ends: field(blockNumber, 'The first block of the next period.'),
  pot: field(balance, 'What would be issued if the period ended now.'),
});
export const bonusInfo = struct('tacit_royalty::BonusInfo', {
  use: option(dataUse),
  bonus: field(option(balance), 'What the data gets of its period, if that is over.'),
});
