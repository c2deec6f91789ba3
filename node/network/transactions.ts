/** Transactions between nodes: small ones travel in the gossip, large ones are announced by hash and fetched. */
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { isTacitError } from '../../primitives/errors.ts';
import type { HexHash, SubmitResult, TransactionDoor } from '../base/types.ts';
import { Budget } from '../base/budget.ts';
import { peerGiver } from '../base/givers.ts';
import { BYTES_PER_VAIN, MAX_INLINE_TRANSACTION, MAX_TRANSACTION, VAIN_TRANSACTIONS } from '../base/limits.ts';
import { type FetchParts, Fetches } from './fetches.ts';
import { Outbox } from './outbox.ts';
import type { Hearing } from './types.ts';
import { decodeUntrusted } from '../base/untrusted.ts';
import { transactionAnnouncement } from './wire.ts';

/** Of what a new peer has pooled, so many are fetched, until so many were not there. */
const MAX_POOL_FETCHES = 1_024;
const MAX_MISSES = 32;

/** Hashes of transactions that gossip has spread already. */
const REMEMBERED_SPREAD = 16_384;

interface Judging {
  readonly hash: HexHash;
  /** Whether it has become ready in our pool. */
  ready: boolean;
}

export interface TransactionParts extends FetchParts {
  readonly door: TransactionDoor;
  /** Sends a gossip message. */
  publish(data: Uint8Array): void;
  pool(peer: string): Promise<readonly HexHash[]>;
}

export class Transactions {
  readonly #parts: TransactionParts;
  readonly #fetches: Fetches;
  readonly #greeting = new Set<string>();
  readonly #outbox: Outbox;
  /** What a peer may give us to check that nobody pays for. */
  readonly #vain: Budget;
  /** What came by gossip and is being judged: whether we have to announce it is not known yet. */
  readonly #judging = new Map<HexHash, Judging>();
  /** What gossip has passed on: nothing that we have to announce. */
  readonly #spread = new Set<HexHash>();

  constructor(parts: TransactionParts) {
    this.#parts = parts;
    this.#fetches = new Fetches(parts);
    this.#outbox = new Outbox((data) => parts.publish(data));
    this.#vain = new Budget(VAIN_TRANSACTIONS, parts.now);
  }

