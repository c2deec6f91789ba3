/** Storage, events, errors and constants of disputes. */
import { bool, field, u8, u16, u32, vec, bounded } from '../../primitives/scale/index.ts';
import { grantId } from '../licensing/types.ts';
import { asset } from '../ownership/types.ts';
import { accountId, balance, blockNumber, constant, defineState, event, h256, map, value } from '../support/index.ts';
import {
  beacon,
  cases,
  digests,
  dispute,
  disputeId,
  entries,
  holds,
  type Holds,
  juror,
  kind,
  MAX_JURORS,
  MAX_OPEN,
  MAX_PARTIES,
  MAX_POOL,
  MAX_REPORTS,
  MAX_UNITS,
  outcome,
  panel,
  record,
  ruling,
  subject,
  verdict,
} from './types.ts';

/** Beacons that are kept: a panel that nobody draws while so many more are revealed is not drawn at all. */
export const KEPT_BEACONS = 64;

/**
 * Blocks between the last commitment and the first opened vote: a vote is opened when the commitments of all are final, or a chain without the last of them would let
 * that juror choose anew.
 */
export const COMMIT_MARGIN = 30;

export const NO_HOLDS: Holds = { open: [], found: [], tags: [], freeze: undefined, revoked: false };

const id = disputeId;
const by = field(accountId, 'Who did it.');
const level = field(u8, 'Level of the panel: 0, 1, 2.');
const who = field(accountId, 'Which juror.');
const amount = field(balance, 'How much.');

