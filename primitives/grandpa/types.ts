/**
 * The words of GRANDPA (Stewart and Kokoris-Kogia, arXiv:2007.01560) as the crate finality-grandpa uses them.
 * Hashes and identities are `0x` hexadecimal texts, so that they can be keys of maps.
 */
import type { Header } from '../block/header.ts';

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

/** A proof that a block is final, which needs no chain to be checked. */
export interface Justification {
  readonly round: bigint;
  readonly commit: Commit;
  /** Headers between the lowest precommit target (exclusive) and the others (inclusive). */
  readonly ancestries: readonly Header[];
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

/** What the votes need to know of a block. */
export interface KnownBlock {
  readonly number: number;
  readonly parent: string;
  readonly header: Header;
}

/** A block that is given, not looked up. */
export interface AncestryBlock extends KnownBlock {
  readonly hash: string;
}

/** Where blocks are looked up: a chain, a list of headers, the tree of a round. */
export interface Ancestry {
  /** Undefined if the block is unknown here. */
  block(hash: string): KnownBlock | undefined;
}

export function sameBlock(a: BlockRef | undefined, b: BlockRef | undefined): boolean {
  return a?.hash === b?.hash && a?.number === b?.number;
}
