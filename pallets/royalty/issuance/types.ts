/** What is kept of the issuance for data. */
import { field, type Of, option, struct, u32, u128 } from '../../../primitives/scale/index.ts';
import { balance, blockNumber } from '../../support/types.ts';
import { exact, NOTHING } from './exact.ts';

/** What each unit of backing has earned since the first block: whoever notes it can tell later what was earned meanwhile. */
export const baseIndex = struct('tacit_royalty::BaseIndex', {
  data: field(u128, 'For the data that it stands behind, in parts of a unit of which 2^96 are one.'),
  backers: field(u128, 'For whoever backs it.'),
});
export type BaseIndex = Of<typeof baseIndex>;

const NO_INDEX: BaseIndex = { data: 0n, backers: 0n };

/** All backing there is, and what it has earned. */
const backingTotals = struct('tacit_royalty::BackingTotals', {
  total: field(balance, 'Money that stands behind data and earns.'),
  at: field(blockNumber, 'The block up to which the base is counted.'),
  index: baseIndex,
  promised: field(exact, 'What was counted and is not paid: it is issued when it is.'),
});

/** The period that runs, and what was issued before. */
export const issuance = struct('tacit_royalty::Issuance', {
  period: field(u32, 'Number of the period.'),
  began: field(blockNumber, 'The block in which it began.'),
  burned: field(balance, 'What the payments for the use of data have burned in it.'),
  uses: field(u32, 'How many data were used in it.'),
  issued: field(balance, 'All that was ever issued.'),
  left: field(balance, 'Issued for earlier periods and due to nobody, for it is less than a unit each.'),
  backing: backingTotals,
});
export type Issuance = Of<typeof issuance>;

export const NO_ISSUANCE: Issuance = {
  period: 0,
  began: 0,
  burned: 0n,
  uses: 0,
  issued: 0n,
  left: 0n,
  backing: { total: 0n, at: 0, index: NO_INDEX, promised: NOTHING },
};

/** What stands behind one `$Data`. */
export const dataBacking = struct('tacit_royalty::DataBacking', {
  active: field(balance, 'What earns.'),
  leaving: field(balance, 'What was withdrawn and not released: it earns nothing, and is lost with the rest.'),
  index: field(baseIndex, 'As it was when this was last counted.'),
  data: field(exact, 'What the data has earned by it up to then and was not paid.'),
  backers: field(exact, 'The same of all its backers.'),
  burned: field(
    balance,
    'What was burned when a ruling had taken the data out of use. Nothing can stand behind it any more.',
  ),
});
export type DataBacking = Of<typeof dataBacking>;

export const NO_BACKING: DataBacking = {
  active: 0n,
  leaving: 0n,
  index: NO_INDEX,
  data: NOTHING,
  backers: NOTHING,
  burned: 0n,
};

/** What one account has behind one `$Data`. */
export const backer = struct('tacit_royalty::Backer', {
  active: field(balance, 'What earns.'),
  leaving: field(balance, 'What it has withdrawn and not released.'),
  until: field(blockNumber, 'The first block in which that can be released.'),
  index: field(u128, 'What a unit had earned for its backer when this was last counted.'),
  due: field(exact, 'What the account has earned by it up to then and was not paid.'),
});
export type Backer = Of<typeof backer>;

export const NO_BACKER: Backer = { active: 0n, leaving: 0n, until: 0, index: 0n, due: NOTHING };

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

export const backingInfo = struct('tacit_royalty::BackingInfo', {
  backing: option(dataBacking),
  data: field(balance, 'What the data would be paid of the base now.'),
  backers: field(balance, 'What all its backers would be paid together, rounded down once.'),
});
export type BackingInfo = Of<typeof backingInfo>;
export const backerInfo = struct('tacit_royalty::BackerInfo', {
  backer: option(backer),
  due: field(balance, 'What the account would be paid of the base now.'),
});
export type BackerInfo = Of<typeof backerInfo>;
export const basePreview = struct('tacit_royalty::BasePreview', {
  data: field(balance, 'What the data would earn.'),
  backer: field(balance, 'What its backer would earn.'),
});
export type BasePreview = Of<typeof basePreview>;
