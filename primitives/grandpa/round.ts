import type { Ancestry, AncestryBlock, BlockRef, Phase, SignedVote } from './types.ts';
import { sameBlock } from './types.ts';
import { type Votes, VoteTree } from './vote-tree.ts';
import type { VoterSet } from './voter-set.ts';

export interface RoundState {
  /** Highest block with prevotes of at least the threshold; only ever rises. */
  readonly prevoteGhost: BlockRef | undefined;
  /** Highest ancestor-or-self of the ghost with precommits of at least the threshold. */
  readonly finalized: BlockRef | undefined;
  /** E(r): the highest block that may have been finalized in this round. */
  readonly estimate: BlockRef | undefined;
  /** No block above the estimate can be finalized in this round any more. */
  readonly completable: boolean;
}

export type VoteImport =
  | { readonly outcome: 'counted' | 'duplicate' | 'unknown-voter' | 'unknown-block' }
  | { readonly outcome: 'equivocation'; readonly first: SignedVote; readonly second: SignedVote }
  /** A third vote of an equivocator: proves nothing more and is not kept. */
  | { readonly outcome: 'redundant' };

/** The votes of one phase. */
class Ballot {
  /** Per voter its vote, and the second one that makes it an equivocator. */
  readonly votes = new Map<number, readonly [SignedVote] | readonly [SignedVote, SignedVote]>();
  seen = 0n;
  equivocators = 0n;
}

/** The state of a round before any voting: round 0 of a set, where everything up to `base` is final. */
export function genesisState(base: BlockRef): RoundState {
  return { prevoteGhost: base, finalized: base, estimate: base, completable: true };
}

/**
 * Counts the votes of one round (round.rs of the crate). Signatures are checked before votes come here. As an {@link Ancestry} it
 * gives the blocks above its base that votes made it know.
 */
export class Round implements Ancestry {
  readonly number: bigint;
  readonly voters: VoterSet;
  readonly base: BlockRef;
  readonly #tree: VoteTree;
  readonly #ballots: Readonly<Record<Phase, Ballot>> = { prevote: new Ballot(), precommit: new Ballot() };
  #state: RoundState = { prevoteGhost: undefined, finalized: undefined, estimate: undefined, completable: false };

  constructor(number: bigint, voters: VoterSet, base: BlockRef) {
    this.number = number;
    this.voters = voters;
    this.base = base;
    this.#tree = new VoteTree(base);
  }

  get state(): RoundState {
    return this.#state;
  }

