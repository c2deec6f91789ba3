import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { Budget } from '../base/budget.ts';
import { firstOf } from '../base/first-of.ts';
import { peerGiver, Shares } from '../base/givers.ts';
import { ASKS_FOR_OTHERS } from '../base/limits.ts';
import type { HexHash } from '../base/types.ts';
import type { Fault } from './reputation.ts';
import { Turns } from './turns.ts';

/** Large transactions that are fetched from one peer at once. */
const FETCHES_PER_PEER = 4;
/** Hashes under way, whose turn has come or not: a quarter of them one peer's at most. */
const WAITING = { most: 512, part: 1 / 3, least: 1 };
/** The next peer is asked if the one before has not answered for so long (milliseconds). */
const PATIENCE = 1_500;
/** Peers asked that have not announced it. */
const MAX_OTHERS = 2;

export interface FetchParts {
  fetch(peer: string, hash: HexHash, signal: AbortSignal): Promise<Uint8Array | undefined>;
  /** Those that are connected. */
  peers(): readonly string[];
  punish(peer: string, fault: Fault): void;
  /** Milliseconds, monotonic. */
  readonly now: () => number;
}

/**
 * Transactions by their hashes. Gossip tells of one once: who has announced it and then keeps silent must not be the only one that is asked [it would keep a committee's
 * posts from us].
 */
export class Fetches {
  readonly #parts: FetchParts;
  /** Hashes under way, with the peers that have named them. */
  readonly #sources = new Map<HexHash, string[]>();
  readonly #waiting = new Shares(WAITING);
  readonly #turns = new Turns(FETCHES_PER_PEER);
  readonly #asks: Budget;
  readonly #over = new AbortController();

  constructor(parts: FetchParts) {
    this.#parts = parts;
    this.#asks = new Budget(ASKS_FOR_OTHERS, parts.now);
  }

  stop(): void {
    this.#over.abort();
  }

  /** What `peer` has named. Undefined if nobody gives it, or if as much waits of this peer as may. */
  async fetch(peer: string, hash: HexHash): Promise<Uint8Array | 'under way' | undefined> {
    const known = this.#sources.get(hash);
    if (known !== undefined) {
      // it is asked too, should the first one not give it
      if (!known.includes(peer)) known.push(peer);
      return 'under way';
    }
    const leave = this.#waiting.take(peerGiver(peer), 1);
    if (leave === undefined) return undefined;
    const sources = [peer];
    this.#sources.set(hash, sources);
    try {
      const limits = { patience: PATIENCE, signal: this.#over.signal };
      const ask = (from: string, signal: AbortSignal): Promise<Uint8Array> =>
        this.#turns.take(from, () => this.#ask(from, hash, signal), signal);
      return (await firstOf(this.#candidates(sources), ask, limits))?.value;
    } catch (error) {
      if (!isTacitError(error)) throw error;
      return undefined;
    } finally {
      this.#sources.delete(hash);
      leave();
    }
  }

  /** Those who have named it, also those who come to do so; then a few others, who are asked for others so often only. */
  #candidates(sources: readonly string[]): () => string | undefined {
    const asked = new Set<string>();
    let others = 0;
    return () => {
      const mayAsk = (peer: string): boolean => !asked.has(peer) && others < MAX_OTHERS && this.#asks.spend(peer);
      const source = sources.find((peer) => !asked.has(peer));
      const next = source ?? this.#parts.peers().find(mayAsk);
      if (next === undefined) return undefined;
      if (source === undefined) others++;
      asked.add(next);
      return next;
    };
  }

  async #ask(peer: string, hash: HexHash, signal: AbortSignal): Promise<Uint8Array> {
    const bytes = await this.#parts.fetch(peer, hash, signal);
    if (bytes === undefined) throw new TacitError('network/refused', 'the peer has not the transaction', { peer });
    if (toHex(blake2b256(bytes)) === hash) return bytes;
    this.#parts.punish(peer, 'wrong-answer');
    throw new TacitError('network/bad-answer', 'bytes of another hash', { peer });
  }
}
