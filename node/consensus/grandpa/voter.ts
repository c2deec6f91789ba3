/**
 * The voter: a machine without clock, disk or network. Every input is answered with a list of actions, to be carried out in
 * their order: a `persist` before the `send` that follows it, so that no vote leaves a node that could forget it.
 *
 * Differences from the crate's voter, made because gossipsub does not repeat messages: own votes are sent again while a round
 * lasts, votes of the next rounds and votes for unknown blocks wait in bounded queues, and catch-up is asked for directly.
 */
import {
  type BlockRef,
  commitOf,
  descends,
  type Equivocation,
  genesisState,
  type Phase,
  Round,
  type RoundState,
  type SignedMessage,
  validateCommit,
} from '../../../primitives/grandpa/index.ts';
import type { CatchUp, ChainView, CommitPacket, View, VotePacket, VoterRecord } from './types.ts';
import type { VoterAction, VoterConfig, VoterInput } from './voter-io.ts';
import { VotingRound } from './voting-round.ts';

/** Votes of so many rounds after ours are kept until we get there. */
const FUTURE_ROUNDS = 2n;
/** Own votes go out again after so many periods without progress. */
const RESEND_PERIODS = 8;
/** A catch-up that was asked for must come within so many periods. */
const CATCH_UP_PERIODS = 16;
const MAX_WAITING_COMMITS = 16;
const MAX_PEERS = 512;
const MAX_PAST_ROUNDS = 4;

type PendingCommit = { readonly packet: CommitPacket; readonly sendAt: number };

export class Voter {
  readonly #config: VoterConfig;
  readonly #chain: ChainView;
  #now: number;
  #current: VotingRound;
  /** Rounds whose estimate may still be pushed down or finalized by late votes, oldest first. */
  #past: Round[] = [];
  #completed: CatchUp | undefined;
  #finalized: BlockRef;
  /** Highest block finalized by the rounds we counted ourselves; the base of the next round. */
  #finalizedInRounds: BlockRef;
  #cast: { readonly round: bigint; readonly message: SignedMessage }[] = [];
  #future: VotePacket[] = [];
  /** Votes for blocks we do not have, of rounds we count. */
  #waiting: VotePacket[] = [];
  #waitingCommits: CommitPacket[] = [];
  #pendingCommit: PendingCommit | undefined;
  #views = new Map<string, View>();
  #asked: { readonly peer: string; readonly round: bigint; readonly until: number } | undefined;
  #resendAt: number;
  #viewAt: number;
  /** The last completed round as the record tells it, while blocks of its votes are missing; no vote is cast until it is counted. */
  #unrestored: CatchUp | undefined;
  #actions: VoterAction[] = [];

  constructor(config: VoterConfig, chain: ChainView, now: number) {
    this.#config = config;
    this.#chain = chain;
    this.#now = now;
    this.#finalized = config.finalized;
    this.#finalizedInRounds = config.finalized;
    this.#resendAt = now + RESEND_PERIODS * config.period;
    this.#viewAt = now;
    const { record } = config;
    this.#cast = [...(record?.cast ?? [])];
    this.#completed = record?.completed;
    this.#current = this.#restore(record);
  }

  get setId(): bigint {
    return this.#config.setId;
  }

  get round(): bigint {
    return this.#current.number;
  }

  get finalized(): BlockRef {
    return this.#finalized;
  }

  get roundState(): RoundState {
    return this.#current.votes.state;
  }

