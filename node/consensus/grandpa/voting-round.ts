import {
  type Ancestry,
  type BlockRef,
  descends,
  type Round,
  type RoundState,
  sameBlock,
  type SignedMessage,
  type VoteImport,
  type VoteKind,
  type VoterSet,
} from '../../../primitives/grandpa/index.ts';
import type { ChainView } from './types.ts';

/** Periods for which a prevote waits for what may still change it, and a precommit after it. */
const PATIENCE = 2;
/**
 * Periods for which a round waits for something to vote on. A round about nothing costs everybody as many votes and writes as one about a block, and a block that
 * comes while it is under way waits for its end. It is shorter than the time after which own votes go out again (RESEND_PERIODS).
 */
const IDLE = 6;
/** Periods within which a round is over if all is well, the longest wait for a block included. */
const STUCK_PERIODS = 16;
/**
 * A vote is for a block at most so far above its round's base. Where more is not final, finality comes in steps of so many blocks: the
 * headers of a step fit into a proof, a record and an answer to a peer (MAX_ANCESTRIES, MAX_ROUND_BLOCKS), and the votes into the tree of
 * whoever counts them on a lower base.
 */
export const REACH = 512;

/** A vote that the rules of the round now ask for. */
export interface Ballot {
  readonly kind: VoteKind;
  readonly target: BlockRef;
}

/** The round before: its state, which still changes while late votes arrive, and the blocks that its votes made known. */
export interface Previous extends Partial<Ancestry> {
  readonly state: RoundState;
}

export interface RoundOptions {
  readonly startedAt: number;
  readonly period: number;
  /** Blocks above the base; {@link REACH} if absent. */
  readonly reach?: number | undefined;
  /** What was to be prevoted in the round before. */
  readonly votedBefore?: BlockRef | undefined;
}

/**
 * One round in which we take part (voting_round.rs of the crate): what to vote and when. Times are milliseconds of the clock
 * that is passed in; `period` is T, the assumed time of a message through the network.
 */
export class VotingRound {
  readonly votes: Round;
  readonly startedAt: number;
  readonly #period: number;
  readonly #reach: number;
  readonly #previous: Previous;
  readonly #votedBefore: BlockRef | undefined;
  #primaryBlock: BlockRef | undefined;
  #proposed = false;
  #prevoteBy: number;
  #prevotedAt = Number.POSITIVE_INFINITY;
  #prevoted: BlockRef | undefined;
  #stage: 'start' | 'prevoted' | 'precommitted' = 'start';

  constructor(votes: Round, previous: Previous, { startedAt, period, reach = REACH, votedBefore }: RoundOptions) {
    this.votes = votes;
    this.#previous = previous;
    this.startedAt = startedAt;
    this.#period = period;
    this.#reach = reach;
    this.#votedBefore = votedBefore;
    this.#prevoteBy = startedAt + PATIENCE * period;
  }

  get number(): bigint {
    return this.votes.number;
  }

  /** What this round was to prevote, once it has. */
  get prevoted(): BlockRef | undefined {
    return this.#prevoted;
  }

  get voters(): VoterSet {
    return this.votes.voters;
  }

  /** When the next timer of this round fires; undefined when none is left, and only votes can bring it on. */
  wakeAt(now: number): number | undefined {
    const at = { start: this.#prevoteBy, prevoted: this.#precommitBy, precommitted: now }[this.#stage];
    return at > now ? at : undefined;
  }

  /** Whether nothing is left to decide below what this round is about: the estimate of the one before is final, so that its primary has nothing to propose. */
  get #isCalm(): boolean {
    const { estimate, finalized } = this.#previous.state;
    return estimate !== undefined && estimate.number <= (finalized?.number ?? -1);
  }

