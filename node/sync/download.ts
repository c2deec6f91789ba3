/** Blocks in ranges from several peers at once, imported in order. What a peer does not give, or gives wrong, another one is asked for. */
import { toHex } from '../../primitives/crypto/hex.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { BLOCKS_BUDGET, MAX_BLOCKS } from '../base/limits.ts';
import { pause } from '../base/serial.ts';
import type { HexHash } from '../base/types.ts';
import type { SyncPeers } from './peers.ts';
import { type BlockSource, codeOf, isPeers, misfit, type Parsed, type SyncParts, useless } from './source.ts';

/** Ranges that are under way or wait to be imported. Each may be megabytes. */
const WINDOW = 6;
/** The range that everything waits for is asked of a second peer after so many milliseconds. */
const HEDGE = 2_000;
/** Peers asked for one range at a time. */
const MAX_ASKED = 2;

interface Range {
  readonly from: number;
  readonly count: number;
  readonly asked: Map<string, AbortController>;
  /** Peers that could not give it. */
  readonly refused: Set<string>;
  since: number;
  answer: { readonly peer: string; readonly blocks: readonly Parsed[] } | undefined;
}

export interface DownloadParts extends SyncParts {
  readonly peers: SyncPeers;
  readonly source: BlockSource;
  readonly signal: AbortSignal;
  /** Finalizes by the justification that came with a block. Throws if it is wrong. */
  readonly finalize: (peer: string, block: Parsed) => Promise<unknown>;
  /** A new block has been imported. */
  readonly onProgress: () => void;
}

export class Download {
  readonly #parts: DownloadParts;
  readonly #goal: number;
  readonly #base: { readonly peer: string; readonly height: number };
  #ranges: Range[] = [];
  /** The block that the next one has to build on. */
  #parent: HexHash | undefined;
  #next: number;
  #planned: number;
  readonly #busy = new Set<string>();
  #wake: () => void = () => undefined;

  /** @param base the peer that has told how far its chain is ours, and how far that is */
  constructor(parts: DownloadParts, base: { readonly peer: string; readonly height: number }, goal: number) {
    this.#parts = parts;
    this.#base = base;
    this.#goal = goal;
    this.#next = base.height + 1;
    this.#planned = this.#next;
    this.#parent = parts.chain.hashByNumber(base.height);
  }

