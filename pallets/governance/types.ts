/** What is kept of proposals, votes, the panel and the treasury: codecs are the declaration, TypeScript types follow from them. */
import {
  bounded,
  bytes,
  enumeration,
  field,
  fixed,
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
import { modelId } from '../ownership/index.ts';
import { accountId, balance, blockNumber, h256 } from '../support/index.ts';

/** Proposals open at the same time: in all, and of one account. */
export const MAX_OPEN = 32;
export const MAX_OPEN_EACH = 4;
/** The longest call of a proposal, encoded. It is brought again when it is enacted, in one extrinsic. */
export const MAX_CALL_BYTES = 65_536;
const MAX_TITLE_BYTES = 128;
/** Votes of one account: those that still count, and those whose lock still runs. */
export const MAX_COMMITMENTS = 64;
export const MAX_CANDIDATES = 32;
/** Candidates that one account approves of in one election. */
const MAX_APPROVED = 8;
export const MAX_SEATS = 9;
/** A panel of fewer members does nothing: no single account suspends a model. */
export const MIN_MEMBERS = 3;
/** Open motions of one member, and of all. */
export const MAX_MOTIONS_EACH = 2;
export const MAX_MOTIONS: number = MAX_MOTIONS_EACH * MAX_SEATS;
/** Models that one panel may have suspended in its term, or been overruled about. */
export const MAX_SPARED = 64;

export const proposalId = named('ProposalId', u64, 'Number of the proposal.');
export const title = field(bounded(str, MAX_TITLE_BYTES), 'What it is about, in a line.');
export const callBytes = bounded(bytes, MAX_CALL_BYTES);
const callHash = field(h256, 'blake2b-256 of the encoded call.');

/** How often an amount counts, and how long it stays reserved for that after the voting. */
export const conviction = enumeration(
  'tacit_governance::Conviction',
  { X1: null, X2: null, X3: null, X4: null },
  {
    variantDocs: {
      X1: ['Counts once; free when the voting is over.'],
      X2: ['Counts twice; free one lock period later.'],
      X3: ['Counts three times; free two lock periods later.'],
      X4: ['Counts four times; free four lock periods later.'],
    },
  },
);
export type Conviction = Of<typeof conviction>;
/** Exact integers: how often it counts, and how many lock periods that costs. */
export const CONVICTION: Readonly<Record<Conviction['tag'], { readonly times: bigint; readonly periods: number }>> = {
  X1: { times: 1n, periods: 0 },
  X2: { times: 2n, periods: 1 },
  X3: { times: 3n, periods: 2 },
  X4: { times: 4n, periods: 4 },
};
export const choice = enumeration('tacit_governance::Choice', { Aye: conviction, Nay: conviction, Abstain: null });
export type Choice = Of<typeof choice>;

export const tally = struct('tacit_governance::Tally', {
  ayes: field(balance, 'Votes for it: amounts times their convictions.'),
  nays: field(balance, 'Votes against it, likewise.'),
  ayeStake: field(balance, 'The amounts for it alone.'),
  nayStake: field(balance, 'The amounts against it alone.'),
  abstainStake: field(balance, 'The amounts of those who abstain.'),
  voters: field(u32, 'How many accounts have voted.'),
});
export type Tally = Of<typeof tally>;

/** The most places of a secret vote, as many as the tally takes ballots. */
export const MAX_BALLOTS = 64;
/** A secret vote opens the sums of no fewer ballots than this, whatever its proposer says. */
export const MIN_BALLOTS = 5;
export const leastBallots = field(u16, 'The least number of ballots whose sums are opened.');

/** What is known of the ballots of a secret proposal. */
export const ballots = enumeration('tacit_governance::Ballots', {
  /** Their round is under way, or nobody has counted it. */
  Waiting: null,
  Counted: {
    ayes: field(u32, 'Ballots for it.'),
    nays: field(u32, 'Ballots against it.'),
    abstentions: field(u32, 'Ballots for neither.'),
  },
  /** Nothing was opened: fewer were cast or accepted than have to be. */
  TooFew: null,
  /** Nothing was opened: the committee failed. */
  Failed: null,
});
export type Ballots = Of<typeof ballots>;

/** The secret vote that is under way: its places, and what they hold. Kept until its round is over, also if its proposal has ended before. */
export const secretVote = struct('tacit_governance::SecretVote', {
  id: field(proposalId, 'What it is about.'),
  round: field(u32, 'The round of the tally that takes the ballots.'),
  leastBallots,
  reserve: field(balance, 'Reserved of each who has a place, and what its ballot weighs.'),
  seats: field(bounded(vec(accountId), MAX_BALLOTS), 'Who has a place, in the order in which they came.'),
});
export type SecretVote = Of<typeof secretVote>;

/** A proposal that is open. All its times and thresholds are those of the block in which it was made: nothing that is decided later changes them. */
export const proposal = struct('tacit_governance::Proposal', {
  proposer: field(accountId, 'Who made it.'),
  deposit: field(balance, 'Reserved of the proposer until it ends.'),
  title,
  reasons: field(h256, 'Digest of the text that gives its reasons.'),
  callHash,
  callLength: field(u32, 'Bytes of the encoded call.'),
  opened: field(blockNumber, 'The block in which it was made.'),
  closes: field(blockNumber, 'Votes count in blocks below this one.'),
  enactFrom: field(blockNumber, 'The first block in which its call may be made, if it has passed.'),
  expires: field(blockNumber, 'The first block in which it may not be made any more.'),
  lockBlocks: field(blockNumber, 'Blocks of one lock period.'),
  approvalBps: field(u16, 'It passes with more than so many basis points of all ayes and nays.'),
  supportBps: field(u16, 'It needs ayes and abstentions of so many basis points of the electorate, by their amounts.'),
  ignoredBps: field(u16, 'With ayes of fewer basis points of the electorate, the deposit is lost.'),
  electorate: field(balance, 'All units there were when it was made.'),
  tally,
  ballots: field(
    option(ballots),
    'Of a secret proposal: what is known of its ballots. Counted ones are part of the tally.',
  ),
});
export type Proposal = Of<typeof proposal>;

export const openProposal = struct('tacit_governance::OpenProposal', { id: proposalId, proposer: accountId });

/** Where a proposal stands. */
export const phase = enumeration('tacit_governance::Phase', {
  Voting: null,
  /** Passed; its time lock runs. */
  Locked: null,
  Enactable: null,
  Rejected: null,
  /** Passed, and not enacted in time. */
  Expired: null,
  /** The voting is over; the ballots of a secret proposal are not counted. */
  Counting: null,
});
export type Phase = Of<typeof phase>['tag'];

export const outcome = enumeration('tacit_governance::Outcome', {
  /** Its call was made, whether it succeeded or failed. */
  Enacted: null,
  Rejected: null,
  /** Rejected, with hardly anybody for it: the deposit is lost. */
  Ignored: null,
  /** Rejected, with three times as many against it as for it: the deposit is lost. */
  Vetoed: null,
  Expired: null,
  /** By its proposer, before anybody had voted: the deposit is lost in the measure of the time it was open. */
  Withdrawn: null,
  /** By another proposal. */
  Cancelled: null,
  /** A secret proposal whose ballots could not be opened. */
  Uncounted: null,
});
export type Outcome = Of<typeof outcome>['tag'];

export const candidateId = named('CandidateId', u32, 'Number of the candidacy.');
export const candidate = struct('tacit_governance::Candidate', {
  id: candidateId,
  account: field(accountId, 'Who stands.'),
  bond: field(balance, 'Reserved of the candidate.'),
  backing: field(balance, 'The amounts of those who approve.'),
});
export type Candidate = Of<typeof candidate>;
export const candidateIds = field(
  bounded(vec(candidateId), MAX_APPROVED),
  'Whom the account approves of, in ascending order.',
);

/** What an amount is committed to. */
export const cause = enumeration('tacit_governance::Cause', {
  Proposal: { id: proposalId, choice: field(choice, 'How it votes.') },
  Election: { number: field(u32, 'Which election.'), candidates: candidateIds },
});
export type Cause = Of<typeof cause>;
export const commitment = struct('tacit_governance::Commitment', {
  amount: field(balance, 'Of this much.'),
  closes: field(blockNumber, 'It can be changed or taken back in blocks below this one.'),
  until: field(blockNumber, 'The first block in which it reserves nothing any more.'),
  cause,
});
export type Commitment = Of<typeof commitment>;

export const election = struct('tacit_governance::Election', {
  number: field(u32, 'Which election is next, from 1.'),
  closes: field(blockNumber, 'Approvals count in blocks below this one; the panel in office ends with it.'),
});
export const member = struct('tacit_governance::Member', {
  account: field(accountId, 'Who has the seat.'),
  bond: field(balance, 'Reserved of the member until the term ends.'),
  backing: field(balance, 'The amounts of those who approved.'),
});
export type Member = Of<typeof member>;

export const reason = field(fixed(32), 'Digest of the text that gives the reason.');
/** What members of the panel want of a model. */
export const motion = struct('tacit_governance::Motion', {
  model: modelId,
  reason: field(option(fixed(32)), 'Why it shall be suspended; nothing: its suspension shall end.'),
  opener: field(accountId, 'Who opened it.'),
  deposit: field(balance, 'Reserved of the opener.'),
  approvals: field(bounded(vec(accountId), MAX_SEATS), 'Members who want it, in the order in which they said so.'),
  expires: field(blockNumber, 'The first block in which it is void.'),
});
export type Motion = Of<typeof motion>;

export const spending = struct('tacit_governance::Spending', {
  since: field(blockNumber, 'The block in which the period began.'),
  spent: field(balance, 'What was spent since.'),
});

/** The height at which another runtime shall hold, as governance wants it. A record: nothing acts on it. */
export const upgrade = struct('tacit_governance::Upgrade', {
  height: field(blockNumber, 'The first block of the other runtime.'),
  code: field(h256, 'Digest of its code.'),
  decided: field(blockNumber, 'The block in which that was put down.'),
});
