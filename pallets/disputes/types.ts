/** What a dispute is made of: codecs are the declaration, TypeScript types follow from them. */
import {
  bool,
  bounded,
  enumeration,
  field,
  fixed,
  named,
  type Of,
  option,
  struct,
  u8,
  u16,
  u32,
  u64,
  vec,
} from '../../primitives/scale/index.ts';
import { evaluationIndex } from '../curation/types.ts';
import { grantId } from '../licensing/types.ts';
import { asset, modelId, tag } from '../ownership/types.ts';
import { claimId } from '../registry/types.ts';
import { accountId, balance, blockNumber, h256 } from '../support/types.ts';

export const disputeId = named('DisputeId', u64, 'Number of the dispute.');

/** Seats of a panel, by its level: the first one, and those of the two appeals. */
export const SEATS = [3, 7, 15] as const;
export const MAX_LEVEL = SEATS.length - 1;
/** Digests of evidence that one side names at a time, and entries of a dispute in all. */
export const MAX_DIGESTS = 8;
const MAX_ENTRIES = 4;
/** Disputes of one asset, and reports of one account, that are open at the same time. */
export const MAX_OPEN = 8;
export const MAX_REPORTS = 8;
/** Jurors that are drawn from, and with them those who wait for their bond. */
export const MAX_JURORS = 256;
export const MAX_POOL = 320;
/** Units of one juror: one hash gives so many tickets. */
export const MAX_UNITS = 8;
/** Accounts that a dispute keeps from its panels: holders of two assets at the report and each time a panel is called for, and the parties. */
export const MAX_PARTIES = 2 + 2 * 4 * 17;

/** What a report is about. */
export const subject = enumeration('tacit_disputes::Subject', {
  Asset: asset,
  Grant: grantId,
  Evaluation: { model: modelId, evaluation: evaluationIndex },
  Claim: claimId,
});
export type Subject = Of<typeof subject>;
/** What somebody has said: an evaluation, or the claim of an attester. */
export type Word = Extract<Subject, { tag: 'Evaluation' | 'Claim' }>;

/** What is wrong with it. The first four are said of assets, two of grants, four of evaluations; `False` of claims too. */
export const kind = enumeration('tacit_disputes::Kind', {
  /** It is a copy of another's work, or a part of it is. */
  Copy: null,
  /** It was made without a right that it needed. */
  Unlicensed: null,
  /** It is described wrongly. */
  Misleading: null,
  /** It does harm. */
  Harmful: null,
  /** The holder of a grant breaks its terms. */
  Misuse: null,
  /** The time that a grant was paid for is over, its grace included. */
  Expired: null,
  /** What an evaluation or a claim says is not so. */
  False: null,
  /** The author of an evaluation was paid for it, or has a part of the model. */
  Bought: null,
  /** An evaluation is not about the model, or the law forbids it. */
  Improper: null,
  /** The grant by which an evaluation speaks was taken from its holder for misuse. */
  Unfounded: null,
});
export type Kind = Of<typeof kind>['tag'];

export const verdict = enumeration('tacit_disputes::Verdict', {
  /** The report is right. */
  Upheld: null,
  /** It is not. */
  Dismissed: null,
});
export type Verdict = Of<typeof verdict>['tag'];

export const side = enumeration('tacit_disputes::Side', { Reporter: null, Respondent: null });
export type Side = Of<typeof side>['tag'];

/** By what a ruling came about. */
export const basis = enumeration('tacit_disputes::Basis', {
  /** By what the chain itself knows. */
  Rule: null,
  /** The respondent did not answer. */
  Silence: null,
  /** More than half of the panel's seats were voted, and most of these say so. */
  Panel: null,
  /** The panel did not come to a majority: what the panel was to change stays. */
  NoMajority: null,
});

export const ruling = struct('tacit_disputes::Ruling', {
  verdict,
  basis,
  level: field(u8, 'The level of the panel that came to it; 0 if there was none.'),
  block: blockNumber,
});
export type Ruling = Of<typeof ruling>;

/** Where a dispute stands. A block number named `until` is the first in which the phase is over. */
export const phase = enumeration('tacit_disputes::Phase', {
  /** The respondent may answer; from `lateFrom` on for twice the bond. */
  Answer: { lateFrom: blockNumber, until: blockNumber },
  /** The panel waits for randomness that nobody could know in block `frozen`; reveals from number `firstBeacon` on are looked at. */
  Draw: { frozen: blockNumber, firstBeacon: u32, until: blockNumber },
  /** Jurors commit, then reveal. */
  Vote: { commitUntil: blockNumber, until: blockNumber },
  /** A ruling stands; the side that lost may appeal. */
  Ruled: { until: blockNumber },
  /** It is over. */
  Closed: { at: blockNumber },
});
export type Phase = Of<typeof phase>;

