import {
  type Ancestry,
  ancestryBlock,
  type BlockRef,
  type Equivocation,
  type Phase,
  type Round,
  type SignedMessage,
  validateCommit,
  type VoteImport,
  withBlocks,
} from '../../../primitives/grandpa/index.ts';
import type { Finality } from './finality.ts';
import type { Rounds } from './rounds.ts';
import type { ChainView, CommitPacket, RoundVotes, VotePacket } from './types.ts';
import type { VoterAction, VoterConfig } from './voter-io.ts';
import { Waiting } from './waiting.ts';

/** Votes of so many rounds after ours are kept until we get there. */
export const FUTURE_ROUNDS = 2n;

export interface IntakeParts {
  readonly config: VoterConfig;
  readonly chain: ChainView;
  readonly rounds: Rounds;
  readonly finality: Finality;
  readonly now: () => number;
  readonly act: (action: VoterAction) => void;
}

/** What comes in is counted here: votes and proofs of anyone, those that waited for their round or block, and what follows from them. */
export class Intake {
  readonly #parts: IntakeParts;
  readonly #waiting = new Waiting();

  constructor(parts: IntakeParts) {
    this.#parts = parts;
  }

  /** Takes a vote of anyone. `blocks` is where its block may be known, `from` the peer that told it. */
  vote(packet: VotePacket, blocks: Ancestry, from: string | undefined): void {
    const { config, rounds } = this.#parts;
    const { setId, round, message } = packet;
    if (setId !== config.setId || config.voters.position(message.id) === undefined) return;
    if (round > rounds.number) {
      if (round <= rounds.number + FUTURE_ROUNDS) this.#waiting.addEarly({ packet, from });
      return;
    }
    const counted = rounds.counting(round);
    if (counted === undefined) return;
    const isMissing = this.#import(counted, message, blocks) === 'unknown-block';
    if (isMissing && this.#waiting.addVote({ packet, from })) this.#want(message.target, from);
  }

  /** Counts a vote of our own. */
  own(round: bigint, message: SignedMessage): void {
    const counted = this.#parts.rounds.counting(round);
    if (counted !== undefined) this.#import(counted, message, this.#parts.chain);
  }

  /** Counts the votes of a round that `from` has told. */
  told(votes: RoundVotes, from: string): void {
    const { config, chain } = this.#parts;
    const { round } = votes;
    const blocks = withBlocks(votes.ancestry, chain);
    const take = (message: SignedMessage): void => this.vote({ setId: config.setId, round, message }, blocks, from);
    for (const vote of votes.prevotes) take({ ...vote, kind: 'prevote' });
    for (const vote of votes.precommits) take({ ...vote, kind: 'precommit' });
  }

  /** Takes a proof that `from` has told. */
  commit(packet: CommitPacket, from: string | undefined): void {
    const { config, chain, rounds, finality } = this.#parts;
    const { setId, justification } = packet;
    const { commit } = justification;
    if (setId !== config.setId || !this.needsCommit(commit.target.number)) return;
    const blocks = withBlocks(justification.ancestries.map(ancestryBlock), chain);
    if (!validateCommit(commit, config.voters, blocks).valid) return;
    const round = rounds.counting(justification.round);
    if (round) for (const vote of commit.precommits) this.#import(round, { ...vote, kind: 'precommit' }, blocks);
    finality.wasTold(commit.target);
    if (chain.block(commit.target.hash) !== undefined) finality.take(justification);
    else if (commit.target.number > finality.block.number) {
      this.#waiting.addCommit({ packet, from });
      this.#want(commit.target, from);
    }
  }

  /** Whether a commit for a block of this height tells us anything: of finality, or that we need not tell others. */
  needsCommit(height: number): boolean {
    const { finality } = this.#parts;
    return height > finality.block.number || finality.isToldBy(height);
  }

  /** New blocks are here: what waited for them is looked at again. */
  retry(): void {
    const { chain, rounds } = this.#parts;
    for (const vote of this.#waiting.takeVotes()) {
      const isMissing = chain.block(vote.packet.message.target.hash) === undefined;
      if (isMissing) this.#waiting.addVote(vote);
      else this.vote(vote.packet, chain, vote.from);
    }
    for (const { packet, from } of this.#waiting.takeCommits()) this.commit(packet, from);
    for (const round of rounds.all()) this.finalizeFrom(round);
  }

  /** A round has begun: the votes that came early are let in. */
  letIn(): void {
    for (const { packet, from } of this.#waiting.takeEarly()) this.vote(packet, this.#parts.chain, from);
  }

  /** Asks again for the blocks that something waits for. */
  wantAgain(): void {
    const { finality, act } = this.#parts;
    for (const wanted of this.#waiting.wanted(finality.block.number))
      act({ kind: 'want-block', ...wanted, again: true });
  }

  /** Finalizes what the precommits of a round prove. */
  finalizeFrom(round: Round): void {
    const { finality, now } = this.#parts;
    const unknown = finality.takeRound(round, now());
    if (unknown !== undefined) this.#want(unknown, undefined);
  }

  /** Names the voters that have voted twice in a round. */
  accuse(round: Round): void {
    for (const { id } of round.voters.authorities) {
      for (const phase of ['prevote', 'precommit'] as const) {
        const [first, second] = round.votesOf(phase, id);
        if (first !== undefined && second !== undefined) this.#report(round.number, phase, first, second);
      }
    }
  }

  /** Forgets what cannot matter any more. */
  prune(): void {
    const { rounds, finality } = this.#parts;
    this.#waiting.prune((round) => rounds.counting(round) !== undefined, finality.block.number);
  }

  #import(round: Round, message: SignedMessage, blocks: Ancestry): VoteImport['outcome'] {
    const { rounds } = this.#parts;
    const { kind, target } = message;
    if (kind === 'propose') {
      if (!round.has(target) && blocks.block(target.hash) === undefined) return 'unknown-block';
      return round.number === rounds.number ? rounds.current.import(blocks, message).outcome : 'redundant';
    }
    const result = round.import(blocks, kind, message);
    if (result.outcome === 'equivocation') this.#report(round.number, kind, result.first, result.second);
    const isNew = result.outcome === 'counted' || result.outcome === 'equivocation';
    if (kind === 'precommit' && isNew) this.finalizeFrom(round);
    return result.outcome;
  }

  #report(round: bigint, phase: Phase, first: Equivocation['first'], second: Equivocation['second']): void {
    const { config, act } = this.#parts;
    act({ kind: 'equivocation', proof: { setId: config.setId, round, phase, id: first.id, first, second } });
  }

  #want(block: BlockRef, from: string | undefined): void {
    const { finality, act } = this.#parts;
    if (block.number > finality.block.number) act({ kind: 'want-block', block, from, again: false });
  }
}
