import { bounded, field, u32, vec } from '../../primitives/scale/index.ts';
import { modelId } from '../ownership/index.ts';
import {
  accountId,
  balance,
  blockNumber,
  constant,
  defineState,
  dispatchResult,
  event,
  h256,
  map,
  value,
} from '../support/index.ts';
import {
  ballots,
  callBytes,
  candidate,
  candidateId,
  candidateIds,
  choice,
  commitment,
  election,
  leastBallots,
  MAX_BALLOTS,
  MAX_CALL_BYTES,
  MAX_CANDIDATES,
  MAX_COMMITMENTS,
  MAX_MOTIONS,
  MAX_OPEN,
  MAX_OPEN_EACH,
  MAX_SEATS,
  MAX_SPARED,
  member,
  MIN_BALLOTS,
  MIN_MEMBERS,
  motion,
  openProposal,
  outcome,
  proposal,
  proposalId,
  reason,
  secretVote,
  spending,
  tally,
  title,
  upgrade,
} from './types.ts';

const TAC = 1_000_000n;
/** Reserved of a proposer for each byte of the call, in units of 10^-6 TAC, besides the parameter `GovernanceDeposit`. */
export const BYTE_DEPOSIT = 100n;
/** The least that votes, so that a record of votes is worth its place in the state. */
export const MIN_STAKE = TAC;
/** Reserved of who opens a motion; burned if a model is suspended by it, for that stays noted for good. */
export const MOTION_DEPOSIT = TAC;
/** What a call of a proposal may weigh, in picoseconds: less than half of what a block has for signed extrinsics. */
export const MAX_CALL_WEIGHT = 500_000_000_000n;

/** What a place in a secret vote without a ballot that counts loses of its reserve, in basis points. */
export const SILENT_BPS = 1_000;

const who = field(accountId, 'Who did it.');
const amount = field(balance, 'How much.');

