/** Storage, events and errors of the tally. */
import { bool, bytes, fixed, struct, u8, u16, u32, u128, unit, vec } from '../../primitives/scale/index.ts';
import { accountId, defineState, map, value } from '../support/index.ts';
import {
  failure,
  item,
  payoutVector,
  round,
  roundPhase,
  submission,
  TALLY_PALLET,
  tallyBody,
  totalRecord,
} from './types.ts';

/** Deadlines, windows and deposits; fixed by the chain specification. */
export const tallyConfig = struct('tacit_tally::Config', {
  /** Blocks every phase but `Open` may take. */
  stepBlocks: u32,
  /** Blocks for which posts of a finished step are still compared, and for which an ended round's posts are kept. */
  lateWindow: u32,
  /** Least `kMin` a round may have. */
  leastK: u16,
  /** Deposit of a submission: a fixed part and a part per byte; comes back unless the payload is refused. */
  depositBase: u128,
  depositPerByte: u128,
});

/** Rounds that may be under way at the same time. */
export const MAX_LIVE_ROUNDS = 8;

const touchedStep = struct('tacit_tally::TouchedStep', { round: u32, step: u8, attempt: u8 });

export const state = defineState({
  name: 'Tally',
  index: TALLY_PALLET,
  docs: 'Rounds: keys, sealed submissions, checks and openings by the committee.',
  storage: {
    config: value(tallyConfig, { docs: 'Deadlines and deposits.' }),
    nextRound: value(u32, { default: 1 }),
    live: value(vec(u32), { default: [], docs: 'Rounds under way.' }),
    ended: value(vec(u32), { default: [], docs: 'Rounds that are over and whose posts are still kept.' }),
    rounds: map(u32, round, { hasher: 'twox64Concat' }),
    publicKeys: map(u32, bytes, { hasher: 'twox64Concat', docs: 'Packed key-level `b` of a round.' }),
    boxKeys: map(u32, struct('tacit_tally::BoxKeys', { seal: vec(fixed(32)), mask: vec(fixed(32)) }), {
      hasher: 'twox64Concat',
      docs: '`X_A^seal` and `X_A^mask` by subset.',
    }),
    posts: map([u32, u8, u8, u8], tallyBody, {
      hasher: 'twox64Concat',
      docs: 'Posts by round, step, attempt and member.',
    }),
    touched: value(vec(touchedStep), { default: [], docs: 'Steps with new posts in this block.' }),
    named: map([u32, u8, u8, u8], unit, {
      hasher: 'twox64Concat',
      docs: 'Members named, by round, step, attempt and member.',
    }),
    submissions: map([u32, u16], submission, { hasher: 'twox64Concat' }),
    submissionOf: map([u32, accountId, u8, u8], u16, {
      hasher: ['twox64Concat', 'blake2_128Concat', 'twox64Concat', 'twox64Concat'],
      docs: 'Index of an account’s submission by lane and part.',
    }),
    items: map([u32, u16], item, { hasher: 'twox64Concat' }),
    itemOf: map([u32, accountId], u16, { hasher: ['twox64Concat', 'blake2_128Concat'] }),
    usedKeys: map([u32, fixed(32)], unit, {
      hasher: ['twox64Concat', 'identity'],
      docs: 'Ephemeral and one-time keys seen in a round.',
    }),
    secrets: map([u32, u16], fixed(32), { hasher: 'twox64Concat', docs: 'Revealed `x_A^seal` by subset.' }),
    aggregates: map(u32, bytes, { hasher: 'twox64Concat', docs: '`U`: i32 little endian, part after part.' }),
    directions: map([u32, u8], bytes, { hasher: 'twox64Concat', docs: 'Published parts of `g`: signed bytes.' }),
    totals: map(u32, totalRecord, { hasher: 'twox64Concat' }),
    payouts: map(u32, payoutVector, { hasher: 'twox64Concat', docs: 'The encrypted payout vectors.' }),
  },
  events: {
    RoundCreated: { round: u32, term: u32 },
    PhaseBegan: { round: u32, phase: roundPhase, attempt: u8 },
    Posted: { round: u32, step: u8, attempt: u8, member: u8 },
    Submitted: { round: u32, account: accountId, lane: u8, part: u8, id: fixed(32) },
    Extended: { round: u32, closesAt: u32 },
    Closed: { round: u32, submissions: u16, items: u16 },
    Revealed: { round: u32, beacon: fixed(32) },
    SubmissionDropped: { round: u32, submission: u16, account: accountId, reason: u8 },
    Checked: { round: u32, accepted: vec(u16) },
    AggregateOpened: { round: u32, hash: fixed(32) },
    TotalOpened: { round: u32, sum: u128, negative: bool, rate: u128 },
    PayoutOpened: { round: u32, vector: payoutVector },
    RoundFailed: { round: u32, failure },
  },
  errors: {
    UnknownRound: 'No round has this number.',
    TooManyRounds: 'As many rounds as possible are under way.',
    BadRule: 'The rule of the round is not one the parameter set can compute.',
    NotOpen: 'The round does not take contributions now.',
    NoSuchLane: 'The round has no such lane or part.',
    NotEnrolled: 'The account has to enrol in the round before it submits.',
    NotReporter: 'The account is not the reporter of this part.',
    AlreadySubmitted: 'The account has submitted for this lane and part.',
    AlreadyEnrolled: 'The account has enrolled in this round.',
    RoundFull: 'The round has as many items as it can hold.',
    BadForm: 'The sealed submission or enrolment has not the form of its lane.',
    BadProof: 'A proof of knowledge does not verify.',
    KeyReused: 'A key of the submission or enrolment has been used in this round.',
    NotClosed: 'The direction is published after the close of the round.',
    BadDirection: 'The direction has not the committed hash, the length, or the norm.',
    AlreadyPublished: 'This part of the direction stands.',
    BadPost: 'The post is not one that this step takes.',
  },
});

export type Tally = ReturnType<typeof state.use>;
export type Config = NonNullable<ReturnType<Tally['store']['config']['get']>>;