  get view(): View {
    return { setId: this.setId, round: this.round, finalized: this.#finalized.number };
  }

  /** Who has not voted yet in the running round, for monitoring. */
  missing(phase: Phase): string[] {
    const { votes, voters } = this.#current;
    return voters.authorities.map(({ id }) => id).filter((id) => votes.votesOf(phase, id).length === 0);
  }

  /** When {@link handle} wants a tick at the latest. */
  get wakeAt(): number {
    const times = [this.#resendAt, this.#viewAt, this.#current.wakeAt, this.#pendingCommit?.sendAt, this.#asked?.until];
    return Math.min(...times.filter((time) => time !== undefined));
  }

  /** The votes of our last completed round for a peer that is behind it; undefined if `round` is not behind us. */
  answerCatchUp(setId: bigint, round: bigint): CatchUp | undefined {
    const last = this.#completed;
    return setId === this.setId && last !== undefined && last.round >= round ? last : undefined;
  }

  /** Whether a vote of this set and round can matter to us: what gossip passes on. */
  isRelevant(setId: bigint, round: bigint): boolean {
    if (setId !== this.setId) return false;
    return (
      this.#past.some(({ number }) => number === round) || (round >= this.round && round <= this.round + FUTURE_ROUNDS)
    );
  }

  handle(now: number, input: VoterInput): VoterAction[] {
    this.#now = Math.max(now, this.#now);
    switch (input.kind) {
      case 'tick':
        break;
      case 'blocks':
        this.#retryWaiting();
        break;
      case 'finalized':
        if (input.block.number > this.#finalized.number) this.#noteFinalized(input.block);
        break;
      case 'vote':
        this.#onVote(input.packet);
        break;
      case 'commit':
        this.#onCommit(input.packet);
        break;
      case 'view':
        this.#onView(input.peer, input.view);
        break;
      case 'catch-up':
        this.#onCatchUp(input.peer, input.catchUp);
        break;
      case 'no-catch-up':
        if (this.#asked?.peer === input.peer) this.#asked = undefined;
        break;
      case 'peer-gone':
        this.#views.delete(input.peer);
        if (this.#asked?.peer === input.peer) this.#asked = undefined;
        break;
    }
    this.#advance();
    const actions = this.#actions;
    this.#actions = [];
    return actions;
  }

  // ---- start and restart

  #restore(record: VoterRecord | undefined): VotingRound {
    const first = genesisState(this.#config.setBase);
    if (record === undefined) return this.#startRound(1n, this.#config.finalized, () => first);
    const { completed } = record;
    if (completed === undefined) return this.#resume(this.#startRound(1n, record.base, () => first));
    const round = this.#count(completed);
    if (round === undefined) {
      this.#unrestored = completed;
      const unknown: RoundState = {
        prevoteGhost: undefined,
        finalized: undefined,
        estimate: undefined,
        completable: false,
      };
      return this.#startRound(completed.round + 1n, record.base, () => unknown);
    }
    this.#past = [round];
    return this.#resume(this.#startRound(completed.round + 1n, record.base, () => round.state));
  }

  #startRound(number: bigint, base: BlockRef, previous: () => RoundState): VotingRound {
    const { voters, period } = this.#config;
    return new VotingRound(new Round(number, voters, base), previous, { startedAt: this.#now, period });
  }

  /** Own votes of an interrupted round are counted and will be sent again; no stage is voted twice. */
  #resume(round: VotingRound): VotingRound {
    for (const { round: number, message } of this.#cast) {
      if (number !== round.number) continue;
      round.import(this.#chain, message);
      round.resume(message.kind);
    }
    this.#resendAt = this.#now;
    return round;
  }

  /** A completed round, counted from its votes; undefined if they do not complete it with the blocks we have. */
  #count(catchUp: CatchUp): Round | undefined {
    const { voters } = this.#config;
    const round = new Round(catchUp.round, voters, catchUp.base);
    for (const phase of ['prevote', 'precommit'] as const) {
      const votes = phase === 'prevote' ? catchUp.prevotes : catchUp.precommits;
      let supporters = 0n;
      for (const vote of votes) {
        const position = voters.position(vote.id);
        if (position === undefined) return undefined;
        supporters |= 1n << BigInt(position);
        if (round.import(this.#chain, phase, vote).outcome === 'not-above-base') return undefined;
      }
      if (voters.weightOf(supporters) < voters.threshold) return undefined;
    }
    return round.state.completable ? round : undefined;
  }

  // ---- votes

  #onVote(packet: VotePacket): void {
    const { setId, round, message } = packet;
    if (setId !== this.setId || this.#config.voters.position(message.id) === undefined) return;
    if (round > this.round) {
      if (round <= this.round + FUTURE_ROUNDS) enqueueVote(this.#future, packet);
      return;
    }
    const counted = this.#counting(round);
    if (counted === undefined) return;
    const repeated = message.kind !== 'propose' && counted.votesOf(message.kind, message.id).length > 0;
    if (!repeated && this.#chain.block(message.target.hash) === undefined) {
      if (enqueueVote(this.#waiting, packet)) this.#act({ kind: 'want-block', block: message.target });
      return;
    }
    this.#import(round, message);
  }

  #counting(round: bigint): Round | undefined {
    return round === this.round ? this.#current.votes : this.#past.find(({ number }) => number === round);
  }

  #import(number: bigint, message: SignedMessage): void {
    const round = this.#counting(number);
    if (round === undefined) return;
    const { kind } = message;
    if (kind === 'propose') {
      if (number === this.round) this.#current.import(this.#chain, message);
      return;
    }
    const result = round.import(this.#chain, kind, message);
    if (result.outcome === 'equivocation') this.#report(number, kind, result.first, result.second);
    if (result.outcome === 'counted' || result.outcome === 'equivocation') this.#finalizeFrom(round);
  }

  #report(round: bigint, phase: Phase, first: Equivocation['first'], second: Equivocation['second']): void {
    this.#act({ kind: 'equivocation', proof: { setId: this.setId, round, phase, id: first.id, first, second } });
  }

  #retryWaiting(): void {
    if (this.#unrestored !== undefined) {
      const round = this.#count(this.#unrestored);
      if (round !== undefined) this.#restoreFrom(round);
    }
    const votes = this.#waiting;
    this.#waiting = [];
    for (const packet of votes) {
      if (this.#chain.block(packet.message.target.hash) === undefined) this.#waiting.push(packet);
      else this.#import(packet.round, packet.message);
    }
    const commits = this.#waitingCommits;
    this.#waitingCommits = [];
    for (const packet of commits) this.#onCommit(packet);
  }

  #restoreFrom(round: Round): void {
    this.#unrestored = undefined;
    this.#past = [round];
    this.#current = this.#resume(this.#startRound(round.number + 1n, this.#current.votes.base, () => round.state));
  }

  // ---- commits and finality

  #onCommit(packet: CommitPacket): void {
    const { setId, round, commit } = packet;
    if (setId !== this.setId) return;
    const unknown = [commit.target, ...commit.precommits.map(({ target }) => target)].find(
      ({ hash }) => this.#chain.block(hash) === undefined,
    );
    if (unknown !== undefined) {
      if (commit.target.number <= this.#finalized.number) return;
      this.#act({ kind: 'want-block', block: unknown });
      if (this.#waitingCommits.length >= MAX_WAITING_COMMITS) this.#waitingCommits.shift();
      this.#waitingCommits.push(packet);
      return;
    }
    if (!validateCommit(commit, this.#config.voters, this.#chain).valid) return;
    for (const vote of commit.precommits) this.#import(round, { ...vote, kind: 'precommit' });
    const pending = this.#pendingCommit?.packet.commit.target;
    if (pending !== undefined && pending.number <= commit.target.number) this.#pendingCommit = undefined;
    if (commit.target.number > this.#finalized.number) this.#finalize({ setId, round, commit });
  }

  /** Finalizes what the precommits of a round finalize, if that is new. */
  #finalizeFrom(round: Round): void {
    const commit = commitOf(round, this.#finalized.number);
    if (commit === undefined || !descends(this.#chain, this.#finalized, commit.target)) return;
    const packet = { setId: this.setId, round: round.number, commit };
    this.#finalize(packet);
    this.#scheduleCommit(packet);
  }

  #finalize(packet: CommitPacket): void {
    const { target } = packet.commit;
    if (!descends(this.#chain, this.#finalized, target)) return;
    this.#act({ kind: 'finalize', packet });
    this.#noteFinalized(target);
  }

  #noteFinalized(block: BlockRef): void {
    this.#finalized = block;
    this.#prune();
  }

  /** The voters take turns at telling the others, so that one commit is enough where the first turn is honest. */
  #scheduleCommit(packet: CommitPacket): void {
    const { self, voters, period } = this.#config;
    const position = self === undefined ? undefined : voters.position(self.id);
    if (position === undefined) return;
    const size = BigInt(voters.size);
    const turn = Number((BigInt(position) + size - (packet.round % size)) % size);
    this.#pendingCommit = { packet, sendAt: this.#now + turn * period };
  }

  #prune(): void {
    // A past round matters while its estimate is not final; the last completed one always does, as the votes of a restart.
    const keep = this.#past.filter(
      (round) => round.number + 1n >= this.round || (round.state.estimate?.number ?? Infinity) > this.#finalized.number,
    );
    this.#past = keep.slice(-MAX_PAST_ROUNDS);
    this.#waitingCommits = this.#waitingCommits.filter(({ commit }) => commit.target.number > this.#finalized.number);
  }

  // ---- peers and catch-up

  #onView(peer: string, view: View): void {
    if (!this.#views.has(peer) && this.#views.size >= MAX_PEERS) return;
    this.#views.set(peer, view);
  }

  #maybeAskCatchUp(): void {
    if (this.#asked !== undefined && this.#asked.until > this.#now) return;
    this.#asked = undefined;
    // More than two rounds behind, or behind at all and without progress (or without the votes of our own last round).
    const stuck =
      this.#unrestored !== undefined || this.#now - this.#current.startedAt > 2 * RESEND_PERIODS * this.#config.period;
    const ahead = stuck ? this.round : this.round + 2n;
    const candidates = [...this.#views].filter(([, view]) => view.setId === this.setId && view.round > ahead);
    if (candidates.length === 0) return;
    // Not always the same peer: a liar that claims the highest round must not keep us from the others.
    const [peer] = candidates[Math.floor(this.#now / this.#config.period) % candidates.length]!;
    this.#asked = { peer, round: this.round, until: this.#now + CATCH_UP_PERIODS * this.#config.period };
    this.#act({ kind: 'ask-catch-up', peer, round: this.round });
  }

  #onCatchUp(peer: string, catchUp: CatchUp): void {
    if (this.#asked?.peer !== peer) return;
    // Ignored at once; the next request goes out when this one's time is over.
    if (catchUp.setId !== this.setId || catchUp.round < this.round) return;
    const round = this.#count(catchUp);
    if (round === undefined) return;
    this.#asked = undefined;
    this.#unrestored = undefined;
    this.#views.delete(peer);
    const interrupted = this.#current.votes;
    this.#past.push(interrupted, round);
    this.#current = this.#startRound(round.number + 1n, this.#finalizedInRounds, () => round.state);
    this.#noteCompleted(round);
    this.#finalizeFrom(round);
  }

  // ---- the course of rounds

  #advance(): void {
    for (;;) {
      const ballot =
        this.#unrestored === undefined ? this.#current.next(this.#now, this.#chain, this.#config.self?.id) : undefined;
      if (ballot !== undefined) this.#vote(ballot.kind, ballot.target);
      else if (this.#current.isOver(this.#finalized.number)) this.#nextRound();
      else break;
    }
    this.#maybeAskCatchUp();
    const pending = this.#pendingCommit;
    if (pending !== undefined && pending.sendAt <= this.#now) {
      this.#pendingCommit = undefined;
      this.#act({ kind: 'send-commit', packet: pending.packet });
    }
    if (this.#viewAt <= this.#now) {
      this.#viewAt = this.#now + RESEND_PERIODS * this.#config.period;
      this.#act({ kind: 'view', view: this.view });
    }
    if (this.#resendAt <= this.#now) {
      this.#resendAt = this.#now + RESEND_PERIODS * this.#config.period;
      for (const { round, message } of this.#cast) this.#send(round, message, true);
    }
  }

  #vote(kind: SignedMessage['kind'], target: BlockRef): void {
    const { self, voters, silentThrough = 0n } = this.#config;
    if (self === undefined || voters.position(self.id) === undefined) return;
    const round = this.round;
    if (round <= silentThrough) return;
    // A vote of this kind that is already in the record is the only one this round will ever see from us.
    if (this.#cast.some((vote) => vote.round === round && vote.message.kind === kind)) return;
    const signature = self.sign({ setId: this.setId, round }, kind, target);
    const message: SignedMessage = { kind, target, id: self.id, signature };
    this.#cast = [...this.#cast.filter((vote) => vote.round + 1n >= round), { round, message }];
    this.#persist();
    this.#send(round, message, false);
    if (kind === 'propose') this.#current.import(this.#chain, message);
    else this.#import(round, message);
  }

  #send(round: bigint, message: SignedMessage, again: boolean): void {
    this.#act({ kind: 'send', packet: { setId: this.setId, round, message }, again });
  }

  #nextRound(): void {
    const over = this.#current.votes;
    this.#past.push(over);
    this.#current = this.#startRound(over.number + 1n, this.#finalizedInRounds, () => over.state);
    this.#noteCompleted(over);
  }

  /** Writes a completed round down, then lets the votes that came early into the round that begins. */
  #noteCompleted(round: Round): void {
    const { finalized } = round.state;
    if (finalized !== undefined && finalized.number > this.#finalizedInRounds.number)
      this.#finalizedInRounds = finalized;
    this.#completed = {
      setId: this.setId,
      round: round.number,
      base: round.base,
      prevotes: round.votes('prevote'),
      precommits: round.votes('precommit'),
    };
    this.#persist();
    this.#prune();
    this.#resendAt = this.#now + RESEND_PERIODS * this.#config.period;
    this.#waiting = this.#waiting.filter((packet) => this.#counting(packet.round) !== undefined);
    const early = this.#future;
    this.#future = [];
    for (const packet of early) this.#onVote(packet);
  }

  #persist(): void {
    this.#act({
      kind: 'persist',
      record: { setId: this.setId, completed: this.#completed, base: this.#current.votes.base, cast: this.#cast },
    });
  }

  #act(action: VoterAction): void {
    this.#actions.push(action);
  }
}

/** Keeps at most two different votes per voter, round and kind, which also bounds the queue. False if it was not kept. */
function enqueueVote(queue: VotePacket[], packet: VotePacket): boolean {
  const { round, message } = packet;
  const alike = queue.filter(
    (other) => other.round === round && other.message.id === message.id && other.message.kind === message.kind,
  );
  if (alike.length >= 2 || alike.some((other) => other.message.target.hash === message.target.hash)) return false;
  queue.push(packet);
  return true;
}
