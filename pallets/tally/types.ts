/** What the tally pallet keeps and exchanges: codecs are the declaration, TypeScript types follow from them. */
import { REJECTIONS } from '../../primitives/proofs/unseal.ts';
import { SALT_BYTES } from '../../primitives/round/commitments.ts';
import {
  MAX_DIRECTION_BYTES,
  MAX_ENROLMENT_BYTES,
  MAX_FEW_SHARES_BYTES,
  MAX_ITEMS,
  MAX_LANES,
  MAX_MEMBERS,
  MAX_REPORTERS,
  MAX_SHARE_BYTES,
  MAX_SUBMISSIONS,
  MAX_SUBSETS,
  MAX_UPDATE_PARTS,
} from '../../primitives/round/limits.ts';
import type { TallyStep } from '../../primitives/round/phases.ts';
import {
  bool,
  bounded,
  bytes,
  enumeration,
  fixed,
  named,
  type Of,
  option,
  str,
  struct,
  u8,
  u16,
  u32,
  u64,
  u128,
  vec,
} from '../../primitives/scale/index.ts';
import { accountId, balance, blockNumber } from '../support/types.ts';
import { memberIndex, termId } from '../committee/types.ts';

/** Index of the pallet in the runtime: signed with every post. */
export const TALLY_PALLET = 21;

export const roundId = named('RoundId', u32, 'Number of the round.');
export const itemIndex = named('ItemIndex', u16, 'Place of the item in the round, from 0.');
export const submissionIndex = named('SubmissionIndex', u16, 'Place of the submission in the round, from 0.');
export const laneNumber = named('Lane', u8, 'Kind of contribution: 0 model update, 1 usage report.');
export const lanePart = named('LanePart', u8, 'Part of the lane: of a model update, or the reporter.');

const hash = fixed(32);
const point = fixed(32);
const scalar = fixed(32);

export const roundPhase = enumeration('tacit_tally::Phase', {
  Keying: null,
  KeyCheck: null,
  Open: null,
  Reveal: null,
  Check: null,
  CheckEach: null,
  Direction: null,
  Aggregate: null,
  Total: null,
  Payout: null,
  Settled: null,
  Failed: null,
});

export const failure = enumeration('tacit_tally::Failure', {
  /** The phase was not done by its deadline, or more than f members were silent. */
  Deadline: null,
  /** Fewer than `kMin` accounts contributed, even after all extensions. */
  TooFew: null,
  /** Fewer than `kMin` items were accepted. */
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
});

export const reporter = struct('tacit_tally::Reporter', {
  account: accountId,
  /** Publicly paid uses this reporter's vector must add up to. */
  total: u64,
});

/** The rule of a round, fixed when it is created. Money in base units. */
export const roundRule = struct('tacit_tally::Rule', {
  /** Values of each update part, the four spare coordinates included. */
  parts: bounded(vec(u32), MAX_UPDATE_PARTS),
  /** Squared norm of every update part; bound of that of the direction's parts. */
  normSq: u64,
  reporters: bounded(vec(reporter), MAX_REPORTERS),
  alpha: u64,
  gamma: u64,
  /** Below this total score nothing is paid. */
  tMin: u64,
  /** What the round may pay on top of the stakes. */
  pool: balance,
  /** Reserved by each enrolment and paid out with the note. */
  stake: balance,
  kMin: u16,
  maxItems: u16,
  openBlocks: blockNumber,
  maxExtensions: u8,
  /** `directionHash` of each part of the validation direction. */
  directions: bounded(vec(hash), MAX_UPDATE_PARTS),
});

/** {@link RoundRule} of primitives/round as it stands in state. */
export type RuleRecord = Of<typeof roundRule>;

