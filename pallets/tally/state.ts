/** Storage, events and errors of the tally. */
import { RULE_FAULTS, SUM_FAULTS } from '../../primitives/round/fit.ts';
import {
  bool,
  bounded,
  bytes,
  field,
  fixed,
  type Of,
  struct,
  u8,
  u16,
  u64,
  u128,
  unit,
  vec,
} from '../../primitives/scale/index.ts';
import { memberIndex, subsetIndex, termId } from '../committee/types.ts';
import { accountId, balance, blockNumber, defineState, event, map, value } from '../support/index.ts';
import {
  beaconRecord,
  failure,
  item,
  itemIndex,
  laneNumber,
  lanePart,
  payoutVector,
  publishedPart,
  round,
  roundId,
  roundPhase,
  scoredParts,
  submission,
  submissionIndex,
  sumRecord,
  TALLY_PALLET,
  tallyBody,
  totalRecord,
} from './types.ts';

/** Deadlines, windows and deposits; fixed by the chain specification. */
export const tallyConfig = struct('tacit_tally::Config', {
  stepBlocks: field(blockNumber, 'Blocks every phase but `Open` may take.'),
  lateWindow: field(
    blockNumber,
    'Blocks for which posts of a finished step are still compared, and for which an ended round’s posts are kept.',
  ),
  leastK: field(u16, 'Least `kMin` a round may have.'),
  depositBase: field(
    balance,
    'Deposit of a submission: a fixed part and a part per byte; comes back unless the payload is refused.',
  ),
  depositPerByte: balance,
});

/** Rounds that may be under way at the same time. */
export const MAX_LIVE_ROUNDS = 8;

const touchedStep = struct('tacit_tally::TouchedStep', { round: roundId, step: u8, attempt: u8 });
export type TouchedStep = Of<typeof touchedStep>;

const step = field(u8, 'Step of the round, in the order of the posts’ variants.');
const attempt = field(
  u8,
  'Counts the repetitions of making the round’s key, and the requests for `U`; 0 in all other steps.',
);

