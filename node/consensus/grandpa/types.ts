/** What the voter says to its surroundings and to other voters; the words of the protocol itself stand in primitives/grandpa. */
import type {
  Ancestry,
  BlockRef,
  Commit,
  SignedMessage,
  SignedVote,
  VoteKind,
} from '../../../primitives/grandpa/index.ts';

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

/** What the algorithm asks of the chain: synchronous, answered from blocks this node has. */
export interface ChainView extends Ancestry {
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
