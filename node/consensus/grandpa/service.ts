/**
 * Runs the voter in the node: timers, disk, gossip, streams and signatures around the pure machine of voter.ts. Every node runs
 * it; only those with a key of the current set vote.
 */
import {
  type BlockRef,
  justificationCodec,
  type Justification,
  type Phase,
} from '../../../primitives/grandpa/index.ts';
import type { GrandpaListener, Verdict } from '../../network/types.ts';
import { Dialogue } from './dialogue.ts';
import { equivocationProofOf, grandpaGossip, voterRecord } from './formats.ts';
import { judgeGossip } from './judge.ts';
import { lastCast } from './last-vote.ts';
import type { GrandpaOptions } from './options.ts';
import { openSet, RECORD_KEY, type RunningSet } from './set.ts';
import type { VotePacket, VoterRecord } from './types.ts';
import type { EffectId, VoterAction, VoterInput } from './voter-io.ts';

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
  readonly #dialogue: Dialogue;
  #set: RunningSet;
  #attempt = 0;
  #timer: NodeJS.Timeout | undefined;
  #unsubscribe: (() => void)[] = [];
  /** Records are written one after the other, those of an old set before those of the next. */
  #writing: Promise<void> = Promise.resolve();
  readonly #effects = new Set<Promise<void>>();
  #running = false;

  /** Errors: `grandpa/bad-record`. */
  constructor(options: GrandpaOptions) {
    this.#options = options;
    this.#now = options.now ?? (() => performance.now());
    this.#wallClock = options.wallClock ?? (() => Date.now());
    this.#set = openSet(options, this.#now());
    const { wire, verifier, log } = options;
    const [set, feed] = [() => this.#set, (input: VoterInput) => this.#feed(input)];
    this.#dialogue = new Dialogue({ wire, verifier, log, now: this.#now, set, feed });
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
    await Promise.all(this.#effects);
  }

  state(): GrandpaState {
    const { voter, voters } = this.#set;
    const { setId, round, finalized } = voter;
    const missing = { prevote: voter.missing('prevote'), precommit: voter.missing('precommit') };
    return { setId, round, voters: voters.size, missing, threshold: voters.threshold, finalized };
  }

  // ---- the voter

  #feed(input: VoterInput): void {
    if (!this.#running) return;
    const { voter, filter } = this.#set;
    for (const action of voter.handle(this.#now(), input)) this.#perform(action);
    filter.prune(voter.round - 3n);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#feed({ kind: 'tick' }), Math.max(1, voter.wakeAt - this.#now()));
  }

  #perform(action: VoterAction): void {
    const { wire, onEquivocation, log } = this.#options;
    switch (action.kind) {
      case 'persist':
        return this.#effect(action.kind, action.effect, () => this.#persist(action.record));
      case 'finalize':
        return this.#effect(action.kind, action.effect, () => this.#finalize(action.justification));
      case 'send':
        return this.#send(action.packet, action.again);
      case 'send-commit':
        return wire.publish(grandpaGossip.codec.enc({ tag: 'commit', value: action.packet }));
      case 'view':
        for (const peer of wire.peers()) void this.#dialogue.exchangeViews(peer);
        return;
      case 'ask-catch-up':
        void this.#dialogue.askCatchUp(action.peer, action.round);
        return;
      case 'want-block':
        return wire.want(action.block, action.from, action.again);
      case 'equivocation':
        log.warn({ voter: action.proof.id, round: action.proof.round, phase: action.proof.phase }, 'equivocation');
        onEquivocation?.(equivocationProofOf(action.proof), action.proof);
        return;
    }
  }

  /** Does what must be done, and tells the voter that asked for it what came of it. */
  #effect(kind: VoterAction['kind'], effect: EffectId, work: () => Promise<void>): void {
    const { voter } = this.#set;
    const tell = (outcome: 'done' | 'failed'): void => {
      if (this.#set.voter === voter) this.#feed({ kind: outcome, effect });
    };
    const running = work().then(
      () => tell('done'),
      (error: unknown) => {
        const reason = error instanceof Error ? error.message : String(error);
        this.#options.log.error({ action: kind, reason }, 'grandpa action failed, it is tried again');
        tell('failed');
      },
    );
    this.#effects.add(running);
    void running.finally(() => this.#effects.delete(running));
  }

  #persist(record: VoterRecord): Promise<void> {
    const { store, lastVote } = this.#options;
    const write = this.#writing.then(async () => {
      await store.put(RECORD_KEY, voterRecord.codec.enc(record));
      const last = lastCast(record);
      if (last) await lastVote?.advance(last);
    });
    this.#writing = write.catch(() => undefined);
    return write;
  }

  async #finalize(justification: Justification): Promise<void> {
    const { chain } = this.#options;
    const { target } = justification.commit;
    if (target.number <= chain.finalized().number) return;
    await chain.finalize(target.hash, justificationCodec.codec.enc(justification));
  }

  #send(packet: VotePacket, again: boolean): void {
    // A number that grows, over restarts too, makes each sending a new message to gossip.
    if (again) this.#attempt = Math.max(this.#attempt + 1, Math.floor(this.#wallClock() / 100) % 2 ** 32);
    const attempt = again ? this.#attempt : 0;
    this.#set.filter.note(packet, attempt, this.#now());
    this.#options.wire.publish(grandpaGossip.codec.enc({ tag: 'vote', value: { ...packet, attempt } }));
  }

  #onFinalized(ref: BlockRef): void {
    if (this.#options.chain.authorities(ref.hash).setId !== this.#set.voter.setId)
      this.#set = openSet(this.#options, this.#now());
    this.#feed({ kind: 'finalized', block: ref });
  }

  // ---- what comes in

  readonly #listener: GrandpaListener = {
    onGossip: (peer, data) => this.#onGossip(peer, data),
    onRequest: async (peer, data) => this.#dialogue.answer(peer, data),
    onPeer: (peer, connected) => {
      if (connected) void this.#dialogue.exchangeViews(peer);
      else this.#feed({ kind: 'peer-gone', peer });
    },
  };

  async #onGossip(peer: string, data: Uint8Array): Promise<Verdict> {
    const set = this.#set;
    const { verdict, input } = await judgeGossip(peer, data, set, this.#options.verifier, this.#now);
    if (input !== undefined && set === this.#set) this.#feed(input);
    return verdict;
  }
}
