/**
 * Runs the voter in the node: timers, disk, gossip, streams and signatures around the pure machine of voter.ts. Every node runs
 * it; only those with a key of the current set vote.
 */
import type { Logger } from 'pino';
import type { EquivocationProof } from '../../../pallets/grandpa/types.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { isTacitError, TacitError } from '../../../primitives/errors.ts';
import type { ChainApi, MetaStore, Verifier } from '../../base/types.ts';
import type { GrandpaListener, GrandpaWire, Verdict } from '../../network/types.ts';
import { decodeUntrusted } from '../../base/untrusted.ts';
import { chainView } from './chain-view.ts';
import {
  equivocationProofOf,
  grandpaGossip,
  grandpaRequest,
  grandpaResponse,
  MAX_MESSAGE,
  votePayload,
  voterRecord,
} from './formats.ts';
import {
  type BlockRef,
  type Equivocation,
  type Phase,
  type SignedVote,
  validateCommit,
  voterSetOf,
  type VoterSet,
} from '../../../primitives/grandpa/index.ts';
import { GossipFilter } from './gossip-filter.ts';
import { encodeJustification, voteTask } from './justification.ts';
import { isBehind, type LastVote, lastCast } from './last-vote.ts';
import type { CatchUp, ChainView, CommitPacket, View, VotePacket, VoterRecord } from './types.ts';
import { Voter } from './voter.ts';
import type { VoterAction, VoterConfig, VoterInput } from './voter-io.ts';

/** T: the time a message is assumed to need. A round lasts 4T when all is well. */
export const DEFAULT_PERIOD = 120;
const RECORD_KEY = 'grandpa/voter';
/** A peer may ask for a catch-up once in so many milliseconds. */
const CATCH_UP_INTERVAL = 1_000;
/** When the disk or the chain fails us, votes wait so long before the next attempt. */
const FAILURE_PAUSE = 1_000;

/** An ed25519 key that votes. */
export interface VoterKey {
  readonly publicKey: Uint8Array;
  sign(payload: Uint8Array): Uint8Array;
}

export interface GrandpaOptions {
  readonly chain: ChainApi;
  readonly wire: GrandpaWire;
  readonly store: MetaStore;
  readonly verifier: Verifier;
  readonly log: Logger;
  /** Absent in a node that only follows. */
  readonly key?: VoterKey;
  /** Tells whether `store` has lost votes of the key. */
  readonly lastVote?: LastVote;
  /** T in milliseconds. */
  readonly period?: number;
  /** Milliseconds, monotonic. */
  readonly now?: () => number;
  /** Milliseconds since 1970. */
  readonly wallClock?: () => number;
  /** Told of every voter caught voting twice, with the proof for `grandpa.reportEquivocation`. */
  readonly onEquivocation?: (proof: EquivocationProof, equivocation: Equivocation) => void;
}

/** How the voter stands, for RPC and metrics. */
export interface GrandpaState {
  readonly setId: bigint;
  readonly round: bigint;
  readonly voters: number;
  /** Voters that have not voted in the round yet, as `0x` hexadecimal keys. */
  readonly missing: Readonly<Record<Phase, readonly string[]>>;
  readonly threshold: bigint;
  readonly finalized: BlockRef;
}

