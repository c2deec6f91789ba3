import { toHex } from '../../primitives/crypto/hex.ts';
import { Budget } from '../base/budget.ts';
import { ASKS_FOR_OTHERS } from '../base/limits.ts';
import type { BlockRef, HexHash } from '../base/types.ts';
import { type BlockSource, codeOf, type Parsed, type SyncParts, useless } from './source.ts';

/** Blocks asked for by hash: how many at once, of them on the word of one peer, and how deep below them to look for a known one. */
const MAX_WANTED = 16;
const MAX_OF_ONE = 4;
const MAX_DEPTH = 1_024;
/** Headers per request on the way down, and bytes of them in all. */
const WANT_BATCH = 128;
const MAX_BYTES = 4 << 20;
/** Peers asked for one block, besides the one that named it. */
const MAX_ASKED = 4;
/** What nobody had is not asked for again so long; twice as long after each further attempt, up to the longest (milliseconds). */
const FIRST_REST = 1_000;
const LONGEST_REST = 30_000;
const MAX_RESTING = 1_024;

/** Blocks that something refers to, such as a vote. */
export class Wanted {
  readonly #parts: SyncParts;
  readonly #source: BlockSource;
  readonly #signal: () => AbortSignal;
  readonly #asks: Budget;
  /** Under way, with the peer on whose word. */
  readonly #wanted = new Map<HexHash, string>();
  readonly #resting = new Map<HexHash, { until: number; rest: number }>();

  constructor(parts: SyncParts, source: BlockSource, signal: () => AbortSignal) {
    this.#parts = parts;
    this.#source = source;
    this.#signal = signal;
    this.#asks = new Budget(ASKS_FOR_OTHERS, parts.now);
  }

  /**
   * Fetches a block with its unknown ancestors. `from` is the peer that has named it: it is asked alone, as it may have made it up, and nobody is to be made a nuisance
   * to others. A block that a signed vote names (no `from`) is asked of any peers.
   */
  want({ hash }: BlockRef, from?: string): void {
    if (this.#wanted.has(hash) || this.#isKnown(hash) || this.#rests(hash)) return;
    const cause = from ?? '';
    const ofCause = [...this.#wanted.values()].filter((other) => other === cause).length;
    // Half of the places are for what votes name: strangers cannot fill them.
    const most = from === undefined ? MAX_WANTED / 2 : MAX_OF_ONE;
    if (ofCause >= most || this.#wanted.size >= MAX_WANTED) return;
    this.#wanted.set(hash, cause);
    void this.#fetch(hash, from).finally(() => {
      this.#wanted.delete(hash);
      if (this.#isKnown(hash)) this.#resting.delete(hash);
      else this.#rest(hash);
    });
  }

  #rests(hash: HexHash): boolean {
    return (this.#resting.get(hash)?.until ?? -Infinity) > this.#parts.now();
  }

  #rest(hash: HexHash): void {
    const rest = Math.min(LONGEST_REST, 2 * (this.#resting.get(hash)?.rest ?? FIRST_REST / 2));
    this.#resting.delete(hash);
    if (this.#resting.size >= MAX_RESTING) this.#resting.delete(this.#resting.keys().next().value!);
    this.#resting.set(hash, { until: this.#parts.now() + rest, rest });
  }

  async #fetch(hash: HexHash, from: string | undefined): Promise<void> {
    const { network, log } = this.#parts;
    const peers = from === undefined ? network.peers() : [from];
    let asked = 0;
    for (const peer of peers) {
      if (this.#signal().aborted || this.#isKnown(hash) || asked >= MAX_ASKED) return;
      if (!this.#asks.spend(peer)) continue;
      asked++;
      try {
        await this.#fetchBranch(peer, hash);
      } catch (error) {
        log.debug({ peer, block: hash, code: codeOf(error) }, 'wanted block not fetched');
      }
    }
  }

  /**
   * Headers from `hash` downwards to a block that we have, then the blocks upwards, one at a time, each after its header has been judged: a branch that a liar
   * makes up costs the memory of its headers, and not one body.
   */
  async #fetchBranch(peer: string, hash: HexHash): Promise<void> {
    const branch = await this.#headers(peer, hash);
    for (const { ref, header } of branch.reverse()) {
      const judged = await this.#parts.chain.judgeHeader(header);
      if (judged?.kind === 'known') continue;
      if (judged?.kind === 'invalid' && judged.code !== 'chain/internal')
        throw this.#source.blame(peer, 'invalid-block', `block ${ref.number} has no seal`);
      if (judged !== undefined) throw useless(`block ${ref.number} is ${judged.kind}`);
      const block = await this.#source.one(peer, ref.hash);
      if (block === undefined) throw useless('the peer has not the block');
      const { kind } = await this.#source.import(block, peer, 'sync');
      if (kind !== 'imported' && kind !== 'known') return;
    }
  }

  async #headers(peer: string, hash: HexHash): Promise<Parsed[]> {
    const branch: Parsed[] = [];
    let bytes = 0;
    for (let next = hash; !this.#isKnown(next) && branch.length < MAX_DEPTH; ) {
      const headers = await this.#source.ask(peer, { tag: 'hash', value: next }, WANT_BATCH, false);
      if (headers.length === 0) throw useless('the peer has not the block');
      for (const parsed of headers) {
        const { ref, header, data } = parsed;
        if (ref.hash !== next) throw this.#source.blame(peer, 'wrong-answer', 'blocks do not follow their parents');
        if (ref.number <= this.#parts.chain.finalized().number) throw useless('the branch leaves the finalized chain');
        bytes += data.header.length;
        if (bytes > MAX_BYTES) throw useless('the headers are too long');
        branch.push(parsed);
        next = toHex(header.parentHash);
        if (this.#isKnown(next)) break;
      }
    }
    return branch;
  }

  #isKnown(hash: HexHash): boolean {
    return this.#parts.chain.header(hash) !== undefined;
  }
}