  /**
   * Counts a vote whose target is known, here or in `blocks`. One that is for no block above the base supports nothing, but its
   * voter has voted: the round then counts the same on whichever base it stands. (The crate refuses it; as votes of a liar may be
   * needed to complete a round, voters with different bases would not all complete it.) A second, different vote of a voter is kept as the proof of its
   * equivocation, whatever it is for: the voter counts for every block from then on.
   */
  import(blocks: Ancestry, phase: Phase, vote: SignedVote): VoteImport {
    const position = this.voters.position(vote.id);
    if (position === undefined) return { outcome: 'unknown-voter' };
    const ballot = this.#ballots[phase];
    const bit = 1n << BigInt(position);
    const [first, second] = ballot.votes.get(position) ?? [];

    if (first === undefined) {
      if (this.#tree.insert(blocks, vote.target, phase, bit) === 'unknown') return { outcome: 'unknown-block' };
      ballot.votes.set(position, [vote]);
      ballot.seen |= bit;
      this.#update(phase);
      return { outcome: 'counted' };
    }
    if (sameBlock(first.target, vote.target) || sameBlock(second?.target, vote.target)) return { outcome: 'duplicate' };
    if (second !== undefined) return { outcome: 'redundant' };

    // The first vote stays where it is: from now on the voter counts for every block, that one included. The block of the second
    // is kept if it is known, as a proof may want this vote and not the other.
    this.#tree.grow(blocks, vote.target);
    ballot.votes.set(position, [first, vote]);
    ballot.equivocators |= bit;
    this.#update(phase);
    return { outcome: 'equivocation', first, second: vote };
  }

  /** Keeps the blocks from the base up to `target`, so that a vote for it can be counted whatever the chain drops. */
  know(blocks: Ancestry, target: BlockRef): void {
    this.#tree.grow(blocks, target);
  }

  /** Whether `block` is the base or a block above it that this round knows. */
  has(block: BlockRef): boolean {
    return this.#tree.has(block);
  }

  block(hash: string): AncestryBlock | undefined {
    return this.#tree.block(hash);
  }

  /** The blocks above the base that the votes name, and those between, on other branches too: all it takes to count them again. Parents first. */
  blocks(): AncestryBlock[] {
    return this.#tree.blocks();
  }

  /** Whether the precommits seen would finalize `block` by the paper's rule, where an equivocator counts for it too. */
  isPrecommitted(block: BlockRef): boolean {
    const votes = this.#tree.votesAt(block.hash);
    return votes !== undefined && this.#supported(votes, 'precommit');
  }

  /** All votes kept of a phase, both of an equivocator, in the order of the voter set. */
  votes(phase: Phase): SignedVote[] {
    return [...this.#ballots[phase].votes].sort(([a], [b]) => a - b).flatMap(([, votes]) => votes);
  }

  /** The votes kept of one voter in a phase: none, one, or two of an equivocator. */
  votesOf(phase: Phase, id: string): readonly SignedVote[] {
    const position = this.voters.position(id);
    return position === undefined ? [] : (this.#ballots[phase].votes.get(position) ?? []);
  }

  /**
   * Whether the ghost is the last one, but for voters that vote twice: no block above it would have enough prevotes, were all for it that are still to come. Waiting for these
   * brings nothing then.
   */
  get isGhostFixed(): boolean {
    const { prevoteGhost: ghost } = this.#state;
    if (ghost === undefined) return false;
    const { total, threshold } = this.voters;
    const { seen, equivocators } = this.#ballots.prevote;
    const silent = total - this.voters.weightOf(seen);
    // A block that no vote is for yet has the votes of equivocators too.
    if (this.voters.weightOf(equivocators) + silent >= threshold) return false;
    const possible = (votes: Votes): boolean => this.#weight(votes, 'prevote') + silent >= threshold;
    return sameBlock(this.#tree.findGhost(possible, ghost), ghost);
  }

  /** The highest block with precommits of at least the threshold, whatever was prevoted: what a commit must name. */
  precommitGhost(): BlockRef | undefined {
    return this.#tree.findGhost((votes) => this.#supported(votes, 'precommit'));
  }

  /** Whether `block` is `ancestor` or above it, as far as votes of this round reach. */
  isAtOrAbove(ancestor: string, block: string): boolean {
    return this.#tree.isAtOrAbove(ancestor, block);
  }

  #weight(votes: Votes, phase: Phase): bigint {
    return this.voters.weightOf(votes[phase] | this.#ballots[phase].equivocators);
  }

  #supported(votes: Votes, phase: Phase): boolean {
    return this.#weight(votes, phase) >= this.voters.threshold;
  }

  #update(changed: Phase): void {
    const { threshold, total, faulty } = this.voters;
    const ballot = this.#ballots.precommit;
    if (this.voters.weightOf(this.#ballots.prevote.seen) < threshold) return;

    let ghost = this.#state.prevoteGhost;
    if (changed === 'prevote' || ghost === undefined) {
      ghost = this.#tree.findGhost((votes) => this.#supported(votes, 'prevote'), ghost) ?? ghost;
    }
    if (ghost === undefined) return;

    const seen = this.voters.weightOf(ballot.seen);
    if (seen < threshold) {
      // At least f+1 precommits are still to come and f voters may equivocate: any new block could still be finalized.
      this.#state = { ...this.#state, prevoteGhost: ghost, estimate: ghost, completable: false };
      return;
    }

    const equivocated = this.voters.weightOf(ballot.equivocators);
    const furtherEquivocations = equivocated < faulty ? faulty - equivocated : 0n;
    const possible = (votes: Votes): boolean => {
      const precommitted = this.#weight(votes, 'precommit');
      const turncoats = seen - precommitted;
      const most = turncoats < furtherEquivocations ? turncoats : furtherEquivocations;
      return precommitted + (total - seen) + most >= threshold;
    };
    const finalized = this.#tree.findAncestor(ghost, (votes) => this.#supported(votes, 'precommit'));
    const estimate = this.#tree.findAncestor(ghost, possible);
    const completable =
      estimate !== undefined &&
      (!sameBlock(estimate, ghost) || sameBlock(this.#tree.findGhost(possible, ghost) ?? ghost, ghost));
    this.#state = { prevoteGhost: ghost, finalized, estimate, completable };
  }
}
