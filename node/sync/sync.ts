/**
 * Keeps the chain level with the peers': from genesis or wherever it was left, over forks, and block by block as they are
 * announced. One range is downloaded at a time, its successor while it is imported.
 */
import type { Logger } from 'pino';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { orderedRoot } from '../../primitives/trie/index.ts';
import { decodeHeader, headerHash } from '../chain/header.ts';
import type { BlockOrigin, BlockRef, ChainApi, Header, HexHash, ImportResult, Verifier } from '../chain/types.ts';
import { MAX_BLOCKS } from '../network/limits.ts';
import type { Verdict } from '../network/types.ts';
import type { BlockData, Status } from '../network/wire.ts';
import { finalizeBy } from './finality.ts';
import type { PeerState, SyncNetwork } from './ports.ts';
import { statusOf } from './serve.ts';

/** Peers are asked for their status so often. */
const STATUS_INTERVAL = 5_000;
/** A peer that failed us is not asked for ranges so long. */
const AVOID_TIME = 10_000;
/** Fewer blocks behind than this is not syncing, only the way of new blocks. */
const LEVEL = 3;
/** A download without progress for so long does not hold back an author. */
const STALLED = 10_000;
/** Blocks asked for by hash: how many at once, and how deep below them to look for a known one. */
const MAX_WANTED = 16;
const MAX_DEPTH = 1_024;
const WANT_BATCH = 32;
/** A block of the next slot is tried again so much later. */
const FUTURE_RETRY = 500;

export interface SyncParts {
  readonly chain: ChainApi;
  readonly network: SyncNetwork;
  readonly verifier: Verifier;
  readonly log: Logger;
  /** Milliseconds. */
  readonly now: () => number;
}

/** A fault of a peer that ends the work with it. */
const fault = (message: string, details = {}): TacitError => new TacitError('sync/peer-fault', message, details);
/** No fault, but no use to us either. */
const useless = (message: string): TacitError => new TacitError('sync/useless-peer', message);

interface Parsed {
  readonly ref: BlockRef;
  readonly header: Header;
  readonly data: BlockData;
}