  /** Tells everybody of a transaction that has become ready here, unless they were told in the way in which we were. */
  announce(bytes: Uint8Array): void {
    const hash = toHex(blake2b256(bytes));
    const judging = this.#judging.get(hash);
    if (judging) judging.ready = true;
    if (judging || this.#spread.has(hash)) return;
    if (bytes.length <= MAX_INLINE_TRANSACTION) this.#outbox.add(bytes);
    else this.#parts.publish(transactionAnnouncement.codec.enc({ tag: 'hash', value: { hash, length: bytes.length } }));
  }

  /** Sends what waits for others to go with, and fetches nothing any more. */
  stop(): void {
    this.#fetches.stop();
    this.#outbox.close();
  }

  async onGossip(peer: string, data: Uint8Array): Promise<Hearing> {
    // [LATER] what comes from a peer most of whose transactions come to nothing: each costs us a signature. It may be no fault of its own,
    // as where we are far behind
    if (!this.#vain.isLeft(peer)) return 'later';
    const message = decodeUntrusted(transactionAnnouncement, data);
    // [REJECT] what is no announcement
    if (message === undefined) return 'reject';
    if (message.tag === 'bundle') return this.#onBundle(peer, message.value);

    const { hash, length } = message.value;
    // [REJECT] lengths that need no announcement by hash, or that no extrinsic may have
    if (length <= MAX_INLINE_TRANSACTION || length > MAX_TRANSACTION) return 'reject';
    // [IGNORE] known ones
    if (this.#parts.door.transaction(hash) !== undefined) return 'ignore';
    const bytes = await this.#fetches.fetch(peer, hash);
    // [LATER] what nobody has given, more than may wait of one peer, and what is under way: whoever else tells of it is asked too
    if (bytes === undefined || bytes === 'under way') return 'later';
    if (bytes.length !== length) {
      // It is what its hash says all the same: who has announced it rightly meanwhile is not heard again [a wrong length in time kept a transaction from us].
      await this.#admit(peer, bytes);
      // [REJECT] announced with another length than it has
      return 'reject';
    }
    return this.#admitAll(peer, [bytes]);
  }

  async #onBundle(peer: string, all: readonly Uint8Array[]): Promise<Hearing> {
    const size = all.reduce((sum, { length }) => sum + length, 0);
    // [REJECT] empty ones, and more in one message than honest nodes put into it
    if (all.length === 0 || size > MAX_INLINE_TRANSACTION) return 'reject';
    return this.#admitAll(peer, all);
  }

  /**
   * Judges what came in one message. It is passed on only if all of it is worth it; otherwise what entered our pool is announced anew, so that nobody makes
   * others spread what cannot be paid by adding something that can.
   */
  async #admitAll(peer: string, all: readonly Uint8Array[]): Promise<Hearing> {
    const own = all.map((bytes) => this.#beginJudging(toHex(blake2b256(bytes))));
    const judgements = await Promise.all(all.map((bytes) => this.#admit(peer, bytes)));
    // Once a message: a fork, or a node that is still far behind, meets a hundred of them in one from an honest peer.
    if (judgements.includes('doubtful')) this.#parts.punish(peer, 'bad-transaction');
    const verdicts = judgements.map((one) => (one === 'doubtful' ? 'ignore' : one));
    // [REJECT] the message, if anything in it is to be rejected
    // [LATER] it, if anything in it was not judged
    // [IGNORE] it, if anything in it is, or if we knew all of it
    const told = (['reject', 'later', 'ignore'] as const).find((each) => verdicts.includes(each));
    const verdict = told ?? (verdicts.includes('accept') ? 'accept' : 'ignore');
    for (const [i, judged] of own.entries()) {
      if (judged === undefined) continue;
      this.#judging.delete(judged.hash);
      if (verdict === 'accept' && verdicts[i] === 'accept') this.#noteSpread(judged.hash);
      else if (judged.ready) this.announce(all[i]!);
    }
    return verdict;
  }

  /** Undefined if another message with it is being judged. */
  #beginJudging(hash: HexHash): Judging | undefined {
    if (this.#judging.has(hash)) return undefined;
    const judging: Judging = { hash, ready: false };
    this.#judging.set(hash, judging);
    return judging;
  }

  #noteSpread(hash: HexHash): void {
    if (this.#spread.size >= REMEMBERED_SPREAD) this.#spread.delete(this.#spread.keys().next().value!);
    this.#spread.add(hash);
  }

  /** Fetches what a new peer has in its pool and we do not, as long as it has what it names. Never throws. */
  async greet(peer: string): Promise<void> {
    if (this.#greeting.has(peer)) return;
    this.#greeting.add(peer);
    try {
      const unknown = (await this.#parts.pool(peer)).filter((hash) => this.#parts.door.transaction(hash) === undefined);
      let misses = 0;
      for (const hash of unknown.slice(0, MAX_POOL_FETCHES)) {
        if (!this.#vain.isLeft(peer)) return;
        const bytes = await this.#fetches.fetch(peer, hash);
        const verdict = bytes instanceof Uint8Array ? await this.#admit(peer, bytes) : 'known';
        if (verdict === 'reject') this.#parts.punish(peer, 'invalid-gossip');
        // It is gone, or its pool is another by now, or it never had them; or we are too far behind to judge what it has.
        if ((bytes === undefined || verdict === 'doubtful') && ++misses >= MAX_MISSES) return;
      }
    } catch (error) {
      if (!isTacitError(error)) throw error;
    } finally {
      this.#greeting.delete(peer);
    }
  }

  async #admit(peer: string, bytes: Uint8Array): Promise<Hearing | 'known' | 'doubtful'> {
    const result: SubmitResult = await this.#parts.door.submit(bytes, 'external', peerGiver(peer));
    if (isVain(result)) this.#vain.charge(peer, 1 + Math.floor(bytes.length / BYTES_PER_VAIN));
    // [ACCEPT] what entered our pool
    if (result.kind === 'ready' || result.kind === 'future') return 'accept';
    if (result.kind === 'known') return 'known';
    // [LATER] what was not judged: too much of this peer is being checked, or something has failed here
    if (result.kind === 'refused' && UNJUDGED.has(result.code)) return 'later';
    // [REJECT] what no state of the chain takes: no honest node passes it on
    if (result.kind === 'invalid' && result.lasting) return 'reject';
    // [IGNORE] the rest: stale, unpaid and already known ones are races; a bad signature is one where the birth block, or the runtime's version, is not ours
    return result.kind === 'invalid' && result.code === 'BadProof' ? 'doubtful' : 'ignore';
  }
}

/** Whether a transaction has cost us its checks, and nobody pays for them. A pool that is full or busy is nobody's doing. */
function isVain(result: SubmitResult): boolean {
  return result.kind === 'invalid' || (result.kind === 'refused' && VAIN_REFUSALS.has(result.code));
}

const UNJUDGED: ReadonlySet<string> = new Set(['pool/busy', 'pool/unavailable']);

const VAIN_REFUSALS: ReadonlySet<string> = new Set([
  'pool/sender-full',
  'pool/sender-overdrawn',
  'pool/too-low-priority',
  'pool/check-died',
]);