  /**
   * Periods from the start for which a prevote for `target` waits. Above a final estimate a block that is new is voted for at once; one that was voted for in vain waits as long
   * as any, so that voters who do not agree on a branch do not go from round to round as fast as they can.
   */
  #patience(target: BlockRef, estimate: BlockRef): number {
    if (!this.#isCalm) return PATIENCE;
    if (target.number <= estimate.number) return IDLE;
    return sameBlock(target, this.#votedBefore) ? PATIENCE : 0;
  }

  /** Others may prevote up to two periods after the start, and later than we do. */
  get #precommitBy(): number {
    return Math.max(this.startedAt + PATIENCE * this.#period, this.#prevotedAt) + PATIENCE * this.#period;
  }

  /** Counts a vote of anyone; a proposal is only taken from the round's primary. */
  import(blocks: Ancestry, message: SignedMessage): VoteImport {
    if (message.kind !== 'propose') return this.votes.import(blocks, message.kind, message);
    if (this.voters.position(message.id) === undefined) return { outcome: 'unknown-voter' };
    if (this.voters.primary(this.number).id !== message.id || this.#primaryBlock !== undefined) {
      return { outcome: 'redundant' };
    }
    this.#primaryBlock = message.target;
    return { outcome: 'counted' };
  }

  /**
   * The next thing to vote, or undefined if it is not the time. The waits of the paper are for votes and proposals that may still come: where the estimate is final there is no
   * proposal, and a block above it is voted for at once; where no vote can lift the ghost any more, it is precommitted. Every answer moves the round on, so that nothing is ever
   * asked twice; a node without a vote walks through the same stages and drops the answers, and so does one that has voted before a
   * restart (`OwnVotes.sign`).
   */
  next(now: number, chain: ChainView, self: string | undefined): Ballot | undefined {
    const { state: previous } = this.#previous;
    const { estimate } = previous;
    if (estimate === undefined) return undefined;
    const { completable, prevoteGhost } = this.votes.state;

    if (this.#stage === 'start') {
      if (!this.#proposed && this.voters.primary(this.number).id === self && !this.#isCalm) {
        this.#proposed = true;
        return { kind: 'propose', target: estimate };
      }
      const target = this.#prevoteTarget(chain, previous, estimate);
      this.#prevoteBy = this.startedAt + this.#patience(target, estimate) * this.#period;
      if (now < this.#prevoteBy && !completable) return undefined;
      this.#stage = 'prevoted';
      this.#prevotedAt = now;
      this.#prevoted = target;
      return { kind: 'prevote', target };
    }

    if (this.#stage === 'prevoted' && prevoteGhost !== undefined) {
      const follows =
        sameBlock(prevoteGhost, estimate) ||
        this.votes.isAtOrAbove(estimate.hash, prevoteGhost.hash) ||
        // The estimate may lie below the base of this round.
        (estimate.number <= this.votes.base.number && descends(this.#blocks(chain), estimate, this.votes.base));
      if (!follows) return undefined;
      if (now < this.#precommitBy && !completable && !this.votes.isGhostFixed) return undefined;
      this.#stage = 'precommitted';
      return { kind: 'precommit', target: prevoteGhost };
    }
    return undefined;
  }

  /**
   * The next round may start: completable, every vote cast, and the estimate of the round before finalized. The paper asks for
   * less. A round that has lasted long is left as soon as it is completable: votes of the round before that would lower its
   * estimate may be with peers that have gone on and do not tell of it any more.
   */
  isOver(now: number, finalized: number): boolean {
    if (!this.votes.state.completable) return false;
    if (this.isLong(now)) return true;
    const { estimate, finalized: before } = this.#previous.state;
    if (this.#stage !== 'precommitted' || estimate === undefined) return false;
    return estimate.number <= Math.max(finalized, before?.number ?? -1, this.votes.state.finalized?.number ?? -1);
  }

  /** Whether the round lasts so long that votes must be missing. */
  isLong(now: number): boolean {
    return now - this.startedAt > STUCK_PERIODS * this.#period;
  }

  /**
   * Head of the best chain that contains E(r-1), or the primary's block if it lies between E(r-1) and the last ghost; no further above
   * the base than votes reach, as long as that contains it.
   */
  #prevoteTarget(chain: ChainView, previous: RoundState, estimate: BlockRef): BlockRef {
    const proposal = this.#primaryBlock;
    const ghost = previous.prevoteGhost;
    const takesProposal =
      proposal !== undefined &&
      ghost !== undefined &&
      proposal.number > estimate.number &&
      descends(this.#blocks(chain), proposal, ghost) &&
      descends(this.#blocks(chain), estimate, proposal);
    const containing = takesProposal ? proposal : estimate;
    // A chain that cannot answer must not stop the vote; the estimate itself supports nothing new.
    const ceiling = Math.max(containing.number, this.votes.base.number + this.#reach);
    return chain.bestContaining(containing.hash, ceiling) ?? containing;
  }

  /** What the votes of this round and the last made known counts as known, whatever the chain has dropped. */
  #blocks(chain: ChainView): Ancestry {
    return { block: (hash) => this.votes.block(hash) ?? this.#previous.block?.(hash) ?? chain.block(hash) };
  }
}