export class Sync {
  readonly #parts: SyncParts;
  readonly #peers = new Map<string, PeerState>();
  readonly #avoid = new Map<string, number>();
  readonly #wanted = new Map<HexHash, Promise<void>>();
  readonly #importing = new Map<HexHash, Promise<Verdict>>();
  #stopped = new AbortController();
  #timer: NodeJS.Timeout | undefined;
  #running: Promise<void> | undefined;
  #again = false;
  #goal: { height: number; progressAt: number } | undefined;

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  start(): void {
    this.#stopped = new AbortController();
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
    this.#peers.delete(peer);
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
    this.#peers.set(peer, { best: status.best, finalized: theirs });
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
    const work = this.#fetchAnnounced(peer, ref);
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
  want({ hash }: BlockRef): void {
    const { chain } = this.#parts;
    if (this.#wanted.has(hash) || this.#wanted.size >= MAX_WANTED || chain.header(hash) !== undefined) return;
    const work = this.#fetchWanted(hash).finally(() => this.#wanted.delete(hash));
    this.#wanted.set(hash, work);
  }

  // ---- single blocks

  async #fetchAnnounced(peer: string, ref: BlockRef): Promise<Verdict> {
    const others = this.#parts.network.peers().filter((other) => other !== peer);
    // The peer that announced it has it; another one only if that fails.
    for (const source of [peer, ...others.slice(0, 2)]) {
      try {
        const [block] = this.#parse(await this.#blocks(source, { tag: 'hash', value: ref.hash }, 1), source);
        if (block === undefined) continue;
        if (block.ref.hash !== ref.hash) throw this.#blame(source, 'wrong-answer', 'another block than asked for');
        let result = await this.#import(block, source, 'gossip');
        if (result.kind === 'future') {
          await this.#pause(FUTURE_RETRY);
          result = await this.#import(block, source, 'gossip');
        }
        // [ACCEPT] executed and valid; [IGNORE] too early, on a dead branch, or known by now
        return result.kind === 'imported' ? 'accept' : 'ignore';
      } catch (error) {
        // [REJECT] the block itself breaks a rule, whoever sent it
        if (isTacitError(error, 'sync/invalid-block')) return 'reject';
        this.#parts.log.debug({ peer: source, block: ref.hash, code: codeOf(error) }, 'announced block not fetched');
      }
    }
    return 'ignore';
  }

  async #fetchWanted(hash: HexHash): Promise<void> {
    for (const peer of this.#parts.network.peers()) {
      if (this.#stopped.signal.aborted || this.#parts.chain.header(hash) !== undefined) return;
      try {
        await this.#fetchBranch(peer, hash);
      } catch (error) {
        this.#parts.log.debug({ peer, block: hash, code: codeOf(error) }, 'wanted block not fetched');
      }
    }
  }

  /** From `hash` downwards to a block that we have, then imports upwards. */
  async #fetchBranch(peer: string, hash: HexHash): Promise<void> {
    const { chain } = this.#parts;
    const branch: Parsed[] = [];
    for (let next = hash; chain.header(next) === undefined && branch.length < MAX_DEPTH; ) {
      const blocks = this.#parse(await this.#blocks(peer, { tag: 'hash', value: next }, WANT_BATCH), peer);
      if (blocks.length === 0) throw useless('the peer has not the block');
      for (const block of blocks) {
        if (block.ref.hash !== next) throw this.#blame(peer, 'wrong-answer', 'blocks do not follow their parents');
        if (block.ref.number <= chain.finalized().number) throw useless('the branch leaves the finalized chain');
        branch.push(block);
        next = toHex(block.header.parentHash);
        if (chain.header(next) !== undefined) break;
      }
    }
    for (const block of branch.reverse()) {
      const { kind } = await this.#import(block, peer, 'sync');
      if (kind !== 'imported' && kind !== 'known') return;
    }
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
      const peer = this.#choose();
      if (peer === undefined) break;
      try {
        await this.#level(peer);
      } catch (error) {
        this.#avoid.set(peer, this.#parts.now() + AVOID_TIME);
        const quiet = isTacitError(error, 'sync/useless-peer') || isTacitError(error, 'network/unreachable');
        this.#parts.log[quiet ? 'debug' : 'warn'](
          { peer, code: codeOf(error), reason: textOf(error) },
          'sync with peer ended',
        );
      } finally {
        this.#goal = undefined;
      }
      this.#again = true;
    }
  }

  /** The peer that is furthest ahead of us, in blocks or in finality. */
  #choose(): string | undefined {
    const { chain, now } = this.#parts;
    const best = chain.best().number;
    const finalized = chain.finalized().number;
    let chosen: { peer: string; height: number } | undefined;
    for (const [peer, state] of this.#peers) {
      if ((this.#avoid.get(peer) ?? 0) > now()) continue;
      const ahead = state.best.number > best || (state.finalized.number > finalized && state.finalized.number <= best);
      if (ahead && state.best.number > (chosen?.height ?? -1)) chosen = { peer, height: state.best.number };
    }
    return chosen?.peer;
  }

  /** Downloads what a peer has more than we. */
  async #level(peer: string): Promise<void> {
    const { chain, log } = this.#parts;
    const state = this.#peers.get(peer);
    if (state === undefined) return;
    const goal = state.best.number;
    if (goal > chain.best().number) {
      this.#goal = { height: goal, progressAt: this.#parts.now() };
      const from = await this.#commonHeight(peer, Math.min(goal, chain.best().number));
      if (goal - from > LEVEL) log.info({ peer, from, to: goal }, 'syncing');
      await this.#download(peer, from + 1, goal);
    }
    await this.#levelFinality(peer, state.finalized);
    // Whatever it claimed: this is what it had to give.
    state.best = chain.best().number < state.best.number ? chain.best() : state.best;
    state.finalized = chain.finalized().number < state.finalized.number ? chain.finalized() : state.finalized;
  }

  /** Height of the highest block of ours that is on the peer's best chain, by bisection. */
  async #commonHeight(peer: string, top: number): Promise<number> {
    const { chain } = this.#parts;
    const shared = async (height: number): Promise<boolean> => {
      const [block] = this.#parse(await this.#blocks(peer, { tag: 'number', value: height }, 1, false), peer);
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
    const request = (from: number): Promise<BlockData[]> => {
      const range = this.#blocks(peer, { tag: 'number', value: from }, Math.min(MAX_BLOCKS, last - from + 1));
      // Awaited later; a failure before that must not count as unhandled.
      range.catch(() => undefined);
      return range;
    };
    let pending = request(first);
    let parent: HexHash | undefined;
    for (let next = first; next <= last; ) {
      const blocks = this.#parse(await pending, peer);
      if (blocks.length === 0) return;
      const after = next + blocks.length;
      if (after <= last) pending = request(after);
      for (const block of blocks) {
        const follows = parent === undefined || toHex(block.header.parentHash) === parent;
        // A reorganisation at the peer while we download: the next round begins with a new search.
        if (block.ref.number !== next || !follows) throw useless('the blocks do not follow one another');
        const { kind } = await this.#import(block, peer, 'sync');
        if (kind !== 'imported' && kind !== 'known') throw useless(`block ${next} is ${kind}`);
        await this.#finalize(peer, block);
        parent = block.ref.hash;
        next++;
        if (this.#goal !== undefined) this.#goal.progressAt = this.#parts.now();
        if (this.#stopped.signal.aborted) return;
      }
    }
  }

  /** Fetches the justification of the peer's finalized block, and of those that hand over to another set before it. */
  async #levelFinality(peer: string, finalized: BlockRef): Promise<void> {
    const { chain } = this.#parts;
    let wanted = finalized.hash;
    for (let steps = 0; steps < MAX_DEPTH; steps++) {
      if (finalized.number <= chain.finalized().number || chain.header(finalized.hash) === undefined) return;
      const [block] = this.#parse(await this.#blocks(peer, { tag: 'hash', value: wanted }, 1, false), peer);
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
        throw this.#blame(peer, 'invalid-block', `the justification of block ${ref.number} is wrong`);
      }
      throw error;
    }
  }

  // ---- common

  #blocks(
    peer: string,
    from: { tag: 'number'; value: number } | { tag: 'hash'; value: HexHash },
    max: number,
    bodies = true,
  ): Promise<BlockData[]> {
    return this.#parts.network.blocks(peer, { from, max, bodies }, this.#stopped.signal);
  }

  /** Headers with their hashes; bodies must have the root that the header names. */
  #parse(blocks: readonly BlockData[], peer: string): Parsed[] {
    return blocks.map((data) => {
      let header: Header;
      try {
        header = decodeHeader(data.header);
      } catch (error) {
        if (!isTacitError(error)) throw error;
        throw this.#blame(peer, 'garbage', 'a header does not decode');
      }
      if (data.body !== undefined && !sameBytes(orderedRoot(data.body), header.extrinsicsRoot)) {
        throw this.#blame(peer, 'wrong-answer', 'a body is not that of its header');
      }
      return { ref: { hash: headerHash(header), number: header.number }, header, data };
    });
  }

  async #import({ ref, header, data }: Parsed, peer: string, origin: BlockOrigin): Promise<ImportResult> {
    const { chain, log } = this.#parts;
    if (chain.header(ref.hash) !== undefined) return { kind: 'known', ref };
    if (data.body === undefined) throw useless('the peer has pruned the body');
    const result = await chain.importBlock({ header, body: data.body }, origin);
    if (result.kind === 'invalid') {
      log.warn({ peer, block: ref, code: result.code, reason: result.message }, 'invalid block');
      this.#parts.network.punish(peer, 'invalid-block');
      throw new TacitError('sync/invalid-block', 'the block breaks a rule of the chain', { code: result.code });
    }
    return result;
  }

  #blame(peer: string, which: 'garbage' | 'wrong-answer' | 'invalid-block', message: string): TacitError {
    this.#parts.network.punish(peer, which);
    return fault(message, { peer });
  }

  #pause(time: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = setTimeout(resolve, time);
      this.#stopped.signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
    });
  }
}

function codeOf(error: unknown): string {
  return isTacitError(error) ? error.code : 'unexpected';
}

function textOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
