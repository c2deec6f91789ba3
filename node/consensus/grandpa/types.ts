/**
 * The words of GRANDPA (Stewart and Kokoris-Kogia, arXiv:2007.01560) as the crate finality-grandpa uses them.
 * Hashes and identities are `0x` hexadecimal texts, so that they can be keys of maps.
 */

/** A block: blake2b-256 of its header, and its height. */
export interface BlockRef {
  readonly hash: string;
  readonly number: number;
}

/** `prevote` and `precommit` count; `propose` is the primary's hint. */
export type VoteKind = 'prevote' | 'precommit' | 'propose';
export type Phase = 'prevote' | 'precommit';

/** A vote with the voter's ed25519 public key and signature over {@link import('./formats.ts').votePayload}. */
export interface SignedVote {
  readonly target: BlockRef;
  readonly signature: Uint8Array;
  readonly id: string;
}

export interface SignedMessage extends SignedVote {
  readonly kind: VoteKind;
}

/** Precommits that finalize `target` in one round. */
export interface Commit {
  readonly target: BlockRef;
  readonly precommits: readonly SignedVote[];
}

/** A vote on its way between nodes. */
export interface VotePacket {
  readonly setId: bigint;
  readonly round: bigint;
  readonly message: SignedMessage;
}

export interface CommitPacket {
  readonly setId: bigint;
  readonly round: bigint;
  readonly commit: Commit;
}

/** All votes of a completed round: whoever is behind may go on from it. */
export interface CatchUp {
  readonly setId: bigint;
  readonly round: bigint;
  readonly base: BlockRef;
  readonly prevotes: readonly SignedVote[];
  readonly precommits: readonly SignedVote[];
}

/** Where a peer stands. */
export interface View {
  readonly setId: bigint;
  readonly round: bigint;
  readonly finalized: number;
}

/** Two different votes of one voter in one phase of one round. */
export interface Equivocation {
  readonly setId: bigint;
  readonly round: bigint;
  readonly phase: Phase;
  readonly id: string;
  readonly first: SignedVote;
  readonly second: SignedVote;
}

/** What the algorithm asks of the chain: synchronous, answered from blocks this node has. */
export interface ChainView {
  /** The block's number and its parent's hash, or undefined if the block is unknown. */
  block(hash: string): { readonly number: number; readonly parent: string } | undefined;
  /** Head of the best chain that contains `hash`, never above the smallest pending change of authorities. */
  bestContaining(hash: string): BlockRef | undefined;
}

/** What must be on disk before a vote leaves the node, and what a restart needs. */
export interface VoterRecord {
  readonly setId: bigint;
  /** The last round this voter completed, with all votes seen in it; undefined before round 1 is complete. */
  readonly completed: CatchUp | undefined;
  /** The base of the running round, kept so that a restart counts votes exactly as before. */
  readonly base: BlockRef;
  /** Own votes of the running round and the one before. */
  readonly cast: readonly { readonly round: bigint; readonly message: SignedMessage }[];
}

/** Which vote, whatever it was for. */
export interface VotePosition {
  readonly setId: bigint;
  readonly round: bigint;
  readonly kind: VoteKind;
}

export function sameBlock(a: BlockRef | undefined, b: BlockRef | undefined): boolean {
  return a?.hash === b?.hash && a?.number === b?.number;
}
