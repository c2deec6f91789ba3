/**
 * Keeps the chain level with the peers': from genesis or wherever it was left, over forks, and block by block as they are
 * announced. One range is downloaded at a time, its successor while it is imported.
 */
import { isTacitError } from '../../primitives/errors.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { headerHash } from '../base/header.ts';
import type { BlockRef, Header, HexHash } from '../base/types.ts';
import { MAX_BLOCKS } from '../base/limits.ts';
import { statusOf } from '../network/serve.ts';
import type { SyncListener, Verdict } from '../network/types.ts';
import type { Status } from '../network/wire.ts';
import { finalizeBy } from './finality.ts';
import { SyncPeers } from './peers.ts';
import type { PeerState } from './ports.ts';
import { SingleBlocks } from './single.ts';
import { BlockSource, codeOf, type Parsed, type SyncParts, useless } from './source.ts';

/** Peers are asked for their status so often. */
const STATUS_INTERVAL = 5_000;
/** Fewer blocks behind than this is not syncing, only the way of new blocks. */
const LEVEL = 3;
/** A download without progress for so long does not hold back an author; nor does the mere claim of a peer, but for so long after the start. */
const STALLED = 10_000;
/** Hand-overs of authorities that are followed in one go. */
const MAX_HANDOVERS = 1_024;

export class Sync implements SyncListener {
  readonly #parts: SyncParts;
  readonly #peers: SyncPeers;
  readonly #source: BlockSource;
  readonly #single: SingleBlocks;
  readonly #importing = new Map<HexHash, Promise<Verdict>>();
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
    this.#single = new SingleBlocks(parts, this.#source, signal);
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
  async announced(peer: string, header: Header): Promise<Verdict> {
    const { chain } = this.#parts;
    const ref = { hash: headerHash(header), number: header.number };
    // [IGNORE] blocks that are known or can no longer matter
    if (chain.header(ref.hash) !== undefined || ref.number <= chain.finalized().number) return 'ignore';
    const under = this.#importing.get(ref.hash);
    if (under !== undefined) return (await under) === 'reject' ? 'reject' : 'ignore';
    const state = this.#peers.get(peer);
    if (chain.header(toHex(header.parentHash)) === undefined) {
      // [IGNORE] a gap: whether the block is good is known when its ancestors are here
      if (state !== undefined && ref.number > state.best.number) state.best = ref;
      this.#kick();
      return 'ignore';
    }
    const work = this.#single.announced(peer, ref);
    this.#importing.set(ref.hash, work);
    try {
      const verdict = await work;
      if (verdict === 'accept' && state !== undefined && ref.number > state.best.number) state.best = ref;
      return verdict;
    } finally {
      this.#importing.delete(ref.hash);
    }
  }

  /** A block that something refers to, such as a vote: fetched with its unknown ancestors from any peer that has it. */
  want(block: BlockRef): void {
    this.#single.want(block);
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

  /** Downloads what a peer has more than we. */
  async #level(peer: string): Promise<void> {
    const { chain, log } = this.#parts;
    const state = this.#peers.get(peer);
    if (state === undefined) return;
    const goal = state.best.number;
    if (goal > chain.best().number) {
      // Whoever connects to us may claim any height: only blocks that come show that there is something to wait for.
      this.#goal = { height: goal, progressAt: this.#startedAt };
      const from = await this.#commonHeight(peer, Math.min(goal, chain.best().number));
      if (goal - from > LEVEL) log.info({ peer, from, to: goal }, 'syncing');
      await this.#download(peer, from + 1, goal);
    }
    await this.#levelFinality(peer, state.finalized);
    // Whatever it claimed: this is what it had to give.
    if (chain.best().number < goal) this.#peers.failed(peer);
    state.best = chain.best().number < state.best.number ? chain.best() : state.best;
    state.finalized = chain.finalized().number < state.finalized.number ? chain.finalized() : state.finalized;
  }

  /** Height of the highest block of ours that is on the peer's best chain, by bisection. */
  async #commonHeight(peer: string, top: number): Promise<number> {
    const { chain } = this.#parts;
    const shared = async (height: number): Promise<boolean> => {
      const [block] = await this.#source.ask(peer, { tag: 'number', value: height }, 1, false);
      return block !== undefined && block.ref.number === height && chain.hashByNumber(height) === block.ref.hash;
    };
    if (await shared(top)) return top;
    let low = chain.finalized().number;
    let high = top;
    if (low > 0 && !(await shared(Math.min(low, top)))) {
      // An honest peer that is merely behind cannot be chosen; it has another chain or is not telling.
      throw useless('the peer does not share our finalized chain');
    }
    while (high - low > 1) {
      const middle = Math.floor((low + high) / 2);
      if (await shared(middle)) low = middle;
      else high = middle;
    }
    return low;
  }

  async #download(peer: string, first: number, last: number): Promise<void> {
    const request = (from: number): Promise<Parsed[]> => {
      const max = Math.min(MAX_BLOCKS, last - from + 1);
      const range = this.#source.ask(peer, { tag: 'number', value: from }, max, true);
      // Awaited later; a failure before that must not count as unhandled.
      range.catch(() => undefined);
      return range;
    };
    let pending = request(first);
    let parent: HexHash | undefined;
    for (let next = first; next <= last; ) {
      const blocks = await pending;
      if (blocks.length === 0) return;
      const after = next + blocks.length;
      if (after <= last) pending = request(after);
      for (const block of blocks) {
        const follows = parent === undefined || toHex(block.header.parentHash) === parent;
        // A reorganisation at the peer while we download: the next round begins with a new search.
        if (block.ref.number !== next || !follows) throw useless('the blocks do not follow one another');
        const { kind } = await this.#source.import(block, peer, 'sync');
        if (kind !== 'imported' && kind !== 'known') throw useless(`block ${next} is ${kind}`);
        if (kind === 'imported') {
          this.#peers.delivered(peer);
          if (this.#goal !== undefined) this.#goal.progressAt = this.#parts.now();
        }
        await this.#finalize(peer, block);
        parent = block.ref.hash;
        next++;
        if (this.#stopped.signal.aborted) return;
      }
    }
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
