/** What the committee pallet keeps and exchanges: codecs are the declaration, TypeScript types follow from them. */
import { hash32Of } from '../../primitives/crypto/hash.ts';
import {
  bool,
  bounded,
  bytes,
  enumeration,
  field,
  fixed,
  named,
  type Of,
  option,
  signable,
  str,
  struct,
  u8,
  u16,
  u32,
  vec,
} from '../../primitives/scale/index.ts';
import { MAX_MEMBERS, MAX_SUBSETS } from '../../primitives/round/limits.ts';
import { accountId, blockNumber } from '../support/types.ts';

/** Index of the pallet in the runtime: signed with every post, as the call is. */
export const COMMITTEE_PALLET = 20;
export { POST_CALL, postText } from '../../primitives/round/commitments.ts';

/** Ephemeral key and boxes of the largest subset. */
const MAX_DEAL_BYTES = 32 + 48 * MAX_MEMBERS;

export const termId = named('TermId', u32, 'Number of the term.');
export const memberIndex = named('MemberIndex', u8, 'Place of the member in the committee, from 0.');
export const subsetIndex = named('SubsetIndex', u16);

const point = fixed(32);
const scalar = fixed(32);

export const memberStatus = enumeration('tacit_committee::MemberStatus', {
  /** Has not registered a key in this attempt yet. */
  Waiting: null,
  /** In a set-up: has registered a key, subset keys are sealed to it. In a term that stands: holds the agreed keys, as far as it has said. */
  Present: null,
  /** Let a deadline of this term pass: nobody waits for it. */
  Absent: null,
  /** Named in this committee, or silent in a dispute of its own: takes no part. */
  Excluded: null,
  /** Has no keys of the term that stands and asks for the next deal. */
  Returned: null,
});

export const member = struct('tacit_committee::Member', {
  account: accountId,
  key: field(fixed(32), 'sr25519 public key that signs the member’s posts.'),
  status: memberStatus,
});
export type Member = Of<typeof member>;

export const termPhase = enumeration('tacit_committee::TermPhase', {
  Keys: null,
  Deal: null,
  Digest: null,
  Reveal: null,
  Active: null,
  Failed: null,
});
export type TermPhase = Of<typeof termPhase>['tag'];

export const term = struct('tacit_committee::Term', {
  term: termId,
  attempt: field(u8, 'Counts the restarts of the set-up; every key is bound to it.'),
  paramsId: field(bounded(str, 64), 'Name of the parameter set (primitives/fhe/params.ts).'),
  phase: termPhase,
  deadline: field(blockNumber, 'The block in whose `onFinalize` a phase that is not done is cut off.'),
  members: bounded(vec(member), MAX_MEMBERS),
  dealers: field(bounded(vec(memberIndex), MAX_SUBSETS), 'Per subset, who deals its key.'),
  disputed: field(
    option(subsetIndex),
    'The subset in dispute: its dealer has to reveal, its other members to open their boxes.',
  ),
  sequence: field(u32, 'Rounds begun in this term: the ratchet number of the next one.'),
  liveRounds: field(u32, 'Rounds of this term that are not settled yet.'),
  silent: field(
    bounded(vec(memberIndex), MAX_MEMBERS),
    'Members that let a round wait for their part of its key, at most f: later rounds of the term ask others for it.',
  ),
});
export type Term = Of<typeof term>;

/** One subset key, dealt: primitives/fhe/deal.ts. */
export const deal = struct('tacit_committee::Deal', { subset: subsetIndex, sealed: bounded(bytes, MAX_DEAL_BYTES) });
export type Deal = Of<typeof deal>;

export const dealtKey = struct('tacit_committee::DealtKey', {
  dealer: memberIndex,
  sealed: bounded(bytes, MAX_DEAL_BYTES),
});
export type DealtKey = Of<typeof dealtKey>;

/** A member's own box of a deal, opened for everyone: primitives/fhe/deal.ts. */
export const boxOpening = struct('tacit_committee::BoxOpening', {
  subset: subsetIndex,
  shared: point,
  proof: fixed(64),
});
export type BoxOpening = Of<typeof boxOpening>;

export const setupBody = enumeration('tacit_committee::SetupBody', {
  /** An encryption key for this attempt with proof of knowledge over {@link keyProofMessage}. */
  Keys: { key: point, proof: fixed(64) },
  /** The keys of all subsets that this member deals. */
  Deal: { deals: bounded(vec(deal), MAX_SUBSETS) },
  /** `subsetKeyDigest` of every subset of the member, ascending. */
  Digest: { digests: bounded(vec(fixed(32)), MAX_SUBSETS) },
  /** The dealer's ephemeral secret of the disputed deal. */
  Reveal: { ephemeralSecret: scalar },
  /** Instead of digests: the first of the member's boxes that does not open. In a dispute: the member's box of the disputed deal. */
  Opening: { opening: boxOpening },
  /** In a term that stands: whether the member holds the agreed keys after all, or asks for the next deal. */
  Late: { holds: bool },
});
export type SetupBody = Of<typeof setupBody>;
export type SetupStep = SetupBody['tag'];

export const setupPost = signable(
  struct('tacit_committee::SetupPost', {
    term: termId,
    attempt: u8,
    member: memberIndex,
    body: setupBody,
  }),
);
export type SetupPost = Of<typeof setupPost>;

export const offenceKind = enumeration('tacit_committee::OffenceKind', {
  /** Sealed a key that does not open, or different keys, or another than it says it holds. */
  BadDeal: null,
  /** A digest that is not that of the key that was dealt. */
  BadDigest: null,
  /** A posted key sum that fails the check of the round key. */
  BadKeySum: null,
  /** A box key other than the one f+1 members of the subset posted. */
  BadBoxKey: null,
  /** A share off the polynomial on which 2f+1 others lie, or public claims other than theirs. */
  BadShare: null,
});
export type OffenceKind = Of<typeof offenceKind>['tag'];

/** A member named. The evidence is the post itself: signed, in the body of the block where it was included. */
export const offence = struct('tacit_committee::Offence', {
  term: termId,
  member: memberIndex,
  account: accountId,
  kind: offenceKind,
  round: field(option(named('RoundId', u32)), 'The round, or none if it happened in the set-up of the term.'),
  step: field(u8, 'Step of the post in its pallet’s enumeration of bodies.'),
  attempt: u8,
  evidence: field(fixed(32), 'blake2b-256 of the SCALE bytes of the body.'),
  block: blockNumber,
});
export type Offence = Of<typeof offence>;

/** Everything a validator's worker needs to take part in the set-up, in one answer. */
export const termInfo = struct('tacit_committee::TermInfo', {
  term,
  keys: field(
    vec(point),
    'Per member, its encryption key of the present attempt; of members that are not present, a point that nobody has the secret of.',
  ),
  deals: field(vec(option(dealtKey)), 'Per subset, the deal as it stands.'),
  posted: field(vec(memberIndex), 'Members that have posted in the present phase.'),
  agreed: field(
    vec(option(fixed(32))),
    'Per subset, the digest of its key that the term stands on; none before the term stands.',
  ),
});

/** The message under the proof of knowledge of a member's encryption key. */
export function keyProofMessage(
  genesis: Uint8Array,
  termNumber: number,
  attempt: number,
  memberIndex: number,
): Uint8Array {
  return hash32Of('tacit/committee-key/1', genesis, termNumber, attempt, memberIndex);
}

/** Steps in the order of their wire indexes. */
export const SETUP_STEPS: readonly SetupStep[] = ['Keys', 'Deal', 'Digest', 'Reveal', 'Opening', 'Late'];
