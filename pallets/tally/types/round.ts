/** A round as the state keeps it: its rule, its phase, its items and submissions. */
import { REJECTIONS } from '../../../primitives/proofs/unseal.ts';
import { SALT_BYTES } from '../../../primitives/round/commitments.ts';
import { MAX_LANES } from '../../../primitives/round/lanes.ts';
import {
  MAX_BOUNDS,
  MAX_DIRECTION_BYTES,
  MAX_ENROLMENT_BYTES,
  MAX_ITEMS,
  MAX_MEMBERS,
  MAX_REPORTERS,
  MAX_UPDATE_PARTS,
} from '../../../primitives/round/limits.ts';
import { MAX_PAST } from '../../../primitives/round/novelty.ts';
import { SEED_BYTES } from '../../../primitives/round/sketch.ts';
import {
  bool,
  bounded,
  bytes,
  enumeration,
  field,
  fixed,
  type Of,
  option,
  str,
  struct,
  u8,
  u16,
  u32,
  u64,
  vec,
} from '../../../primitives/scale/index.ts';
import { memberIndex, termId } from '../../committee/types.ts';
import { accountId, balance, blockNumber } from '../../support/types.ts';
import { hash, itemIndex, laneNumber, lanePart, point, roundId } from './ids.ts';

export const roundPhase = enumeration('tacit_tally::Phase', {
  Keying: null,
  KeyCheck: null,
  Open: null,
  Reveal: null,
  Check: null,
  CheckEach: null,
  Direction: null,
  Aggregate: null,
  Payout: null,
  Settled: null,
  Failed: null,
  /** Shares of the one sum that a round without payout opens. */
  Sum: null,
});

export const failure = enumeration('tacit_tally::Failure', {
  /** The phase was not done by its deadline, or more than f members were silent. */
  Deadline: null,
  /** Fewer than `kMin` accounts contributed, even after all extensions. */
  TooFew: null,
  /** Fewer than `kMin` items, ballots or reports were accepted. */
  TooFewAccepted: null,
  /** All members posted and no 2f+1 agree. */
  Undecodable: null,
  /** All weights of the score are zero: there is nothing to open. */
  NothingToScore: null,
  /** Something of the round's data could not be computed with: it is not supposed to happen. */
  Fault: null,
  /** The model's owner did not publish the direction it had committed to: nothing was opened, its deposit is lost. */
  NoDirection: null,
});
export type Failure = Of<typeof failure>['tag'];

/** The phase in which a round failed, and the members that had not posted in it: whoever runs them knows where to look. */
export const failedPhase = struct('tacit_tally::FailedPhase', {
  phase: roundPhase,
  silent: bounded(vec(memberIndex), MAX_MEMBERS),
});

/** A `LaneSpec` of primitives/proofs as it stands in state; `laneSpecOf` of primitives/round gives the other form. */
export const laneRecord = struct('tacit_tally::Lane', {
  lane: laneNumber,
  part: lanePart,
  values: u32,
  digits: u8,
  offset: u32,
  normSq: option(u64),
  total: option(u64),
  bounds: field(bounded(vec(u64), MAX_BOUNDS), 'Of a meter, the bound of each count; else empty.'),
});

export const reporter = struct('tacit_tally::Reporter', {
  account: accountId,
  total: field(u64, 'What this reporter’s counts of all items must add up to: public.'),
  points: field(u64, 'Points for one of what is counted.'),
});

export const sketch = struct('tacit_tally::Sketch', {
  coordinates: field(u32, 'Coordinates of what is sketched: more than the values of the parts, spare ones left out.'),
  seed: field(
    fixed(SEED_BYTES),
    'Which coordinate goes where: public, and the same for rounds that are held against each other.',
  ),
});

/** What vectors of rounds that are held against each other have in common. */
export const updateForm = struct('tacit_tally::UpdateForm', {
  parts: bounded(vec(u32), MAX_UPDATE_PARTS),
  sketch: option(sketch),
});

/** The rule of a round, fixed when it is created. Money in base units. */
export const roundRule = struct('tacit_tally::Rule', {
  parts: field(bounded(vec(u32), MAX_UPDATE_PARTS), 'Values of each update part, the four spare coordinates included.'),
  normSq: field(u64, 'Squared norm of every update part; bound of that of the direction’s parts.'),
  reporters: field(bounded(vec(reporter), MAX_REPORTERS), 'Who counts something of each item, a vector each.'),
  gamma: field(u64, 'Points for a unit of the inner product with the direction.'),
  base: field(u64, 'Points of every accepted item, whatever it brings.'),
  mostStanding: field(u64, 'Most public points that an item may be given above the base.'),
  mostFactor: field(u8, 'Largest factor that the counts of an item may be given.'),
  tMin: field(u64, 'Below this total score nothing is paid.'),
  pool: field(balance, 'What the round may pay on top of the stakes.'),
  stake: field(balance, 'Reserved by each enrolment and paid out with the note.'),
  kMin: u16,
  maxItems: u16,
  openBlocks: blockNumber,
  maxExtensions: u8,
  directions: field(bounded(vec(hash), MAX_UPDATE_PARTS), '`directionHash` of each part of the validation direction.'),
  past: field(
    bounded(vec(roundId), MAX_PAST),
    'Rounds whose opened aggregates the scores are held against, the last opened first.',
  ),
  discount: field(u8, 'Hundredths of the weights’ projection onto them that are taken out of the weights.'),
  holders: field(bool, 'Whether of the items of one holder one counts, the first that passes the checks.'),
  sketch: field(
    option(sketch),
    'What updates, direction and aggregate are sketches of; none if they are the model’s own coordinates.',
  ),
});