export const state = defineState({
  name: 'Disputes',
  index: 44,
  docs: 'Reports against assets, grants, evaluations and claims, and how they are decided: by rule, by silence, by panels of jurors.',
  storage: {
    next: value(disputeId, { default: 0n, docs: 'The number of the next dispute.' }),
    disputes: map(disputeId, dispute, {
      hasher: 'twox64Concat',
      docs: 'Disputes that are open, or whose papers are still kept.',
    }),
    entries: map(disputeId, entries, {
      hasher: 'twox64Concat',
      default: [],
      docs: 'Digests that the sides have named, by dispute.',
    }),
    parties: map(disputeId, bounded(vec(accountId), MAX_PARTIES), {
      hasher: 'twox64Concat',
      default: [],
      docs: 'Accounts that are never drawn for a dispute.',
    }),
    panels: map([disputeId, u8], panel, { hasher: 'twox64Concat', docs: 'Panels by dispute and level.' }),
    records: map(disputeId, record, { hasher: 'twox64Concat', docs: 'What stays of closed disputes for good.' }),
    tried: map(h256, disputeId, {
      hasher: 'identity',
      docs: 'Disputes by the hash of their subject, kind and evidence: none is brought twice.',
    }),
    holds: map(asset, holds, {
      hasher: 'twox64Concat',
      default: NO_HOLDS,
      docs: 'Open disputes of an asset, and what disputes have done to it.',
    }),
    ofGrant: map(grantId, disputeId, {
      hasher: 'twox64Concat',
      docs: 'The open dispute of a grant: there is one at a time.',
    }),
    cases: map(subject, cases, {
      hasher: 'twox64Concat',
      default: { open: [], found: false },
      docs: 'Open disputes about an evaluation or a claim; of a claim that was found false it stays.',
    }),
    misused: map(grantId, disputeId, {
      hasher: 'twox64Concat',
      docs: 'The dispute by which a grant was taken from its holder for misuse. Kept for good, as its record is.',
    }),
    reports: map(accountId, u8, { default: 0, docs: 'How many open disputes an account has reported.' }),
    pool: value(bounded(vec(juror), MAX_POOL), { default: [], docs: 'Jurors, in the order in which they joined.' }),
    seats: map([accountId, disputeId], u8, {
      hasher: ['blake2_128Concat', 'twox64Concat'],
      docs: 'The level at which a juror sits, by juror and open dispute.',
    }),
    beacons: map(u32, beacon, { hasher: 'twox64Concat', docs: 'Beacons of the last reveals, in their order.' }),
    nextBeacon: value(u32, { default: 0, docs: 'The number of the next beacon.' }),
  },
  events: {
    Reported: event('Something was reported: a dispute is open.', {
      id,
      subject: field(subject, 'What it is about.'),
      kind: field(kind, 'What is said of it.'),
      reporter: field(accountId, 'Who says so.'),
      respondent: field(accountId, 'Whose it was then.'),
      digests,
    }),
    Answered: event('The respondent answered: a panel will be drawn.', { id, digests }),
    BeaconNoted: event('Randomness that nobody could choose was revealed; panels are drawn by it.', {
      number: field(u32, 'Its number.'),
      round: field(u32, 'The round that it comes from.'),
    }),
    PanelDrawn: event('A panel was drawn. Its jurors commit to a vote now.', {
      id,
      level,
      jurors: field(vec(accountId), 'Who was drawn, once for each seat.'),
      commitUntil: field(blockNumber, 'The first block that takes no more commitments.'),
      until: field(blockNumber, 'The first block that takes no more votes.'),
    }),
    Committed: event('A juror committed to a vote.', { id, juror: who }),
    AllCommitted: event('All jurors of a panel have committed: they open their votes sooner.', {
      id,
      commitUntil: field(blockNumber, 'The first block in which votes are opened.'),
    }),
    Voted: event('A juror opened its vote.', { id, juror: who, verdict: field(verdict, 'How it voted.') }),
    Denounced: event('A juror’s vote was known to another before it was to be: it counts no more.', {
      id,
      juror: who,
      by,
      lost: field(balance, 'What the juror lost; half went to who knew the vote.'),
    }),
    Ruled: event('A ruling stands, until it is changed on appeal.', { id, ruling: field(ruling, 'The ruling.') }),
    Appealed: event('The side that lost appealed: a larger panel will be drawn.', { id, by, level, digests }),
    Lapsed: event('No panel could be drawn in time: what stood before stays.', { id, level }),
    Closed: event('A dispute is over.', {
      id,
      outcome: field(outcome, 'How it ended.'),
      digest: field(h256, 'blake2b-256 of its whole record.'),
    }),
    Pruned: event('The papers of a closed dispute were dropped; its record stays.', { id }),
    JurorJoined: event('An account may be drawn as a juror from now on.', {
      juror: who,
      bond: amount,
      units: field(u8, 'Units of its bond: its chance is in proportion to them.'),
    }),
    JurorLeaving: event('A juror is not drawn for later disputes; its bond is free after its notice.', { juror: who }),
    JurorLeft: event('A juror has what is left of its bond back.', { juror: who, bond: amount }),
    JurorPaid: event('A juror was paid for its vote.', { id, juror: who, amount }),
    JurorLost: event('A juror lost a part of its bond: it was silent, or voted otherwise than the end.', {
      id,
      juror: who,
      amount,
      isSilent: field(bool, 'Whether it was silent.'),
    }),
    BondLost: event('A side lost what it had put up.', { id, account: field(accountId, 'Whose it was.'), amount }),
  },
  errors: {
    UnknownDispute: 'No open dispute has this number.',
    UnknownAsset: 'No such asset is registered.',
    UnknownGrant: 'No grant has this number.',
    WrongKind: 'This is not said of such a subject.',
    NotSo: 'The chain knows that this is not so.',
    NoEvidence: 'A report or an appeal names at least one document.',
    AlreadyTried: 'This was brought with the same evidence before.',
    AlreadyFound: 'This has been found for good.',
    OwnSubject: 'Nobody reports what is its own.',
    SameAsset: 'An asset does not touch its own rights.',
    TooManyOpen: 'As many disputes as may be are open about this.',
    TooManyReports: 'As many reports of the caller as may be are open.',
    WrongPhase: 'The dispute is not in the phase for this.',
    NotRespondent: 'Only the respondent answers.',
    TooEarly: 'The time for this has not come.',
    TooLate: 'The time for this is over.',
    NoRule: 'No rule decides this: a panel does.',
    NoBeacon: 'No randomness has been revealed that was unknown when the panel was called for.',
    TooFewJurors: 'There are too few jurors who may judge this.',
    NotDrawn: 'The account does not sit on the panel.',
    AlreadyCommitted: 'The juror has committed already.',
    NotCommitted: 'There is no commitment to open.',
    WrongVote: 'The vote and the salt are not those of the commitment.',
    OwnVote: 'Nobody denounces itself.',
    NotLoser: 'Only the side that lost appeals.',
    LastInstance: 'There is no appeal against the last panel.',
    AlreadyJuror: 'The account is a juror.',
    NotJuror: 'The account is no juror.',
    BadUnits: 'A bond has at least one unit, and not more than may be.',
    PoolFull: 'There are as many jurors as may be, none with fewer units.',
    AlreadyLeaving: 'The juror is leaving.',
    StillBound: 'The juror has not given notice, its notice is not over, or it sits on a panel.',
    UnknownEvaluation: 'The model has no such evaluation, or it was withdrawn.',
    UnknownClaim: 'No claim has this number.',
    ClaimTooOld: 'The claim has not held for so long that nothing is at stake for it any more.',
  },
  constants: {
    MaxOpen: constant(u8, MAX_OPEN, 'The most open disputes about one asset, evaluation or claim.'),
    MaxReports: constant(u8, MAX_REPORTS, 'The most open disputes that one account has reported.'),
    MaxJurors: constant(u16, MAX_JURORS, 'The most jurors at a time.'),
    MaxUnits: constant(u8, MAX_UNITS, 'The most units of one juror.'),
    CommitMargin: constant(
      blockNumber,
      COMMIT_MARGIN,
      'Blocks between the last commitment of a panel and the first opened vote.',
    ),
    KeptBeacons: constant(u32, KEPT_BEACONS, 'How many beacons are kept.'),
  },
});
export type Disputes = ReturnType<typeof state.use>;