export class GrandpaService {
  readonly #options: GrandpaOptions;
  readonly #now: () => number;
  readonly #wallClock: () => number;
  readonly #view: ChainView;
  #voter: Voter;
  #voters: VoterSet;
  #filter = new GossipFilter();
  #attempt = 0;
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void)[] = [];
  /** Actions wait here for the ones before them, which may be writing to the disk. */
  #queue: Promise<void> = Promise.resolve();
  #running = false;
  readonly #served = new Map<string, number>();
  /** Peers whose view we are waiting for. */
  readonly #exchanging = new Set<string>();

  constructor(options: GrandpaOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#wallClock = options.wallClock ?? (() => Date.now());
    this.#view = chainView(options.chain);
    const { voter, voters } = this.#newVoter();
    this.#voter = voter;
    this.#voters = voters;
  }

  start(): void {
    const { chain, wire } = this.#options;
    this.#running = true;
    this.#unsubscribe = [
      chain.on('imported', () => this.#feed({ kind: 'blocks' })),
      chain.on('finalized', ({ ref }) => this.#onFinalized(ref)),
    ];
    wire.attach(this.#listener);
    this.#feed({ kind: 'tick' });
  }

  /** Stops voting; resolves when nothing is being written any more. */
  async stop(): Promise<void> {
    this.#running = false;
    clearTimeout(this.#timer);
    for (const unsubscribe of this.#unsubscribe) unsubscribe();
    await this.#queue;
  }

  state(): GrandpaState {
    const { setId, round, finalized } = this.#voter;
    const missing = { prevote: this.#voter.missing('prevote'), precommit: this.#voter.missing('precommit') };
    return { setId, round, voters: this.#voters.size, missing, threshold: this.#voters.threshold, finalized };
  }

  // ---- the voter

  #newVoter(): { voter: Voter; voters: VoterSet } {
    const { chain, period = DEFAULT_PERIOD, log, lastVote } = this.#options;
    const finalized = chain.finalized();
    const set = chain.authorities(finalized.hash);
    const voters = voterSetOf(set.authorities);
    const record = this.#loadRecord();
    const ours = record?.setId === set.setId ? record : undefined;
    const last = lastVote?.position;
    // Votes of a later set than the chain knows: the chain was rolled back under us. Whatever we voted then, we must not again.
    const recorded = [record?.setId, last?.setId].find((id) => id !== undefined && id > set.setId);
    if (recorded !== undefined)
      log.error(
        { recorded, chain: set.setId },
        'votes are recorded of a set that the chain has not reached; not voting',
      );
    const self = recorded !== undefined ? undefined : this.#self(voters);
    // The record of our votes ends before our last vote. What we do not know of we must not contradict: no vote in those rounds.
    const lost = last?.setId === set.setId && isBehind(ours && lastCast(ours), last) ? last : undefined;
    if (lost && self)
      log.error(
        { code: 'grandpa/lost-votes', ...lost },
        'the database has lost votes of ours; not voting up to and with the round of the last one',
      );
    log.info(
      { setId: set.setId, voters: voters.size, voting: self !== undefined, round: ours?.completed?.round },
      'grandpa set',
    );
    const config: VoterConfig = {
      voters,
      setId: set.setId,
      setBase: ours?.base ?? finalized,
      finalized,
      period,
      self,
      record: ours,
      ...(lost && { silentThrough: lost.round }),
    };
    return { voter: new Voter(config, this.#view, this.#now()), voters };
  }

  #self(voters: VoterSet): VoterConfig['self'] {
    const { key } = this.#options;
    if (key === undefined) return undefined;
    const id = toHex(key.publicKey);
    if (voters.position(id) === undefined) return undefined;
    return { id, sign: ({ setId, round }, kind, target) => key.sign(votePayload(setId, round, kind, target)) };
  }

  #loadRecord(): VoterRecord | undefined {
    const bytes = this.#options.store.get(RECORD_KEY);
    if (bytes === undefined) return undefined;
    const record = decodeUntrusted(voterRecord, bytes);
    // Voting without knowing our votes could be voting twice.
    if (record === undefined) throw new TacitError('grandpa/bad-record', 'the record of our own votes cannot be read');
    return record;
  }

  #feed(input: VoterInput): void {
    if (!this.#running) return;
    const voter = this.#voter;
    const actions = voter.handle(this.#now(), input);
    if (actions.length > 0) this.#queue = this.#queue.then(() => this.#perform(actions));
    this.#filter.prune(voter.round - 3n);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#feed({ kind: 'tick' }), Math.max(1, voter.wakeAt - this.#now()));
  }

  async #perform(actions: readonly VoterAction[]): Promise<void> {
    for (const action of actions) {
      for (let failures = 0; ; failures++) {
        try {
          await this.#performOne(action);
          break;
        } catch (error) {
          const reason = error instanceof Error ? error.message : String(error);
          this.#options.log.error({ action: action.kind, reason }, 'grandpa action failed');
          // A vote that is not on disk must not leave: what follows waits until the disk is back, or the node stops.
          if (action.kind !== 'persist' || !this.#running) break;
          await new Promise((resolve) => setTimeout(resolve, FAILURE_PAUSE));
        }
      }
      // The node stops while the disk fails: the votes after it must not be sent.
      if (!this.#running && action.kind === 'persist') return;
    }
  }

  async #performOne(action: VoterAction): Promise<void> {
    const { wire, store, lastVote, onEquivocation, log } = this.#options;
    switch (action.kind) {
      case 'persist': {
        await store.put(RECORD_KEY, voterRecord.codec.enc(action.record));
        const last = lastCast(action.record);
        if (last) await lastVote?.advance(last);
        return;
      }
      case 'send':
        this.#send(action.packet, action.again);
        return;
      case 'send-commit':
        wire.publish(grandpaGossip.codec.enc({ tag: 'commit', value: action.packet }));
        return;
      case 'finalize':
        await this.#finalize(action.packet);
        return;
      case 'view':
        for (const peer of wire.peers()) void this.#exchangeViews(peer);
        return;
      case 'ask-catch-up':
        void this.#askCatchUp(action.peer, action.round);
        return;
      case 'want-block':
        wire.want(action.block);
        return;
      case 'equivocation':
        log.warn({ voter: action.proof.id, round: action.proof.round, phase: action.proof.phase }, 'equivocation');
        onEquivocation?.(equivocationProofOf(action.proof), action.proof);
        return;
    }
  }

  #send(packet: VotePacket, again: boolean): void {
    // A number that grows, over restarts too, makes each sending a new message to gossip.
    if (again) this.#attempt = Math.max(this.#attempt + 1, Math.floor(this.#wallClock() / 100) % 2 ** 32);
    const attempt = again ? this.#attempt : 0;
    this.#filter.note(packet, attempt, this.#now());
    this.#options.wire.publish(grandpaGossip.codec.enc({ tag: 'vote', value: { ...packet, attempt } }));
  }

  async #finalize({ round, commit }: CommitPacket): Promise<void> {
    const { chain } = this.#options;
    if (commit.target.number <= chain.finalized().number) return;
    const justification = encodeJustification(round, commit, (hash) => chain.header(hash));
    await chain.finalize(commit.target.hash, justification);
  }

  #onFinalized(ref: BlockRef): void {
    const { setId } = this.#options.chain.authorities(ref.hash);
    if (setId !== this.#voter.setId) {
      const { voter, voters } = this.#newVoter();
      this.#voter = voter;
      this.#voters = voters;
      this.#filter = new GossipFilter();
    }
    this.#feed({ kind: 'finalized', block: ref });
  }

  // ---- what comes in

  readonly #listener: GrandpaListener = {
    onGossip: (peer, data) => this.#onGossip(peer, data),
    onRequest: (peer, data) => this.#onRequest(peer, data),
    onPeer: (peer, connected) => {
      if (connected) void this.#exchangeViews(peer);
      else {
        this.#served.delete(peer);
        this.#feed({ kind: 'peer-gone', peer });
      }
    },
  };

  async #onGossip(_peer: string, data: Uint8Array): Promise<Verdict> {
    const message = decodeUntrusted(grandpaGossip, data);
    // [REJECT] what is no GRANDPA message
    if (message === undefined) return 'reject';
    return message.tag === 'vote' ? this.#onVote(message.value, message.value.attempt) : this.#onCommit(message.value);
  }

  async #onVote(packet: VotePacket, attempt: number): Promise<Verdict> {
    const { setId, round, message } = packet;
    // [IGNORE] other sets and rounds that are over or too far ahead
    if (!this.#voter.isRelevant(setId, round)) return 'ignore';
    // [REJECT] voters who are none
    if (this.#voters.position(message.id) === undefined) return 'reject';
    // [IGNORE] votes passed on before, unless they are sent again and it is time
    if (!this.#filter.wants(packet, attempt, this.#now())) return 'ignore';
    // [REJECT] wrong signatures
    const [valid] = await this.#options.verifier.verify([voteTask(setId, round, message.kind, message)]);
    if (valid !== true) return 'reject';
    // [IGNORE] what came twice while the signature was checked
    if (!this.#filter.wants(packet, attempt, this.#now())) return 'ignore';
    this.#filter.note(packet, attempt, this.#now());
    this.#feed({ kind: 'vote', packet });
    return 'accept';
  }

  async #onCommit(packet: CommitPacket): Promise<Verdict> {
    const { setId, round, commit } = packet;
    const voters = this.#voters;
    // [IGNORE] other sets, and what is final already
    if (setId !== this.#voter.setId || commit.target.number <= this.#voter.finalized.number) return 'ignore';
    // [REJECT] votes of strangers, or more than two of one voter
    if (!this.#mayBeCommit(commit.precommits, voters)) return 'reject';
    // [REJECT] wrong signatures
    if (!(await this.#signed(setId, round, 'precommit', commit.precommits))) return 'reject';
    const known = [commit.target, ...commit.precommits.map(({ target }) => target)].every(
      ({ hash }) => this.#view.block(hash) !== undefined,
    );
    // [REJECT] precommits that do not finalize the target
    if (known && !validateCommit(commit, voters, this.#view).valid) return 'reject';
    this.#feed({ kind: 'commit', packet });
    // [IGNORE] commits for blocks that we cannot judge
    return known ? 'accept' : 'ignore';
  }

  #mayBeCommit(votes: readonly SignedVote[], voters: VoterSet): boolean {
    const perVoter = new Map<string, number>();
    for (const { id } of votes) perVoter.set(id, (perVoter.get(id) ?? 0) + 1);
    return votes.length > 0 && [...perVoter].every(([id, count]) => count <= 2 && voters.position(id) !== undefined);
  }

  async #signed(
    setId: bigint,
    round: bigint,
    phase: 'prevote' | 'precommit',
    votes: readonly SignedVote[],
  ): Promise<boolean> {
    const results = await this.#options.verifier.verify(votes.map((vote) => voteTask(setId, round, phase, vote)));
    return results.length === votes.length && results.every(Boolean);
  }

  // ---- streams

  async #onRequest(peer: string, data: Uint8Array): Promise<Uint8Array> {
    const request = decodeUntrusted(grandpaRequest, data);
    if (request === undefined) throw new TacitError('network/bad-request', 'not a GRANDPA request');
    if (request.tag === 'view') {
      this.#feed({ kind: 'view', peer, view: request.value });
      return grandpaResponse.codec.enc({ tag: 'view', value: this.#voter.view });
    }
    const now = this.#now();
    const tooSoon = now - (this.#served.get(peer) ?? -Infinity) < CATCH_UP_INTERVAL;
    if (!tooSoon) this.#served.set(peer, now);
    const { setId, round } = request.value;
    const answer = tooSoon ? undefined : this.#voter.answerCatchUp(setId, round);
    return grandpaResponse.codec.enc({ tag: 'catchUp', value: answer });
  }

  /** Tells a peer where we stand and hears where it does. Never throws. */
  async #exchangeViews(peer: string): Promise<void> {
    if (this.#exchanging.has(peer)) return;
    this.#exchanging.add(peer);
    const request = grandpaRequest.codec.enc({ tag: 'view', value: this.#voter.view });
    const response = await this.#ask(peer, request, 64);
    this.#exchanging.delete(peer);
    if (response?.tag === 'view') this.#feed({ kind: 'view', peer, view: response.value satisfies View });
  }

  async #askCatchUp(peer: string, round: bigint): Promise<void> {
    const { setId } = this.#voter;
    const response = await this.#ask(
      peer,
      grandpaRequest.codec.enc({ tag: 'catchUp', value: { setId, round } }),
      MAX_MESSAGE,
    );
    const catchUp = response?.tag === 'catchUp' ? response.value : undefined;
    if (catchUp === undefined || !(await this.#isSigned(catchUp))) {
      if (catchUp !== undefined) this.#options.wire.punish(peer, 'wrong-answer');
      this.#feed({ kind: 'no-catch-up', peer });
      return;
    }
    this.#feed({ kind: 'catch-up', peer, catchUp });
  }

  async #isSigned({ setId, round, prevotes, precommits }: CatchUp): Promise<boolean> {
    if (!this.#mayBeCommit(prevotes, this.#voters) || !this.#mayBeCommit(precommits, this.#voters)) return false;
    return (
      (await this.#signed(setId, round, 'prevote', prevotes)) &&
      (await this.#signed(setId, round, 'precommit', precommits))
    );
  }

  async #ask(peer: string, request: Uint8Array, maxResponse: number) {
    try {
      const bytes = await this.#options.wire.request(peer, request, maxResponse);
      const response = decodeUntrusted(grandpaResponse, bytes);
      if (response === undefined) this.#options.wire.punish(peer, 'garbage');
      return response;
    } catch (error) {
      if (!isTacitError(error)) throw error;
      this.#options.log.debug({ peer, code: error.code }, 'no answer about votes');
      return undefined;
    }
  }
}
