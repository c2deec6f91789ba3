/** What the voter says to its surroundings and to other voters; the words of the protocol itself stand in primitives/grandpa. */
import type {
  Ancestry,
  AncestryBlock,
  BlockRef,
  Justification,
  RoundState,
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

/** A commit on its way between nodes: a whole proof, which whoever gets it can check without the blocks. */
export interface CommitPacket {
  readonly setId: bigint;
  readonly justification: Justification;
}

/** The votes of one round, with what it takes to count them where the blocks are unknown or gone. */
export interface RoundVotes {
  readonly round: bigint;
  readonly base: BlockRef;
  /** Two of an equivocator, in the order in which they count. */
  readonly prevotes: readonly SignedVote[];
  readonly precommits: readonly SignedVote[];
  /** Blocks between the base's height and the targets, on other branches too, parents first; the lowest may be left out where they are many. */
  readonly ancestry: readonly AncestryBlock[];
}

/** What a peer has of its running round and the one before: whoever is behind, or lacks votes, may go on with them. */
export interface CatchUp {
  readonly setId: bigint;
  /** At most two, the older first. */
  readonly rounds: readonly RoundVotes[];
}

/** Where a peer stands. */
export interface View {
  readonly setId: bigint;
  readonly round: bigint;
  readonly finalized: number;
}

/** What the algorithm asks of the chain: synchronous, answered from blocks this node has. */
export interface ChainView extends Ancestry {
  /**
   * Head of the best chain that contains `hash`, or its block at height `ceiling` if that is lower; never above the smallest pending
   * change of authorities.
   */
  bestContaining(hash: string, ceiling: number): BlockRef | undefined;
}

/** What must be on disk before a vote leaves the node, and what a restart needs. */
export interface VoterRecord {
  readonly setId: bigint;
  /** The last round this voter completed; undefined before round 1 is complete. */
  readonly completed: { readonly votes: RoundVotes; readonly state: RoundState } | undefined;
  /** What the running round had seen. A restart counts it exactly as before, whatever blocks are gone. */
  readonly running: RoundVotes;
  /** Own votes of the running round and the one before. */
  readonly cast: readonly { readonly round: bigint; readonly message: SignedMessage }[];
}

/** Which vote, whatever it was for. */
export interface VotePosition {
  readonly setId: bigint;
  readonly round: bigint;
  readonly kind: VoteKind;
}