export const state = defineState({
  name: 'Governance',
  index: 45,
  docs: 'What the chain itself decides: proposals, votes by stake, a time lock, the treasury, an elected ethics panel.',
  storage: {
    nextProposal: value(proposalId, { default: 0n, docs: 'The number of the next proposal.' }),
    open: value(bounded(vec(openProposal), MAX_OPEN), { default: [], docs: 'The open proposals, in their order.' }),
    proposals: map(proposalId, proposal, { hasher: 'twox64Concat', docs: 'Open proposals, by number.' }),
    calls: map(proposalId, callBytes, {
      hasher: 'twox64Concat',
      docs: 'The encoded call of each open proposal.',
    }),
    commitments: map(accountId, bounded(vec(commitment), MAX_COMMITMENTS), {
      default: [],
      docs: 'What an account has voted and approved, and how much of it is reserved for how long: the largest amount of them.',
    }),
    spending: value(spending, {
      default: { since: 0, spent: 0n },
      docs: 'What the treasury has spent in the running period.',
    }),
    upgrade: value(upgrade, { docs: 'The height at which another runtime shall hold, if governance has named one.' }),
    election: value(election, { default: { number: 1, closes: 0 }, docs: 'The next election of the panel.' }),
    nextCandidate: value(candidateId, { default: 0, docs: 'The number of the next candidacy.' }),
    candidates: value(bounded(vec(candidate), MAX_CANDIDATES), {
      default: [],
      docs: 'Who stands in the next election, in the order in which they came.',
    }),
    panel: value(bounded(vec(member), MAX_SEATS), { default: [], docs: 'The members of the ethics panel.' }),
    motions: value(bounded(vec(motion), MAX_MOTIONS), { default: [], docs: 'What members of the panel want.' }),
    spared: value(bounded(vec(modelId), MAX_SPARED), {
      default: [],
      docs: 'Models that this panel may not suspend any more: it has done so, or was overruled.',
    }),
    suspensions: map([modelId, h256], blockNumber, {
      hasher: ['twox64Concat', 'blake2_128Concat'],
      docs: 'Which models were suspended for which reasons, and until when at the most. Never removed.',
    }),
    secretVote: value(secretVote, { docs: 'The secret vote that is under way: there is one at a time.' }),
  },
  events: {
    Proposed: event('Somebody proposed a call.', {
      id: proposalId,
      proposer: field(accountId, 'Who.'),
      title,
      callHash: field(h256, 'blake2b-256 of the encoded call.'),
      closes: field(blockNumber, 'The block in which the voting is over.'),
    }),
    Voted: event('An account voted, for the first time or otherwise than before.', {
      id: proposalId,
      who,
      choice: field(choice, 'How.'),
      amount,
    }),
    VoteRemoved: event('An account took its vote back.', { id: proposalId, who }),
    Unlocked: event('Locks of an account are over.', { who: field(accountId, 'Whose they were.') }),
    Enacted: event('The call of a proposal was made by the chain itself.', {
      id: proposalId,
      result: field(dispatchResult, 'How it ended.'),
    }),
    Closed: event('A proposal is over.', {
      id: proposalId,
      outcome: field(outcome, 'How.'),
      tally: field(tally, 'Its votes.'),
      lost: field(balance, 'What of the deposit went to the treasury; the rest went back.'),
    }),
    BallotsOpened: event('A secret vote began.', {
      id: proposalId,
      round: field(u32, 'The round of the tally that takes the ballots.'),
      leastBallots,
      reserve: field(balance, 'Reserved for a place, and what its ballot weighs.'),
    }),
    SeatTaken: event('An account took a place in a secret vote.', { id: proposalId, who }),
    SeatSilent: event(
      'An account took a place and cast no ballot that counts: a part of the reserve went to the treasury.',
      {
        id: proposalId,
        who,
        amount,
      },
    ),
    BallotsCounted: event('A secret vote is over; the places are free.', {
      id: proposalId,
      ballots: field(ballots, 'What came out of it.'),
    }),
    Spent: event('The treasury paid.', { beneficiary: field(accountId, 'Whom.'), amount }),
    UpgradeScheduled: event('A height for another runtime was put down.', {
      height: field(blockNumber, 'Its first block.'),
      code: field(h256, 'Digest of its code.'),
    }),
    UpgradeCancelled: event('The height for another runtime was struck.'),
    Stood: event('An account stands for the panel.', { id: candidateId, who }),
    Displaced: event('All places were taken: the candidate with the least backing gave way, and has its bond back.', {
      id: candidateId,
      who,
    }),
    Approved: event('An account said of whom it approves.', { who, candidates: candidateIds, amount }),
    ApprovalRemoved: event('An account took its approval back.', { who }),
    PanelElected: event('The term of a panel began.', {
      number: field(u32, 'Which election.'),
      members: field(vec(accountId), 'Its members, those with most backing first.'),
      closes: field(blockNumber, 'The block in which its term is over.'),
    }),
    BondLost: event('A candidate whom hardly anybody approved of lost its bond to the treasury.', { who, amount }),
    MotionOpened: event('A member of the panel opened a motion.', { model: modelId, who }),
    MotionApproved: event('A member of the panel approved of a motion.', { model: modelId, who }),
    Suspended: event('The panel suspended a model for review.', {
      model: modelId,
      reason,
      until: field(blockNumber, 'The first block in which it is free again.'),
    }),
    Lifted: event('The panel ended a suspension early.', { model: modelId }),
    ReviewEnded: event('The time of a suspension was over, and its marks were taken off.', { model: modelId }),
    Overruled: event('A proposal ended what the panel does with a model, for its term.', { model: modelId }),
  },
  errors: {
    BadCall: 'The bytes are no call of this runtime, or not as it would write them.',
    TooHeavy: 'The call weighs more than the call of a proposal may.',
    TooManyOpen: 'There are as many open proposals, or as many of the account, as there may be.',
    UnknownProposal: 'No open proposal has this number.',
    VotingOver: 'The voting is over.',
    TooLittle: 'Fewer units than may vote.',
    TooManyVotes: 'The account has as many votes and locks as it may.',
    NoVote: 'The account has no such vote.',
    NothingToUnlock: 'No lock of the account is over.',
    NotEnactable: 'The proposal has not passed, its time lock runs, or its time is over.',
    WrongCall: 'This is not the call of the proposal.',
    NotOver: 'The proposal is neither rejected nor expired.',
    NotProposer: 'The caller has not made the proposal.',
    HasVotes: 'Somebody has voted: only a proposal can end it now.',
    SpendLimit: 'The treasury has spent in this period what it may.',
    TooSoon: 'The height does not leave the notice that nodes are due.',
    NoUpgrade: 'No upgrade is put down.',
    ElectionOver: 'The time of this election is over; it has to be held first.',
    ElectionOpen: 'The election is still open.',
    AlreadyStanding: 'The account stands already.',
    BadCandidates: 'Candidates must be known, in ascending order and at least one.',
    NoPanel: 'No panel is in office, or it has too few members.',
    NotMember: 'The caller is no member of the panel.',
    AlreadyApproved: 'The member has approved of this already.',
    TooManyMotions: 'The member has as many open motions as it may.',
    UnknownModel: 'No model has this number.',
    AlreadySuspended: 'The model is suspended, or was suspended for this very reason before.',
    Spared:
      'This panel has suspended the model already, or was overruled about it, or has suspended as many as it may.',
    NotSuspended: 'The model is not suspended.',
    UnderReview: 'The time of the suspension is not over.',
    OpenOnly:
      'This is only for what is voted on in the open: what only stops something, and what its proposer takes back.',
    SecretVoteOpen: 'A secret vote is under way: there is one at a time.',
    TooFewBallots: 'The sums of so few ballots are not opened.',
    NoSecretVote: 'No secret vote is under way about this proposal.',
    AlreadySeated: 'The account has a place already.',
    SeatsTaken: 'All places are taken.',
    VotingOpen: 'The voting is not over.',
    NotOpened: 'The round of the ballots is not over.',
  },
  constants: {
    MaxOpen: constant(u32, MAX_OPEN, 'The most open proposals.'),
    MaxOpenEach: constant(u32, MAX_OPEN_EACH, 'The most open proposals of one account.'),
    MaxCallBytes: constant(u32, MAX_CALL_BYTES, 'The longest call of a proposal, in bytes.'),
    MinStake: constant(balance, MIN_STAKE, 'The least that votes.'),
    ByteDeposit: constant(balance, BYTE_DEPOSIT, 'Reserved of a proposer for each byte of the call.'),
    MaxCommitments: constant(u32, MAX_COMMITMENTS, 'The most votes and running locks of one account.'),
    MaxCandidates: constant(u32, MAX_CANDIDATES, 'The most candidates of an election.'),
    MinBallots: constant(u32, MIN_BALLOTS, 'A secret vote opens the sums of no fewer ballots than this.'),
    MaxBallots: constant(u32, MAX_BALLOTS, 'The places of a secret vote.'),
    SilentBps: constant(
      u32,
      SILENT_BPS,
      'What a place without a ballot that counts loses of its reserve, in basis points, unless the committee failed.',
    ),
    MinMembers: constant(u32, MIN_MEMBERS, 'A panel of fewer does nothing.'),
    MotionDeposit: constant(balance, MOTION_DEPOSIT, 'Reserved for a motion; burned if it suspends a model.'),
  },
});

/** The pallet at work on one state. */
export type Governance = ReturnType<typeof state.use>;