/** What a round without payout collects and opens as one sum; its rule has no parts. */
export const sumRule = struct('tacit_tally::SumRule', {
  lane: laneNumber,
  values: field(
    u32,
    'Values of each vector: options of a ballot, counters of a report, four for each count of a meter.',
  ),
  most: field(
    u64,
    'What the weights of each ballot, or the counts of a meter, add up to; of a statistic the largest count, rounded up to all its base-16 digits.',
  ),
  places: field(u16, 'Accounts that may be admitted.'),
  bounds: field(
    bounded(vec(u64), MAX_BOUNDS),
    'Of a meter, the uses with which each grant is exhausted: only which are is opened.',
  ),
});

/** {@link RoundRule} of primitives/round as it stands in state. */
export type RuleRecord = Of<typeof roundRule>;

/** A published part of `g`, with the salt it was committed under. */
export const publishedPart = struct('tacit_tally::PublishedPart', {
  salt: fixed(SALT_BYTES),
  values: field(bounded(bytes, MAX_DIRECTION_BYTES), 'Signed bytes.'),
});
export type PublishedPart = Of<typeof publishedPart>;

export const finishedStep = struct('tacit_tally::FinishedStep', {
  step: u8,
  attempt: u8,
  block: blockNumber,
});

export const round = struct('tacit_tally::Round', {
  round: roundId,
  term: termId,
  sequence: field(u32, 'Ratchet number of the round’s keys within the term.'),
  paramsId: bounded(str, 64),
  consumer: field(u8, 'Index of the pallet that made the round and is told of its end.'),
  opens: field(
    bounded(vec(roundPhase), 8),
    'What is opened after the checks, in this order; the round is settled after the last.',
  ),
  rule: roundRule,
  sum: field(option(sumRule), 'Of a round that pays nothing: the vectors of which only the sum is opened.'),
  lanes: bounded(vec(laneRecord), MAX_LANES),
  phase: roundPhase,
  attempt: field(
    u8,
    'Counts the repetitions of Keying and KeyCheck, and the requests of Aggregate; 0 in all other steps.',
  ),
  deadline: field(
    blockNumber,
    'The block in whose `onFinalize` the phase is cut off; of `Open`, the block that closes the round. 0 when the round is over.',
  ),
  out: field(
    bounded(vec(memberIndex), MAX_MEMBERS),
    'Members that the round does not hear: named before it was made, or out of the whole term.',
  ),
  silent: field(bounded(vec(memberIndex), MAX_MEMBERS), 'Members passed over in Keying.'),
  extensions: u8,
  items: u16,
  holders: field(u16, 'Whose they are: how many holders, where the rule asks for them; else 0.'),
  admitted: field(u16, 'Accounts that may submit a vector to be summed.'),
  submissions: u16,
  closedAt: field(option(blockNumber), 'The block that closed the round: members reveal when it is final.'),
  roomyBlocks: field(u32, '`System.RoomyBlocks` when the round closed or failed for want of contributions; 0 before.'),
  beacon: option(hash),
  checked: field(bool, 'Whether the checks are done: deposits of submissions went back or were taken then.'),
  accepted: field(bounded(vec(itemIndex), MAX_ITEMS), 'Items accepted by the checks, ascending.'),
  countsNorm: field(
    u64,
    'Weight norm of the points of all counts, which are opened beside `U`; 0 if nothing of them is opened, and before the checks.',
  ),
  finished: field(bounded(vec(finishedStep), 64), 'Steps done, in order: their late posts are still compared.'),
  failure: option(failure),
  failedIn: field(option(failedPhase), 'Where a failed round stopped.'),
  endedAt: field(option(blockNumber), 'The block in which the round settled or failed.'),
});
export type Round = Of<typeof round>;

export const submission = struct('tacit_tally::Submission', {
  account: accountId,
  lane: laneNumber,
  part: lanePart,
  id: field(hash, '`sealedId` (primitives/proofs/sealed.ts) of the sealed bytes, which stand in the body of `block`.'),
  ephemeral: field(point, 'The ephemeral key of its boxes.'),
  length: u32,
  block: blockNumber,
  verdict: field(u8, 'One of `VERDICT` of primitives/round.'),
  reason: field(u8, 'Reason code of a malformed payload, 0 otherwise.'),
});
export type Submission = Of<typeof submission>;
/** Largest reason of primitives/proofs (`REJECTIONS`) that a verdict may name. */
export const MAX_REASON = Math.max(...Object.values(REJECTIONS));

export const itemStatus = enumeration('tacit_tally::ItemStatus', {
  /** Not judged; after the checks: all of it passed, and another item of its holder counts. The stake returns in the open. */
  Pending: null,
  /** Enrolment and all update parts accepted. */
  Accepted: null,
  /** A part is missing or was refused: the stake returned in the open, less what an unused place costs. */
  Incomplete: null,
  /** The enrolment failed its own mask check: the stake is lost. */
  BadEnrolment: null,
});
export type ItemStatus = Of<typeof itemStatus>['tag'];

export const item = struct('tacit_tally::Item', {
  account: accountId,
  holder: field(
    hash,
    'Whose item it is, as somebody vouches: of the items of one holder one counts. Else its account.',
  ),
  enrolment: field(bounded(bytes, MAX_ENROLMENT_BYTES), 'The enrolment as posted (primitives/proofs/enrolment.ts).'),
  block: blockNumber,
  roomyBlocks: field(u32, '`System.RoomyBlocks` before the block of the enrolment.'),
  parts: field(u8, 'How many of the parts that complete it it has submitted.'),
  status: itemStatus,
  standing: field(u64, 'Public points that the round’s consumer gives it, above the base.'),
  factor: field(
    u8,
    'By what its counts are multiplied, where enough accepted items have as much (`countedFactors` of primitives/round).',
  ),
});
export type Item = Of<typeof item>;
