import { toHex } from '../../primitives/crypto/hex.ts';
import { isTacitError } from '../../primitives/errors.ts';
import type { BlockRef, HexHash } from '../base/types.ts';
import type { Verdict } from '../network/types.ts';
import { type BlockSource, codeOf, type SyncParts, useless } from './source.ts';

/** Blocks asked for by hash: how many at once, and how deep below them to look for a known one. */
const MAX_WANTED = 16;
const MAX_DEPTH = 1_024;
/** Headers per request on the way down. */
const WANT_BATCH = 128;
/** A block of the next slot is tried again so much later. */
const FUTURE_RETRY = 500;

/** Blocks one by one: those that are announced, and those that something refers to. */
export class SingleBlocks {
  readonly #parts: SyncParts;
  readonly #source: BlockSource;
  readonly #signal: () => AbortSignal;
  readonly #wanted = new Map<HexHash, Promise<void>>();

  constructor(parts: SyncParts, source: BlockSource, signal: () => AbortSignal) {
    this.#parts = parts;
    this.#source = source;
    this.#signal = signal;
  }

  /** Fetches the body of an announced block whose parent is here, and imports it. */
  async announced(peer: string, ref: BlockRef): Promise<Verdict> {
    const others = this.#parts.network.peers().filter((other) => other !== peer);
    // The peer that announced it has it; another one only if that fails.
    for (const from of [peer, ...others.slice(0, 2)]) {
      try {
        const block = await this.#source.one(from, ref.hash);
        if (block === undefined) continue;
        let result = await this.#source.import(block, from, 'gossip');
        if (result.kind === 'future') {
          await this.#pause(FUTURE_RETRY);
          result = await this.#source.import(block, from, 'gossip');
        }
        // [ACCEPT] executed and valid; [IGNORE] too early, on a dead branch, or known by now
        return result.kind === 'imported' ? 'accept' : 'ignore';
      } catch (error) {
        // [REJECT] the block itself breaks a rule, whoever sent it
        if (isTacitError(error, 'sync/invalid-block')) return 'reject';
        this.#parts.log.debug({ peer: from, block: ref.hash, code: codeOf(error) }, 'announced block not fetched');
      }
    }
    return 'ignore';
  }

  /** A block that something refers to, such as a vote: fetched with its unknown ancestors from any peer that has it. */
  want({ hash }: BlockRef): void {
    if (this.#wanted.has(hash) || this.#wanted.size >= MAX_WANTED || this.#isKnown(hash)) return;
    this.#wanted.set(
      hash,
      this.#fetch(hash).finally(() => this.#wanted.delete(hash)),
    );
  }

  async #fetch(hash: HexHash): Promise<void> {
    for (const peer of this.#parts.network.peers()) {
      if (this.#signal().aborted || this.#isKnown(hash)) return;
      try {
        await this.#fetchBranch(peer, hash);
      } catch (error) {
        this.#parts.log.debug({ peer, block: hash, code: codeOf(error) }, 'wanted block not fetched');
      }
    }
  }

  /**
   * Headers from `hash` downwards to a block that we have, then the blocks upwards, one at a time: a branch that a liar makes up
   * costs the memory of its headers, not of a thousand bodies.
   */
  async #fetchBranch(peer: string, hash: HexHash): Promise<void> {
    const branch: HexHash[] = [];
    for (let next = hash; !this.#isKnown(next) && branch.length < MAX_DEPTH; ) {
      const headers = await this.#source.ask(peer, { tag: 'hash', value: next }, WANT_BATCH, false);
      if (headers.length === 0) throw useless('the peer has not the block');
      for (const { ref, header } of headers) {
        if (ref.hash !== next) throw this.#source.blame(peer, 'wrong-answer', 'blocks do not follow their parents');
        if (ref.number <= this.#parts.chain.finalized().number) throw useless('the branch leaves the finalized chain');
        branch.push(ref.hash);
        next = toHex(header.parentHash);
        if (this.#isKnown(next)) break;
      }
    }
    for (const next of branch.reverse()) {
      const block = await this.#source.one(peer, next);
      if (block === undefined) throw useless('the peer has not the block');
      const { kind } = await this.#source.import(block, peer, 'sync');
      if (kind !== 'imported' && kind !== 'known') return;
    }
  }

  #isKnown(hash: HexHash): boolean {
    return this.#parts.chain.header(hash) !== undefined;
  }

  #pause(time: number): Promise<void> {
    const signal = this.#signal();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener('abort', end);
        resolve();
      };
      const timer = setTimeout(end, time);
      signal.addEventListener('abort', end);
    });
  }
}
