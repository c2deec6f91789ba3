import {
  type BlockRef,
  genesisState,
  type Phase,
  Round,
  type SignedMessage,
  withBlocks,
} from '../../../primitives/grandpa/index.ts';
import { isComplete, nextBase, recount, votesOf } from './round-votes.ts';
import type { CatchUp, ChainView, RoundVotes, VoterRecord } from './types.ts';
import type { VoterConfig } from './voter-io.ts';
import { type Previous, VotingRound } from './voting-round.ts';

const MAX_PAST_ROUNDS = 4;

/** The running round and those before it that late votes may still change. */
export class Rounds {
  readonly #config: VoterConfig;
  readonly #chain: ChainView;
  #current: VotingRound;
  /** Oldest first. */
  #past: Round[] = [];
  /** The last completed round, as the record tells it, if it cannot be counted again. */
  #recorded: VoterRecord['completed'];

  /** Begins with the first round, or where the record of the last run ends. */
  constructor(config: VoterConfig, chain: ChainView, now: number) {
    this.#config = config;
    this.#chain = chain;
    const { record, finalized } = config;
    this.#current = record === undefined ? this.#first(finalized, now) : this.#restore(record, now);
  }

  get current(): VotingRound {
    return this.#current;
  }

  get number(): bigint {
    return this.#current.number;
  }

  all(): Round[] {
    return [...this.#past, this.#current.votes];
  }

  /** The round with this number, if it is counted. */
  counting(number: bigint): Round | undefined {
    return this.all().find((round) => round.number === number);
  }

  /** What we have of the running round and the one before. */
  votes(): CatchUp['rounds'] {
    const last = this.#completed();
    return [...(last === undefined ? [] : [last.votes]), votesOf(this.#current.votes)];
  }

  /** The rounds' part of a record. */
  record(): Pick<VoterRecord, 'completed' | 'running'> {
    return { completed: this.#completed(), running: votesOf(this.#current.votes) };
  }

  /** Leaves the running round for the next. */
  next(now: number): void {
    this.#follow(this.#current.votes, now);
  }

  /**
   * Goes on after the running or a later round that others have completed; that round, or undefined if the votes do not complete it
   * here. Any base gives the same count; a false one only gives none.
   */
  jump(votes: RoundVotes, now: number): Round | undefined {
    for (const base of [votes.base, this.#current.votes.base]) {
      const round = recount(votes, base, this.#config.voters, this.#chain);
      if (!isComplete(round)) continue;
      if (this.number !== round.number) this.#past.push(this.#current.votes);
      this.#follow(round, now);
      return round;
    }
    return undefined;
  }

  /** A past round matters while its estimate is not final; the last one always does, as the votes of a restart. */
  prune(finalized: number): void {
    this.#past = this.#past
      .filter(({ number, state }) => number + 1n >= this.number || (state.estimate?.number ?? Infinity) > finalized)
      .slice(-MAX_PAST_ROUNDS);
  }

  #completed(): VoterRecord['completed'] {
    const before = this.#past.at(-1);
    return before === undefined ? this.#recorded : { votes: votesOf(before), state: before.state };
  }

  #follow(over: Round, now: number): void {
    const { votes, prevoted } = this.#current;
    this.#past.push(over);
    this.#recorded = undefined;
    this.#current = this.#start(over.number + 1n, nextBase(votes.base, over.state), over, now, prevoted);
  }

  #first(base: BlockRef, now: number): VotingRound {
    return this.#start(1n, base, { state: genesisState(base) }, now);
  }

  #start(number: bigint, base: BlockRef, previous: Previous, startedAt: number, votedBefore?: BlockRef): VotingRound {
    const { voters, period, reach } = this.#config;
    const options = { startedAt, period, reach, votedBefore };
    return new VotingRound(new Round(number, voters, base), previous, options);
  }

  /** The rounds are counted as before the restart; own votes will be sent again. */
  #restore({ completed, running, cast }: VoterRecord, now: number): VotingRound {
    const round =
      completed === undefined
        ? this.#first(running.base, now)
        : this.#start(running.round, running.base, this.#before(completed), now);
    const blocks = withBlocks(running.ancestry, this.#chain);
    const votesFor = { prevote: running.prevotes, precommit: running.precommits };
    for (const phase of ['prevote', 'precommit'] as const satisfies Phase[]) {
      for (const vote of votesFor[phase]) round.votes.import(blocks, phase, vote);
    }
    const own = cast.flatMap(({ round: number, message }): SignedMessage[] =>
      number === round.number ? [message] : [],
    );
    for (const message of own) round.import(blocks, message);
    return round;
  }

  /** Counts the completed round of a record. Where that fails, its state as it was written must do. */
  #before(completed: NonNullable<VoterRecord['completed']>): Previous {
    const { votes } = completed;
    const counted = recount(votes, votes.base, this.#config.voters, this.#chain);
    if (isComplete(counted)) {
      this.#past = [counted];
      return counted;
    }
    this.#recorded = completed;
    return completed;
  }
}
