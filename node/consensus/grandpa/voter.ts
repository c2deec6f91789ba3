/**
 * The voter: a machine without clock, disk or network. Every input is answered with a list of actions. What must be done before
 * it may be believed (a vote on the disk, a block final in the database) comes back as an input; a vote is neither sent nor
 * counted nor told to anybody before its record is written, and nothing is final before the chain says so.
 *
 * Differences from the crate's voter, made because gossipsub does not repeat messages: own votes are sent again while a round
 * lasts, votes of the next rounds and votes for unknown blocks wait in bounded queues, and votes that are missing are asked for.
 */
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import {
  type BlockRef,
  type Phase,
  type RoundState,
  sameBlock,
  type SignedMessage,
} from '../../../primitives/grandpa/index.ts';
import { CatchingUp } from './catching-up.ts';
import { Finality } from './finality.ts';
import { FUTURE_ROUNDS, Intake } from './intake.ts';
import { type Cast, OwnVotes } from './own-votes.ts';
import { Peers } from './peers.ts';
import { Rounds } from './rounds.ts';
import type { CatchUp, ChainView, View } from './types.ts';
import type { EffectId, VoterAction, VoterConfig, VoterInput } from './voter-io.ts';

/** Own votes go out again after so many periods without progress. */
const RESEND_PERIODS = 8;
/** A failed effect is tried again after so many periods, then after twice as many, and so on. */
const PAUSE_PERIODS = 4;

export class Voter {
  readonly #config: VoterConfig;
  readonly #chain: ChainView;
  readonly #rounds: Rounds;
  readonly #own: OwnVotes;
  readonly #finality: Finality;
  readonly #peers: Peers;
  readonly #intake: Intake;
  readonly #catchingUp: CatchingUp;
  #now: number;
  #resendAt: number;
  #viewAt: number;
  #effects = 0;
  #actions: VoterAction[] = [];