export const state = defineState({
  name: 'Tally',
  index: TALLY_PALLET,
  docs: 'Rounds: keys, sealed submissions, checks and openings by the committee.',
  storage: {
    config: value(tallyConfig, { docs: 'Deadlines and deposits.' }),
    nextRound: value(roundId, { default: 1, docs: 'The number of the next round.' }),
    live: value(vec(roundId), { default: [], docs: 'Rounds under way.' }),
    ended: value(vec(roundId), { default: [], docs: 'Rounds that are over and whose posts are still kept.' }),
    rounds: map(roundId, round, { hasher: 'twox64Concat', docs: 'Rounds by number.' }),
    publicKeys: map(roundId, bytes, { hasher: 'twox64Concat', docs: 'Packed key-level `b` of a round.' }),
    boxKeys: map(roundId, struct('tacit_tally::BoxKeys', { seal: vec(fixed(32)), mask: vec(fixed(32)) }), {
      hasher: 'twox64Concat',
      docs: '`X_A^seal` and `X_A^mask` by subset.',
    }),
    posts: map([roundId, u8, u8, memberIndex], tallyBody, {
      hasher: 'twox64Concat',
      docs: 'Posts by round, step, attempt and member.',
    }),
    touched: value(vec(touchedStep), {
      default: [],
      docs: 'Steps with new posts that wait for the end of a block to be judged.',
    }),
    named: map([roundId, u8, u8, memberIndex], unit, {
      hasher: 'twox64Concat',
      docs: 'Members named, by round, step, attempt and member.',
    }),
    submissions: map([roundId, submissionIndex], submission, {
      hasher: 'twox64Concat',
      docs: 'Sealed submissions of a round, in order.',
    }),
    submissionOf: map([roundId, accountId, laneNumber, lanePart], submissionIndex, {
      hasher: ['twox64Concat', 'blake2_128Concat', 'twox64Concat', 'twox64Concat'],
      docs: 'Index of an account’s submission by lane and part.',
    }),
    items: map([roundId, itemIndex], item, {
      hasher: 'twox64Concat',
      docs: 'Items of a round, in the order of enrolment.',
    }),
    itemOf: map([roundId, accountId], itemIndex, {
      hasher: ['twox64Concat', 'blake2_128Concat'],
      docs: 'Which item of a round is an account’s.',
    }),
    holderOf: map([roundId, fixed(32)], unit, {
      hasher: ['twox64Concat', 'identity'],
      docs: 'Holders of the items of a round whose rule asks for them.',
    }),
    admitted: map([roundId, accountId], u16, {
      hasher: ['twox64Concat', 'blake2_128Concat'],
      docs: 'Accounts that a round’s consumer admitted to submit a vector to be summed, with their places in the order of admission.',
    }),
    usedKeys: map([roundId, fixed(32)], unit, {
      hasher: ['twox64Concat', 'identity'],
      docs: 'Ephemeral and one-time keys seen in a round.',
    }),
    secrets: map([roundId, subsetIndex], fixed(32), { hasher: 'twox64Concat', docs: 'Revealed `x_A^seal` by subset.' }),
    aggregates: map([roundId, lanePart], bytes, {
      hasher: 'twox64Concat',
      docs: 'The parts of `U`: i32 little endian.',
    }),
    scored: map(roundId, scoredParts, {
      hasher: 'twox64Concat',
      docs: 'What the opened parts of `U` come to, while others are not opened.',
    }),
    directions: map([roundId, lanePart], publishedPart, {
      hasher: 'twox64Concat',
      docs: 'Published parts of `g`, with their salts.',
    }),
    handed: map([u8, roundId], unit, {
      hasher: 'twox64Concat',
      docs: 'Rounds that are over and whose consumer has not taken note of it, by consumer.',
    }),
    totals: map(roundId, totalRecord, { hasher: 'twox64Concat', docs: 'The total of a round, and what it decided.' }),
    payouts: map(roundId, payoutVector, { hasher: 'twox64Concat', docs: 'The encrypted payout vectors.' }),
    beacons: value(bounded(vec(beaconRecord), MAX_LIVE_ROUNDS), {
      default: [],
      docs: 'The beacons of the last block with a reveal: nobody could choose them.',
    }),
    sums: map(roundId, sumRecord, { hasher: 'twox64Concat', docs: 'What was opened of rounds without payout.' }),
  },
  events: {
    RoundCreated: event('A round was made.', { round: roundId, term: termId }),
    PhaseBegan: event('A round entered a phase.', {
      round: roundId,
      phase: field(roundPhase, 'The phase.'),
      attempt,
    }),
    Posted: event('A member of the committee posted its part of a step.', {
      round: roundId,
      step,
      attempt,
      member: memberIndex,
    }),
    DirectionPublished: event(
      'A part of the validation direction stands: it is the one that was committed when the round was made.',
      {
        round: roundId,
        part: lanePart,
      },
    ),
    Submitted: event('An account contributed a sealed submission.', {
      round: roundId,
      account: field(accountId, 'Who contributed.'),
      lane: laneNumber,
      part: lanePart,
      id: field(fixed(32), 'Id of the sealed bytes, which stand in this block.'),
    }),
    Extended: event('Too few had contributed: the round stays open longer.', {
      round: roundId,
      closesAt: field(blockNumber, 'The block that closes it, unless it is extended again.'),
    }),
    Closed: event('The round takes no more contributions.', {
      round: roundId,
      submissions: field(u16, 'How many submissions there are.'),
      items: field(u16, 'How many accounts are enrolled.'),
    }),
    Revealed: event('The sealing keys are revealed: submissions can be opened and checked.', {
      round: roundId,
      beacon: field(fixed(32), 'Hash of all revealed keys: the randomness of the checks.'),
    }),
    SubmissionDropped: event('A submission was refused; its deposit is lost.', {
      round: roundId,
      submission: submissionIndex,
      account: field(accountId, 'Who contributed it.'),
      reason: field(u8, 'Why: 1 to 7 a part of it is malformed, 8 its proof does not hold.'),
    }),
    Checked: event('All submissions are checked; the deposits of good ones went back.', {
      round: roundId,
      accepted: field(vec(itemIndex), 'The items that count, ascending.'),
    }),
    AggregateOpened: event('A part of the sum of all accepted updates was opened, and nothing else of them.', {
      round: roundId,
      part: lanePart,
      hash: field(fixed(32), 'Hash of this part of the sum as it stands in storage.'),
    }),
    TotalKnown: event('The total of all scores is known, and with it what a point of score pays.', {
      round: roundId,
      sum: field(u128, 'The total, without its sign.'),
      negative: field(bool, 'Whether it is below zero.'),
      rate: field(u128, 'Grains paid per point of score.'),
      grains: field(u64, 'Grains in one unit of money.'),
    }),
    PayoutOpened: event('The encrypted payouts were opened: each owner of an item reads its own amount.', {
      round: roundId,
      vector: field(payoutVector, 'The payouts, each under the mask of its item.'),
    }),
    RoundFailed: event('A round ended without what it was made for.', {
      round: roundId,
      failure: field(failure, 'Why.'),
      phase: field(roundPhase, 'The phase in which it stopped.'),
      silent: field(vec(memberIndex), 'Members that had not posted in that phase.'),
    }),
    Admitted: event('An account was admitted: it may submit one vector to be summed.', {
      round: roundId,
      account: field(accountId, 'Who was admitted.'),
    }),
    SumOpened: event('The sum of all accepted vectors was opened, and nothing else of them.', {
      round: roundId,
      sum: field(sumRecord, 'The sums, and of how many vectors.'),
    }),
  },
  errors: {
    UnknownRound: 'No round has this number.',
    TooManyRounds: 'As many rounds as possible are under way.',
    BadOpenings: 'The openings of the round do not rest on one another.',
    ...RULE_FAULTS,
    BadPast:
      'The round is to be held against an aggregate twice, or against one that is not opened, has other parts or is another sketch.',
    TooCostly:
      'The members cannot check so many submissions in time, or the end of a block not judge them: fewer items, parts or values.',
    NotOpen: 'The round does not take contributions now.',
    NoSuchLane: 'The round has no such lane or part.',
    NotEnrolled: 'The account has to enrol in the round before it submits.',
    NotReporter: 'The account is not the reporter of this part.',
    AlreadySubmitted: 'The account has submitted for this lane and part.',
    AlreadyEnrolled: 'The account has enrolled in this round.',
    RoundFull: 'All places of the round are taken.',
    KeptForOthers: 'The last places of the round are kept for other holders: it needs the work of more of them.',
    BadForm: 'The sealed submission or enrolment has not the form of its lane.',
    WrongVersion: 'A sealed submission begins with its version, which is 2: the account’s software makes another.',
    BadProof: 'A proof of knowledge does not verify.',
    KeyReused: 'A key of the submission or enrolment has been used in this round.',
    NotAdmitted: 'The account has not been admitted to the round.',
    AlreadyAdmitted: 'The account has been admitted to the round.',
    BeyondRule: 'The public points or the factor of an item are more than the rule of the round allows.',
    ...SUM_FAULTS,
  },
});

export type Tally = ReturnType<typeof state.use>;
export type Config = NonNullable<ReturnType<Tally['store']['config']['get']>>;