/** A published part of `g`, with the salt it was committed under. */
export const publishedPart = struct('tacit_tally::PublishedPart', {
  salt: fixed(SALT_BYTES),
  /** Signed bytes. */
  values: bounded(bytes, MAX_DIRECTION_BYTES),
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
  /** Ratchet number of the round's keys within the term. */
  sequence: u32,
  paramsId: bounded(str, 64),
  /** Index of the pallet that made the round and is told of its end. */
  consumer: u8,
  /** What is opened after the checks, in this order; the round is settled after the last. */
  opens: bounded(vec(roundPhase), 8),
  rule: roundRule,
  lanes: bounded(vec(laneRecord), MAX_LANES),
  phase: roundPhase,
  /** Counts the repetitions of Keying and KeyCheck; 0 in all other steps. */
  attempt: u8,
  /** The block in whose `onFinalize` the phase is cut off; of `Open`, the block that closes the round. 0 when the round is over. */
  deadline: blockNumber,
  /** Members that the round does not hear: named before it was made, or out of the whole term. */
  out: bounded(vec(memberIndex), MAX_MEMBERS),
  /** Members passed over in Keying. */
  silent: bounded(vec(memberIndex), MAX_MEMBERS),
  extensions: u8,
  items: u16,
  submissions: u16,
  /** The block that closed the round: members reveal when it is final. */
  closedAt: option(blockNumber),
  beacon: option(hash),
  /** Whether the checks are done: deposits of submissions went back or were taken then. */
  checked: bool,
  /** Items accepted by the checks, ascending. */
  accepted: bounded(vec(itemIndex), MAX_ITEMS),
  /** Steps done, in order: their late posts are still compared. */
  finished: bounded(vec(finishedStep), 64),
  failure: option(failure),
  /** Where a failed round stopped. */
  failedIn: option(failedPhase),
  /** The block in which the round settled or failed. */
  endedAt: option(blockNumber),
});
export type Round = Of<typeof round>;

export const submission = struct('tacit_tally::Submission', {
  account: accountId,
  lane: laneNumber,
  part: lanePart,
  /** `sealedId` (primitives/proofs/sealed.ts) of the sealed bytes, which stand in the body of `block`. */
  id: hash,
  /** The ephemeral key of its boxes. */
  ephemeral: point,
  length: u32,
  block: blockNumber,
  /** One of `VERDICT` of primitives/round. */
  verdict: u8,
  /** Reason code of a malformed payload, 0 otherwise. */
  reason: u8,
});
export type Submission = Of<typeof submission>;
/** Largest reason of primitives/proofs (`REJECTIONS`) that a verdict may name. */
export const MAX_REASON = Math.max(...Object.values(REJECTIONS));

export const itemStatus = enumeration('tacit_tally::ItemStatus', {
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
  /** The enrolment as posted (primitives/proofs/enrolment.ts). */
  enrolment: bounded(bytes, MAX_ENROLMENT_BYTES),
  block: blockNumber,
  /** Update parts submitted, one bit each. */
  parts: u8,
  status: itemStatus,
});
export type Item = Of<typeof item>;