/** What a side has put up for its word; reserved of its account while the dispute is open. */
export const bond = struct('tacit_disputes::Bond', {
  side,
  account: accountId,
  amount: balance,
  level: field(u8, 'The panel that it was put up for.'),
  isSpared: field(bool, 'Its panel came to no majority: it goes back, whatever the end.'),
  pay: field(balance, 'What of it goes to jurors whoever is right: of a report about an evaluation. Otherwise 0.'),
});
export type Bond = Of<typeof bond>;

export const dispute = struct('tacit_disputes::Dispute', {
  subject,
  kind,
  asset: field(asset, 'The asset that it is about, or that the grant, the evaluation or the claim is of.'),
  against: field(option(asset), 'The asset whose rights are touched.'),
  reporter: accountId,
  respondent: field(
    accountId,
    'The owner of the asset, or the holder of the grant, when it was reported; the author of the evaluation; the attester.',
  ),
  reportedAt: blockNumber,
  phase,
  level: field(u8, 'The panel that sits, or sat last: 0, 1, 2.'),
  ruling: option(ruling),
  bonds: bounded(vec(bond), 2 + MAX_LEVEL),
  slash: field(balance, 'What an attester loses of its bond if its claim is found false; of all else 0.'),
});
export type Dispute = Of<typeof dispute>;

export const digests = field(bounded(vec(h256), MAX_DIGESTS), 'sha2-256 of documents that are shown elsewhere.');

/** What one side has named, in order. */
export const entry = struct('tacit_disputes::Entry', { by: accountId, block: blockNumber, digests });
export const entries = bounded(vec(entry), MAX_ENTRIES);
export type Entry = Of<typeof entry>;

/** What became of a seat's vote. */
export const vote = enumeration('tacit_disputes::Vote', {
  Awaited: null,
  /** Hash of the vote and a salt. */
  Committed: h256,
  Cast: verdict,
  /** Somebody else knew the vote before it was to be revealed: it counts no more. */
  Denounced: null,
});
export type Vote = Of<typeof vote>;

/** A juror on a panel: as many seats as units of its bond were drawn. */
export const seat = struct('tacit_disputes::Seat', {
  juror: accountId,
  seats: u8,
  vote,
});
export type Seat = Of<typeof seat>;
export const panel = struct('tacit_disputes::Panel', {
  seats: bounded(vec(seat), 15),
  isTied: field(bool, 'It came to no majority.'),
  silent: field(
    balance,
    'What a juror loses for each of its seats if it opens no vote, as it was when the panel was drawn.',
  ),
  wrong: field(balance, 'The same if it votes otherwise than the end.'),
});
export type Panel = Of<typeof panel>;

/** Who may be drawn, and what it stands to lose. */
export const juror = struct('tacit_disputes::Juror', {
  account: accountId,
  bond: field(balance, 'What is left of its bond.'),
  since: field(blockNumber, 'It judges only what was reported later.'),
  panels: field(u16, 'Open disputes in which it sits or sat.'),
  leaving: field(option(blockNumber), 'It is not drawn for what is frozen after this block.'),
});
export type Juror = Of<typeof juror>;

/** A beacon of the tally, as draws use it. */
export const beacon = struct('tacit_disputes::Beacon', {
  round: field(u32, 'The round that it comes from.'),
  closedAt: field(blockNumber, 'The block that closed the round: before it the beacon was known to nobody.'),
  value: fixed(32),
});
export type Beacon = Of<typeof beacon>;

export const outcome = enumeration('tacit_disputes::Outcome', {
  Upheld: null,
  Dismissed: null,
  /** No panel could be drawn in time: nobody won, nobody lost. */
  Undecided: null,
});
export type Outcome = Of<typeof outcome>['tag'];

/** What stays of a dispute for good. */
export const record = struct('tacit_disputes::Record', {
  subject,
  kind,
  reporter: accountId,
  respondent: accountId,
  reportedAt: blockNumber,
  closedAt: blockNumber,
  outcome,
  digest: field(h256, 'blake2b-256 of the whole record: dispute, entries and panels, encoded one after the other.'),
});
export type DisputeRecord = Of<typeof record>;

const finding = struct('tacit_disputes::Finding', {
  kind,
  frozenUntil: field(option(blockNumber), 'Until when the finding freezes the asset.'),
});
export type Finding = Of<typeof finding>;

/** What disputes have done to an asset, so that exactly that can be undone. */
export const holds = struct('tacit_disputes::Holds', {
  open: field(bounded(vec(disputeId), MAX_OPEN), 'Disputes about it that are open.'),
  found: field(bounded(vec(finding), 4), 'What was found for good.'),
  tags: field(bounded(vec(tag), 8), 'Words that disputes have put on it.'),
  freeze: field(
    option(struct('tacit_disputes::Freeze', { before: option(blockNumber) })),
    'It is frozen by disputes, and what held before.',
  ),
  revoked: field(bool, 'It is revoked by disputes.'),
});
export type Holds = Of<typeof holds>;

/** Disputes about what somebody has said. */
export const cases = struct('tacit_disputes::Cases', {
  open: field(bounded(vec(disputeId), MAX_OPEN), 'Disputes about it that are open.'),
  found: field(bool, 'It was found against for good.'),
});
