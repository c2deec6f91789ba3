/**
 * Keeps the chain level with the peers': from genesis or wherever it was left, over forks, in ranges from several peers at once (download.ts), and block by block
 * as they are announced (announced.ts).
 */
import { isTacitError } from '../../primitives/errors.ts';
import { headerHash } from '../base/header.ts';
import type { BlockRef, Header, HexHash } from '../base/types.ts';
import { statusOf } from '../network/serve.ts';
import type { SyncListener, Hearing } from '../network/types.ts';
import type { Status } from '../network/wire.ts';
import { Announced } from './announced.ts';
import { commonHeight } from './common.ts';
import { Download } from './download.ts';
import { finalizeBy } from './finality.ts';
import { SyncPeers } from './peers.ts';
import type { PeerState } from './ports.ts';
import { BlockSource, codeOf, isPeers, type Parsed, type SyncParts, useless } from './source.ts';
import { firstOf } from '../base/first-of.ts';
import { Wanted } from './wanted.ts';

/** Peers are asked for their status so often. */
const STATUS_INTERVAL = 5_000;
/** Fewer blocks behind than this is not syncing, only the way of new blocks. */
const LEVEL = 3;
/** A download without progress for so long does not hold back an author; nor does the mere claim of a peer, but for so long after the start. */
const STALLED = 10_000;
/** How long a peer may take to say where its chain leaves ours before the next one is asked too (milliseconds). */
const BASE_PATIENCE = 1_000;
/** Hand-overs of authorities that are followed in one go. */
const MAX_HANDOVERS = 1_024;

export class Sync implements SyncListener {
  readonly #parts: SyncParts;
  readonly #peers: SyncPeers;
  readonly #source: BlockSource;
  readonly #announced: Announced;
  readonly #wanted: Wanted;
  #stopped = new AbortController();
  #startedAt = -Infinity;
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #goal: { readonly height: number; progressAt: number } | undefined;

  constructor(parts: SyncParts) {
    this.#parts = parts;
    const signal = (): AbortSignal => this.#stopped.signal;
    this.#peers = new SyncPeers(parts.now);
    this.#source = new BlockSource(parts, signal);
    this.#announced = new Announced(parts, this.#source, signal);
    this.#wanted = new Wanted(parts, this.#source, signal);
  }

