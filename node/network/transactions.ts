/** Transactions between nodes: small ones travel in the gossip, large ones are announced by hash and fetched. */
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { isTacitError } from '../../primitives/errors.ts';
import type { HexHash, SubmitResult, TransactionDoor } from '../base/types.ts';
import { MAX_INLINE_TRANSACTION, MAX_TRANSACTION } from '../base/limits.ts';
import type { Fault } from './reputation.ts';
import { Turns } from './turns.ts';
import type { Verdict } from './types.ts';
import { decodeUntrusted } from '../base/untrusted.ts';
import { transactionAnnouncement } from './wire.ts';

/** Large transactions that are fetched from one peer at once, and how many may wait for their turn. */
const FETCHES_PER_PEER = 4;
const MAX_WAITING_PER_PEER = 128;
const MAX_WAITING = 512;
/** Of what a new peer has pooled, so many are fetched, until so many were not there. */
const MAX_POOL_FETCHES = 1_024;
const MAX_MISSES = 32;

export interface TransactionParts {
  readonly door: TransactionDoor;
  fetch(peer: string, hash: HexHash): Promise<Uint8Array | undefined>;
  pool(peer: string): Promise<readonly HexHash[]>;
  punish(peer: string, fault: Fault): void;
}

export class Transactions {
  readonly #parts: TransactionParts;
  /** Hashes under way, with the peer that is asked. */
  readonly #fetching = new Map<HexHash, string>();
  readonly #turns = new Turns(FETCHES_PER_PEER);
  readonly #greeting = new Set<string>();

  constructor(parts: TransactionParts) {
    this.#parts = parts;
  }

  /** The gossip message for a transaction: itself, or its hash. */
  announcement(bytes: Uint8Array): Uint8Array {
    if (bytes.length <= MAX_INLINE_TRANSACTION) return transactionAnnouncement.codec.enc({ tag: 'full', value: bytes });
    const hash = toHex(blake2b256(bytes));
    return transactionAnnouncement.codec.enc({ tag: 'hash', value: { hash, length: bytes.length } });
  }

  async onGossip(peer: string, data: Uint8Array): Promise<Verdict> {
    const message = decodeUntrusted(transactionAnnouncement, data);
    // [REJECT] what is no announcement
    if (message === undefined) return 'reject';
    if (message.tag === 'full') return this.#admit(peer, message.value);

    const { hash, length } = message.value;
    // [REJECT] lengths that need no announcement by hash, or that no extrinsic may have
    if (length <= MAX_INLINE_TRANSACTION || length > MAX_TRANSACTION) return 'reject';
    // [IGNORE] known ones, and more than may wait: the sender's pool is asked for at the next connection
    if (this.#parts.door.transaction(hash) !== undefined) return 'ignore';
    const bytes = await this.#fetch(peer, hash);
    if (bytes === undefined) return 'ignore';
    // [REJECT] announced with another length than it has
    if (bytes.length !== length) return 'reject';
    return this.#admit(peer, bytes);
  }

  /** Fetches what a new peer has in its pool and we do not, as long as it has what it names. Never throws. */
  async greet(peer: string): Promise<void> {
    if (this.#greeting.has(peer)) return;
    this.#greeting.add(peer);
    try {
      const unknown = (await this.#parts.pool(peer)).filter((hash) => this.#parts.door.transaction(hash) === undefined);
      let misses = 0;
      for (const hash of unknown.slice(0, MAX_POOL_FETCHES)) {
        const bytes = await this.#fetch(peer, hash);
        if (bytes !== undefined) await this.#admit(peer, bytes);
        // It is gone, or its pool is another by now, or it never had them.
        else if (++misses >= MAX_MISSES) return;
      }
    } catch (error) {
      if (!isTacitError(error)) throw error;
    } finally {
      this.#greeting.delete(peer);
    }
  }

  async #fetch(peer: string, hash: HexHash): Promise<Uint8Array | undefined> {
    const ofPeer = [...this.#fetching.values()].filter((other) => other === peer).length;
    const full = this.#fetching.size >= MAX_WAITING || ofPeer >= MAX_WAITING_PER_PEER;
    if (full || this.#fetching.has(hash)) return undefined;
    this.#fetching.set(hash, peer);
    try {
      return await this.#turns.take(peer, () => this.#fetchNow(peer, hash));
    } finally {
      this.#fetching.delete(hash);
    }
  }

  async #fetchNow(peer: string, hash: HexHash): Promise<Uint8Array | undefined> {
    try {
      const bytes = await this.#parts.fetch(peer, hash);
      if (bytes === undefined || toHex(blake2b256(bytes)) === hash) return bytes;
      this.#parts.punish(peer, 'wrong-answer');
    } catch (error) {
      if (!isTacitError(error)) throw error;
    }
    return undefined;
  }

  async #admit(peer: string, bytes: Uint8Array): Promise<Verdict> {
    const result: SubmitResult = await this.#parts.door.submit(bytes, 'external');
    // [ACCEPT] what entered our pool
    if (result.kind === 'ready' || result.kind === 'future') return 'accept';
    // [REJECT] what no state of the chain takes: no honest node passes it on
    if (result.kind === 'invalid' && result.lasting) return 'reject';
    // [IGNORE] the rest: stale, unpaid and already known ones are races, the bad signature of a mortal transaction may be one (a fork)
    if (result.kind === 'invalid' && result.code === 'BadProof') this.#parts.punish(peer, 'bad-transaction');
    return 'ignore';
  }
}