/** The bodies of the committee's posts, one variant per step; shares are packed residues `[prime][slot]` (primitives/fhe/wire.ts, `encodeResidues`). */
export const tallyBody = enumeration('tacit_tally::Body', {
  Keying: {
    /** Packed key-level sum of `b_A` over the subsets assigned to the member in this attempt; empty if there are none. */
    sum: bounded(bytes, MAX_SHARE_BYTES),
    /** `X_A^seal` and `X_A^mask` of every subset of the member, ascending. */
    sealKeys: bounded(vec(point), MAX_SUBSETS),
    maskKeys: bounded(vec(point), MAX_SUBSETS),
  },
  KeyCheck: {
    /** Shares of the functionals, `[prime of the key level][poster][functional]`. */
    functionals: bounded(bytes, MAX_FEW_SHARES_BYTES),
    /** Opening shares of the test encryption (primitives/fhe/key-check.ts, `keyTest`). */
    test: bounded(bytes, MAX_FEW_SHARES_BYTES),
  },
  /** `x_A^seal` of every subset of the member, ascending. */
  Reveal: { secrets: bounded(vec(scalar), MAX_SUBSETS) },
  Check: {
    /** Per submission, 0 or the reason it is malformed. */
    verdicts: bounded(bytes, MAX_SUBMISSIONS),
    /** Shares minus public side of the combined check mod the data primes; empty if no payload is well formed. */
    residues: bounded(bytes, MAX_FEW_SHARES_BYTES),
    /** The same mod l, then the shares of `S` and `R` of the mask check. */
    scalars: bounded(vec(scalar), 8),
  },
  CheckEach: {
    verdicts: bounded(bytes, MAX_SUBMISSIONS),
    /** As in `Check`, per well-formed submission in order. */
    residues: bounded(bytes, MAX_SHARE_BYTES),
    /** Per well-formed submission its scalars, then per item `S_i` and `R_i`. */
    scalars: bounded(vec(scalar), 1_024),
  },
  Aggregate: {
    /** Hash of the summed ciphertext of each update part. */
    ciphertexts: bounded(vec(hash), MAX_UPDATE_PARTS),
    shares: bounded(bytes, MAX_SHARE_BYTES),
  },
  Total: {
    /** Hash of `D_i` per accepted item, in order. */
    scores: bounded(vec(hash), MAX_ITEMS),
    /** Hash of `sum D_i`. */
    total: hash,
    shares: bounded(bytes, 64),
  },
  Payout: { shares: bounded(bytes, MAX_FEW_SHARES_BYTES) },
});
export type TallyBody = Of<typeof tallyBody>;
export type BodyOf<S extends TallyStep> = Extract<TallyBody, { tag: S }>['value'];

export const tallyPost = struct('tacit_tally::Post', {
  term: termId,
  round: roundId,
  attempt: u8,
  member: memberIndex,
  body: tallyBody,
});
export type TallyPost = Of<typeof tallyPost>;

/** What the opened total decided. */
export const totalRecord = struct('tacit_tally::Total', {
  /** Hash of each score ciphertext `D_i`, in the order of the accepted items. */
  scores: bounded(vec(hash), MAX_ITEMS),
  /** Hash of `sum D_i`. */
  ciphertext: hash,
  /** `|T|`, and whether it is below zero. */
  sum: u128,
  negative: bool,
  /** Grains paid per point of score. */
  rate: u128,
  /** Grains in one unit of money: notes are counted in them. */
  grains: u64,
});
export type TotalRecord = Of<typeof totalRecord>;

/** The encrypted payout vector as the block commits it: who owns an item reads its amount, nobody else does. */
export const payoutVector = struct('tacit_tally::PayoutVector', {
  round: roundId,
  /** Item numbers, in the order of `z`. */
  items: bounded(vec(itemIndex), MAX_ITEMS),
  /** Ciphertexts the vector was opened from: hash of each `D_i`. */
  scores: bounded(vec(hash), MAX_ITEMS),
  /** `z_i = grains*stake + rate*score_i + m_i mod t`. */
  z: bounded(vec(u64), MAX_ITEMS),
  sum: u128,
  negative: bool,
  /** Grains paid per point of score. */
  rate: u128,
  /** Grains in one unit of money: notes are counted in them. */
  grains: u64,
  stake: balance,
});
export type PayoutVector = Of<typeof payoutVector>;

/** Everything a contributor or a worker needs of a round, in one answer. */
export const roundInfo = struct('tacit_tally::RoundInfo', {
  round,
  /** Key-level `b`, packed (primitives/fhe/wire.ts); `a` follows from the context. */
  publicKey: option(bytes),
  sealKeys: vec(point),
  maskKeys: vec(point),
  items: vec(item),
  submissions: vec(submission),
  /** Revealed `x_A^seal`, per subset. */
  secrets: vec(option(scalar)),
  /** `U`, i32 little endian, part after part. */
  aggregate: option(bytes),
  /** Published parts of `g`. */
  directions: vec(option(publishedPart)),
  total: option(totalRecord),
  payout: option(payoutVector),
  /** Members that have posted in the present step and attempt. */
  posted: vec(memberIndex),
  /** In KeyCheck, the packed key sum of each member that posted one in this attempt; empty in other phases. */
  keySums: vec(option(bytes)),
});
export type RoundInfo = Of<typeof roundInfo>;