  constructor(config: VoterConfig, chain: ChainView, now: number) {
    const { period, record } = config;
    const nextId = (): EffectId => ++this.#effects;
    this.#config = config;
    this.#chain = chain;
    this.#rounds = new Rounds(config, chain, now);
    this.#own = new OwnVotes(config, PAUSE_PERIODS * period, nextId);
    this.#finality = new Finality(config, chain, PAUSE_PERIODS * period, nextId);
    this.#peers = new Peers(period);
    this.#intake = new Intake({
      config,
      chain,
      rounds: this.#rounds,
      finality: this.#finality,
      now: () => this.#now,
      act: (action) => this.#act(action),
    });
    this.#catchingUp = new CatchingUp({
      setId: config.setId,
      rounds: this.#rounds,
      peers: this.#peers,
      intake: this.#intake,
      begin: () => this.#begin(),
    });
    this.#now = now;
    // Votes of before a restart go out at once.
    this.#resendAt = record === undefined ? now + RESEND_PERIODS * period : now;
    this.#viewAt = now;
    // What the votes of the record prove may not be final yet, and no other vote or block need come.
    this.#intake.retry();
  }

  get setId(): bigint {
    return this.#config.setId;
  }

  get round(): bigint {
    return this.#rounds.number;
  }

  /** The last block that the chain holds final. */
  get finalized(): BlockRef {
    return this.#finality.block;
  }

  get roundState(): RoundState {
    return this.#rounds.current.votes.state;
  }

  get view(): View {
    return { setId: this.setId, round: this.round, finalized: this.finalized.number };
  }

  /** Who has not voted yet in the running round, for monitoring. */
  missing(phase: Phase): string[] {
    const { votes, voters } = this.#rounds.current;
    return voters.authorities.map(({ id }) => id).filter((id) => votes.votesOf(phase, id).length === 0);
  }

  /** When {@link handle} wants a tick at the latest. In the future, right after it: nothing spins. */
  get wakeAt(): number {
    const times = [
      this.#resendAt,
      this.#viewAt,
      this.#rounds.current.wakeAt(this.#now),
      this.#own.wakeAt,
      this.#finality.wakeAt,
      this.#peers.wakeAt,
    ];
    return Math.min(...times.filter((time) => time !== undefined));
  }

  /** The votes we have of the running round and the one before, for a peer that lacks some; undefined if it is further. */
  answerCatchUp(setId: bigint, round: bigint): CatchUp | undefined {
    if (setId !== this.setId || round > this.round + 1n) return undefined;
    return { setId, rounds: this.#rounds.votes() };
  }

  /** Whether a vote of this set and round can matter to us: what gossip passes on. */
  isRelevant(setId: bigint, round: bigint): boolean {
    if (setId !== this.setId) return false;
    return round > this.round ? round <= this.round + FUTURE_ROUNDS : this.#rounds.counting(round) !== undefined;
  }

  /** Whether this very vote is counted: its signature need not be checked again. */
  hasCounted(round: bigint, { kind, id, target, signature }: SignedMessage): boolean {
    if (kind === 'propose') return false;
    const votes = this.#rounds.counting(round)?.votesOf(kind, id) ?? [];
    return votes.some((vote) => sameBlock(vote.target, target) && sameBytes(vote.signature, signature));
  }

  /** Whether a commit for a block of this height tells us anything: of finality, or that we need not tell others. */
  needsCommit(height: number): boolean {
    return this.#intake.needsCommit(height);
  }

  handle(now: number, input: VoterInput): VoterAction[] {
    this.#now = Math.max(now, this.#now);
    // Before anything moves on: a restart may count a vote that a crash kept from leaving, and be in a later round by it.
    if (this.#resendAt <= this.#now) this.#resend();
    this.#take(input);
    this.#advance();
    const actions = this.#actions;
    this.#actions = [];
    return actions;
  }

  #take(input: VoterInput): void {
    switch (input.kind) {
      case 'tick':
        return;
      case 'blocks':
        return this.#intake.retry();
      case 'finalized':
        if (this.#finality.note(input.block)) this.#prune();
        return;
      case 'done':
        for (const vote of this.#own.done(input.effect)) this.#release(vote);
        return this.#finality.done(input.effect);
      case 'failed':
        this.#own.failed(input.effect, this.#now);
        return this.#finality.failed(input.effect, this.#now);
      case 'vote':
        return this.#intake.vote(input.packet, this.#chain, input.from);
      case 'commit':
        return this.#intake.commit(input.packet, input.from);
      case 'view':
        return this.#peers.note(input.peer, input.view, this.#now);
      case 'catch-up':
        return this.#catchingUp.take(input.peer, input.catchUp, this.#now);
      case 'no-catch-up':
        if (this.#peers.isAsked(input.peer)) this.#peers.close(false);
        return;
      case 'peer-gone':
        return this.#peers.gone(input.peer);
    }
  }

  // ---- the course of rounds

  #advance(): void {
    const self = this.#config.self?.id;
    for (;;) {
      const ballot = this.#rounds.current.next(this.#now, this.#chain, self);
      if (ballot !== undefined) this.#vote(ballot.kind, ballot.target);
      else if (this.#rounds.current.isOver(this.#now, this.finalized.number)) {
        this.#rounds.next(this.#now);
        this.#begin();
      } else break;
    }
    const peer = this.#catchingUp.ask(this.#now);
    if (peer !== undefined) this.#act({ kind: 'ask-catch-up', peer, round: this.round });
    const commit = this.#finality.commitToSend(this.#now);
    if (commit !== undefined) this.#act({ kind: 'send-commit', packet: commit });
    if (this.#viewAt <= this.#now) {
      this.#viewAt = this.#now + RESEND_PERIODS * this.#config.period;
      this.#act({ kind: 'view', view: this.view });
    }
    const write = this.#own.start(this.#now);
    if (write !== undefined) this.#act({ kind: 'persist', effect: write.id, record: write.value });
    const final = this.#finality.start(this.#now);
    if (final !== undefined)
      this.#act({ kind: 'finalize', effect: final.id, setId: this.setId, justification: final.value });
  }

  /** A round has begun: what led to it is written down, and the votes that came early are let in. */
  #begin(): void {
    this.#own.write(this.#rounds.record());
    this.#prune();
    this.#resendAt = this.#now + RESEND_PERIODS * this.#config.period;
    this.#intake.letIn();
  }

  #prune(): void {
    this.#rounds.prune(this.finalized.number);
    this.#intake.prune();
  }

  #vote(kind: SignedMessage['kind'], target: BlockRef): void {
    if (!this.#own.sign(this.round, kind, target)) return;
    // The blocks of the vote must be in its record.
    this.#rounds.current.votes.know(this.#chain, target);
    this.#own.write(this.#rounds.record());
  }

  /** An own vote is on the disk: from now on it counts, and may be told. */
  #release({ round, message }: Cast): void {
    this.#send(round, message, false);
    this.#intake.own(round, message);
  }

  /** Says again what others may have missed, and asks again for what we have. */
  #resend(): void {
    this.#resendAt = this.#now + RESEND_PERIODS * this.#config.period;
    for (const { round, message } of this.#own.durable()) this.#send(round, message, true);
    this.#intake.wantAgain();
  }

  #send(round: bigint, message: SignedMessage, again: boolean): void {
    this.#act({ kind: 'send', packet: { setId: this.setId, round, message }, again });
  }

  #act(action: VoterAction): void {
    this.#actions.push(action);
  }
}