  /** Ends at the goal, or when no peer is left that gives what comes next. Throws what is nobody's fault, and if the base was wrong. */
  async run(): Promise<void> {
    const { signal } = this.#parts;
    try {
      while (this.#next <= this.#goal && !signal.aborted) {
        this.#plan();
        this.#assign();
        const [head] = this.#ranges;
        if (head === undefined) return;
        if (head.answer !== undefined) {
          this.#ranges.shift();
          await this.#take(head, head.answer);
        } else if (this.#ranges.every(({ asked }) => asked.size === 0)) return;
        else await this.#event();
      }
    } finally {
      for (const { asked } of this.#ranges) for (const abort of asked.values()) abort.abort();
    }
  }

  /** Something has come, or it is time to look again. */
  #event(): Promise<void> {
    const over = new AbortController();
    this.#wake = () => over.abort();
    return pause(HEDGE, AbortSignal.any([over.signal, this.#parts.signal]));
  }

  #plan(): void {
    while (this.#ranges.length < WINDOW && this.#planned <= this.#goal) {
      const count = Math.min(MAX_BLOCKS, this.#goal - this.#planned + 1);
      this.#ranges.push(rangeOf(this.#planned, count));
      this.#planned += count;
    }
  }

  #assign(): void {
    const [head] = this.#ranges;
    for (const range of this.#ranges) {
      if (range.answer !== undefined || range.asked.size >= MAX_ASKED) continue;
      const isLate = range === head && this.#parts.now() - range.since >= HEDGE;
      if (range.asked.size > 0 && !isLate) continue;
      const peer = this.#parts.peers
        .having(range.from)
        .find((one) => !this.#busy.has(one) && !range.refused.has(one) && !range.asked.has(one));
      if (peer !== undefined) void this.#ask(range, peer);
    }
  }

  async #ask(range: Range, peer: string): Promise<void> {
    const { source, signal, now } = this.#parts;
    const abort = new AbortController();
    range.asked.set(peer, abort);
    range.since = now();
    this.#busy.add(peer);
    try {
      const wanted = { tag: 'number', value: range.from } as const;
      const blocks = await source.ask(peer, wanted, range.count, true, AbortSignal.any([signal, abort.signal]));
      if (!abort.signal.aborted && range.answer === undefined) this.#arrived(range, peer, blocks);
    } catch (error) {
      if (!abort.signal.aborted && !signal.aborted) this.#failed(range, peer, error);
    } finally {
      range.asked.delete(peer);
      this.#busy.delete(peer);
      this.#wake();
    }
  }

  #arrived(range: Range, peer: string, blocks: readonly Parsed[]): void {
    if (blocks.length === 0) throw useless('the peer has not the blocks it claims');
    if (!blocks.every(({ ref }, i) => ref.number === range.from + i)) throw useless('not the heights asked for');
    const linked = blocks.every(({ header }, i) => i === 0 || toHex(header.parentHash) === blocks[i - 1]!.ref.hash);
    if (!linked) throw useless('the blocks do not follow one another');
    range.answer = { peer, blocks };
    // Whoever was asked before and was slower comes later next time.
    for (const [other, abort] of range.asked) {
      if (other === peer) continue;
      this.#parts.peers.failed(other);
      abort.abort();
    }
    const rest = range.count - blocks.length;
    if (rest === 0) return;
    this.#ranges.splice(this.#ranges.indexOf(range) + 1, 0, rangeOf(range.from + blocks.length, rest));
    // An answer is cut where it is full, and where the peer's chain ends; one that is nearly empty holds us up.
    const size = blocks.reduce((sum, { data }) => sum + sizeOf(data), 0);
    const claimed = this.#parts.peers.get(peer)?.best.number ?? 0;
    if (size < BLOCKS_BUDGET / 2 && range.from + blocks.length <= claimed) this.#parts.peers.failed(peer);
  }

  #failed(range: Range, peer: string, error: unknown): void {
    range.refused.add(peer);
    this.#parts.peers.failed(peer);
    const quiet = isTacitError(error, 'sync/useless-peer') || isTacitError(error, 'network/unreachable');
    this.#parts.log[quiet ? 'debug' : 'warn'](
      { peer, from: range.from, code: codeOf(error), reason: error instanceof Error ? error.message : '' },
      'blocks not taken from peer',
    );
  }

  /** Imports a range. What follows a block that cannot be taken is asked of others. */
  async #take(range: Range, { peer, blocks }: NonNullable<Range['answer']>): Promise<void> {
    let isNew = false;
    try {
      for (const block of blocks) {
        if (this.#parts.signal.aborted) return;
        isNew = (await this.#import(peer, block)) || isNew;
      }
      if (isNew && blocks.length === range.count) this.#parts.peers.delivered(peer);
    } catch (error) {
      // Database, threads and the like: no peer can be asked for anything better.
      if (!isPeers(error)) throw error;
      const atBase = this.#next === this.#base.height + 1;
      if (atBase && isTacitError(error, 'sync/misfit') && peer !== this.#base.peer) throw error;
      const last = range.from + blocks.length - 1;
      const again = rangeOf(this.#next, last - this.#next + 1);
      if (again.count > 0) this.#ranges.unshift(again);
      this.#failed(again, peer, error);
    }
  }

  /** True if the block was new. */
  async #import(peer: string, block: Parsed): Promise<boolean> {
    const { source, finalize, onProgress } = this.#parts;
    if (toHex(block.header.parentHash) !== this.#parent) throw misfit(`block ${block.ref.number} is of another branch`);
    const { kind } = await source.import(block, peer, 'sync');
    if (kind !== 'imported' && kind !== 'known') throw useless(`block ${block.ref.number} is ${kind}`);
    this.#parent = block.ref.hash;
    this.#next = block.ref.number + 1;
    if (kind === 'imported') onProgress();
    await finalize(peer, block);
    return kind === 'imported';
  }
}

const rangeOf = (from: number, count: number): Range => ({
  from,
  count,
  asked: new Map(),
  refused: new Set(),
  since: 0,
  answer: undefined,
});

function sizeOf({ header, body, justification }: Parsed['data']): number {
  return header.length + (body?.reduce((sum, { length }) => sum + length, 0) ?? 0) + (justification?.length ?? 0);
}