  start(): void {
    this.#stopped = new AbortController();
    this.#startedAt = this.#parts.now();
    this.#timer = setInterval(() => {
      for (const peer of this.#parts.network.peers()) void this.connected(peer);
    }, STATUS_INTERVAL);
  }

  stop(): void {
    this.#stopped.abort();
    clearInterval(this.#timer);
  }

  /** Whether a download of more than a few blocks is under way and moving. */
  isSyncing(): boolean {
    const goal = this.#goal;
    if (goal === undefined) return false;
    return goal.height - this.#parts.chain.best().number >= LEVEL && this.#parts.now() - goal.progressAt < STALLED;
  }

  /** Resolves when no download is under way. */
  async idle(): Promise<void> {
    while (this.#running !== undefined) await this.#running;
  }

  /** What a peer last told of itself. */
  peer(peer: string): PeerState | undefined {
    return this.#peers.get(peer);
  }

  /** Exchanges status with a peer. Never throws. */
  async connected(peer: string): Promise<void> {
    const { network, chain, log } = this.#parts;
    try {
      this.heard(peer, await network.status(peer, statusOf(chain)));
    } catch (error) {
      log.debug({ peer, code: codeOf(error) }, 'no status of peer');
    }
  }

  gone(peer: string): void {
    this.#peers.gone(peer);
  }

  /** A peer has told its status. */
  heard(peer: string, status: Status): void {
    const { chain, network, log } = this.#parts;
    if (status.genesis !== chain.genesisHash) {
      log.warn({ peer, genesis: status.genesis }, 'peer of another chain');
      network.punish(peer, 'wrong-genesis');
      return;
    }
    const ours = chain.finalized();
    const theirs = status.finalized;
    if (theirs.number <= ours.number && chain.hashByNumber(theirs.number) !== theirs.hash) {
      log.error({ peer, theirs, ours }, 'peer has finalized another chain');
      network.punish(peer, 'conflicting-finality');
      return;
    }
    this.#peers.note(peer, { best: status.best, finalized: theirs });
    this.#kick();
  }

  /**
   * A header was announced: fetches the body and imports the block. The verdict is about passing it on: only blocks that were
   * executed and found valid are.
   */
  async announced(peer: string, header: Header): Promise<Hearing> {
    const { chain } = this.#parts;
    const ref = { hash: headerHash(header), number: header.number };
    // [IGNORE] blocks that are known or can no longer matter
    if (chain.header(ref.hash) !== undefined || ref.number <= chain.finalized().number) return 'ignore';
    const verdict = await this.#announced.take(peer, ref, header);
    const state = this.#peers.get(peer);
    if ((verdict === 'accept' || verdict === 'gap') && state !== undefined && ref.number > state.best.number) {
      state.best = ref;
    }
    if (verdict !== 'gap') return verdict;
    this.#kick();
    return 'ignore';
  }

  /** A block that something refers to, fetched with its unknown ancestors. `from`: the peer that has named it; `again`: it has not named it anew. */
  want(block: BlockRef, from?: string, again?: boolean): void {
    this.#wanted.want(block, from, again);
  }

  // ---- ranges

  #kick(): void {
    this.#again = true;
    if (this.#running !== undefined || this.#stopped.signal.aborted) return;
    this.#running = this.#run().finally(() => {
      this.#running = undefined;
      // Something came while the last round was ending.
      if (this.#again) this.#kick();
    });
  }

  async #run(): Promise<void> {
    while (this.#again && !this.#stopped.signal.aborted) {
      this.#again = false;
      const { chain } = this.#parts;
      const peer = this.#peers.choose(chain.best(), chain.finalized());
      if (peer === undefined) break;
      try {
        await this.#level(peer);
      } catch (error) {
        this.#peers.failed(peer);
        const quiet = isTacitError(error, 'sync/useless-peer') || isTacitError(error, 'network/unreachable');
        this.#parts.log[quiet ? 'debug' : 'warn'](
          { peer, code: codeOf(error), reason: error instanceof Error ? error.message : '' },
          'sync with peer ended',
        );
      } finally {
        this.#goal = undefined;
      }
      this.#again = true;
    }
  }

  /** Downloads what peers have more than we; `peer` is the first to be asked. */
  async #level(peer: string): Promise<void> {
    const { chain } = this.#parts;
    const state = this.#peers.get(peer);
    if (state === undefined) return;
    const before = chain.best();
    const claimed = state.best.number;
    if (claimed > before.number) await this.#fetchAhead();
    if (!this.#peers.rests(peer)) await this.#levelFinality(peer, state.finalized);
    // Whatever it claimed: this is what it had to give.
    if (chain.best().number < claimed && chain.best().number === before.number) this.#peers.failed(peer);
    state.best = chain.best().number < state.best.number ? chain.best() : state.best;
    state.finalized = chain.finalized().number < state.finalized.number ? chain.finalized() : state.finalized;
  }

  async #fetchAhead(): Promise<void> {
    const { chain, log, now } = this.#parts;
    const top = chain.best().number;
    const ahead = this.#peers.having(top + 1);
    const goal = Math.max(...ahead.map((peer) => this.#peers.get(peer)?.best.number ?? 0));
    // Whoever connects to us may claim any height: only blocks that come show that there is something to wait for.
    this.#goal = { height: goal, progressAt: this.#startedAt };
    const base = await this.#base(top);
    if (base === undefined) return;
    if (goal - base.height > LEVEL) log.info({ peer: base.peer, from: base.height, to: goal }, 'syncing');
    const download = new Download(
      {
        ...this.#parts,
        peers: this.#peers,
        source: this.#source,
        signal: this.#stopped.signal,
        finalize: (peer, block) => this.#finalize(peer, block),
        onProgress: () => {
          if (this.#goal !== undefined) this.#goal.progressAt = now();
        },
      },
      base,
      goal,
    );
    try {
      await download.run();
    } catch (error) {
      if (isPeers(error)) this.#peers.failed(base.peer);
      throw error;
    }
  }

  /** How far our best chain is that of the peers; the first to tell counts, those that come meanwhile included. */
  async #base(top: number): Promise<{ peer: string; height: number } | undefined> {
    const asked = new Set<string>();
    const next = (): string | undefined => {
      const peer = this.#peers.having(top + 1).find((one) => !asked.has(one));
      if (peer !== undefined) asked.add(peer);
      return peer;
    };
    const ask = async (peer: string, signal: AbortSignal): Promise<number> => {
      try {
        return await commonHeight({ ...this.#parts, source: this.#source }, peer, top, signal);
      } catch (error) {
        if (!signal.aborted) this.#peers.failed(peer);
        throw error;
      }
    };
    const found = await firstOf(next, ask, { patience: BASE_PATIENCE, signal: this.#stopped.signal });
    return found && { peer: found.from, height: found.value };
  }

  /** Fetches the justification of the peer's finalized block, and of those that hand over to another set before it. */
  async #levelFinality(peer: string, finalized: BlockRef): Promise<void> {
    const { chain } = this.#parts;
    let wanted = finalized.hash;
    for (let steps = 0; steps < MAX_HANDOVERS; steps++) {
      if (finalized.number <= chain.finalized().number || chain.header(finalized.hash) === undefined) return;
      const [block] = await this.#source.ask(peer, { tag: 'hash', value: wanted }, 1, false);
      if (block?.ref.hash !== wanted || block.data.justification === undefined) throw useless('no justification');
      const first = await this.#finalize(peer, block);
      wanted = first ?? finalized.hash;
    }
  }

  /** Finalizes by the justification that came with a block; gives the block that must be finalized before it, if any. */
  async #finalize(peer: string, { ref, data }: Parsed): Promise<HexHash | undefined> {
    const { chain, verifier } = this.#parts;
    if (data.justification === undefined) return undefined;
    try {
      const outcome = await finalizeBy(chain, ref.hash, data.justification, verifier);
      return typeof outcome === 'object' ? outcome.first : undefined;
    } catch (error) {
      if (isTacitError(error, 'grandpa/bad-justification')) {
        throw this.#source.blame(peer, 'invalid-block', `the justification of block ${ref.number} is wrong`);
      }
      throw error;
    }
  }
}
