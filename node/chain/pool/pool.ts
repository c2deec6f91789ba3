import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import type { Chain } from '../chain.ts';
import { Emitter } from '../../base/emitter.ts';
import {
  type ChainRuntime,
  type Host,
  refusalCode,
  type TransactionSource,
  type Validation,
  type VerifyTask,
} from '../../base/runtime.ts';
import { slices } from '../../base/serial.ts';
import type { BlockRef, ChainEvents, HexHash, SubmitResult, Verifier } from '../../base/types.ts';
import { type PoolLimits, type PoolTransaction, tagOf, TransactionQueue } from './queue.ts';
import { type TransactionStatus, Watchers } from './watch.ts';

export interface PoolParts {
  readonly chain: Chain;
  readonly runtime: ChainRuntime;
  readonly verifier: Verifier & Host;
  /** Milliseconds of any steady clock. */
  readonly now: () => number;
  readonly onError: (error: unknown) => void;
  readonly limits?: PoolLimits;
}

const DEFAULT_LIMITS: PoolLimits = { count: 8192, bytes: 64 << 20 };
/** A sealed submission of 1 MiB and its envelope. */
const MAX_EXTRINSIC_BYTES = (1 << 20) + (64 << 10);
/** Submissions being checked at one time. */
const MAX_CHECKING = 4096;
const MAX_CHECKING_BYTES = 64 << 20;
/** Claims among them: a block holds some twenty. */
const MAX_CHECKING_CLAIMS = 128;
const BAN_MS = 10 * 60_000;
const MAX_BANNED = 8192;
/** Pooled transactions validated anew after each block. */
const REVALIDATED_PER_BLOCK = 64;
const REVALIDATED_BYTES = 8 << 20;
/** Extrinsics of a block that never were in the pool, and are asked for their tags before anything else happens. */
const TAGS_AT_ONCE = 64;
/** Milliseconds after which the event loop has its turn. */
const SLICE_MS = 5;
/** Tags of transactions that have left the pool, kept to recognise them in blocks. */
const REMEMBERED_TAGS = 16_384;

interface PoolEvents {
  transaction: ChainEvents['transaction'];
}

/** Transactions that wait for a block. Keeps up with the best block by the chain's events. */
export class TransactionPool {
  readonly #parts: PoolParts;
  readonly #queue: TransactionQueue;
  readonly #watchers = new Watchers();
  readonly #events: Emitter<PoolEvents>;
  readonly #banned = new Map<HexHash, number>();
  readonly #provided = new Map<HexHash, readonly string[]>();
  readonly #checking = new Set<HexHash>();
  #checkingBytes = 0;
  readonly #claims = new Set<HexHash>();
  #sequence = 0;
  #revalidated = -1;

  constructor(parts: PoolParts) {
    this.#parts = parts;
    this.#queue = new TransactionQueue(parts.limits ?? DEFAULT_LIMITS);
    this.#events = new Emitter(parts.onError);
    parts.chain.on('best', ({ ref, retracted, enacted }) => this.#follow(ref, retracted, enacted));
    parts.chain.on('finalized', ({ enacted, pruned }) => {
      for (const { hash } of pruned) this.#watchers.retracted(hash);
      for (const { hash } of enacted) this.#watchers.finalized(hash);
    });
  }

  get size(): { ready: number; future: number; bytes: number } {
    return this.#queue.size;
  }

  on<K extends keyof PoolEvents>(event: K, listener: (event: PoolEvents[K]) => void): () => void {
    return this.#events.on(event, listener);
  }

  /** Best first. Stays valid while transactions are removed from the pool. */
  ready(): IterableIterator<PoolTransaction> {
    return this.#queue.ready();
  }

  transaction(hash: HexHash): Uint8Array | undefined {
    return this.#queue.get(hash)?.bytes;
  }

  /** All pooled transactions, ready and future. */
  pending(): Uint8Array[] {
    return [...this.#queue.all()].map(({ bytes }) => bytes);
  }

  propagatable(): HexHash[] {
    return [...this.#queue.ready()].filter(({ propagate }) => propagate).map(({ hash }) => hash);
  }

  /** Name of a transaction: blake2b-256 of its bytes. */
  hashOf(bytes: Uint8Array): HexHash {
    return toHex(blake2b256(bytes));
  }

  /** Whether a pooled transaction, ready or future, provides a tag. */
  provides(tag: string): boolean {
    return this.#queue.provides(tag);
  }

  /** Tells what becomes of a transaction from now on. */
  watch(hash: HexHash, listener: (status: TransactionStatus) => void): () => void {
    return this.#watchers.watch(hash, listener);
  }

  async submit(bytes: Uint8Array, source: TransactionSource): Promise<SubmitResult> {
    const hash = this.hashOf(bytes);
    if (bytes.length > MAX_EXTRINSIC_BYTES) return { kind: 'invalid', hash, code: 'pool/too-large' };
    if (this.#queue.get(hash) || this.#checking.has(hash)) return { kind: 'known', hash };
    if (this.#isBanned(hash)) return { kind: 'banned', hash };
    const full = this.#checking.size >= MAX_CHECKING || this.#checkingBytes + bytes.length > MAX_CHECKING_BYTES;
    if (full) return { kind: 'refused', hash, code: 'pool/busy' };
    this.#checking.add(hash);
    this.#checkingBytes += bytes.length;
    try {
      const { chain, runtime, verifier } = this.#parts;
      const best = chain.best().hash;
      const tasks = runtime.tasks(chain.state(best)!, fromHex(best), bytes);
      const [first, ...others] = tasks;
      const rest = others.filter((task) => first && !isSameTask(task, first));
      if (first && !(await this.#verified(hash, first))) return { kind: 'refused', hash, code: 'pool/busy' };
      // The first check admits the transaction. What its calls ask for besides is worth doing for one that can be in a block and pays.
      if (rest.length > 0 && 'valid' in this.#validate(bytes, source)) await verifier.verify(rest, 'patient');
      // From here on nothing waits: the transaction is judged and queued on one and the same best block.
      const validation = this.#validate(bytes, source);
      if (!('valid' in validation)) return { kind: 'invalid', hash, code: refusalCode(validation) };
      return this.#admit(hash, bytes, validation);
    } catch (error) {
      if (!isTacitError(error)) this.#parts.onError(error);
      return { kind: 'invalid', hash, code: isTacitError(error) ? error.code : 'pool/internal' };
    } finally {
      this.#checking.delete(hash);
      this.#checkingBytes -= bytes.length;
    }
  }

  /** Has a transaction's first check carried out; false if too many claims, whose senders pay nothing, are being checked already. */
  async #verified(hash: HexHash, task: VerifyTask): Promise<boolean> {
    const isClaim = task.kind === 'claim';
    if (isClaim && this.#claims.size >= MAX_CHECKING_CLAIMS) return false;
    if (isClaim) this.#claims.add(hash);
    try {
      await this.#parts.verifier.verify([task], 'patient');
      return true;
    } finally {
      this.#claims.delete(hash);
    }
  }

  /** An author found that a ready transaction cannot be applied. */
  reject(hash: HexHash, code: string): void {
    if (!this.#queue.remove(hash)) return;
    this.#ban(hash);
    this.#watchers.tell(hash, { kind: 'invalid', code });
  }

  #admit(hash: HexHash, bytes: Uint8Array, { valid }: Extract<Validation, { valid: unknown }>): SubmitResult {
    const transaction: PoolTransaction = {
      hash,
      bytes,
      priority: valid.priority,
      requires: valid.requires.map(tagOf),
      provides: valid.provides.map(tagOf),
      validTill: this.#parts.chain.best().number + Number(valid.longevity),
      propagate: valid.propagate,
      sequence: this.#sequence++,
    };
    const admission = this.#queue.add(transaction);
    if (admission.kind === 'refused') return { kind: 'refused', hash, code: admission.code };
    this.#rememberTags(transaction);
    for (const other of admission.replaced) this.#watchers.tell(other.hash, { kind: 'usurped', by: hash });
    for (const other of admission.dropped) this.#watchers.tell(other.hash, { kind: 'dropped' });
    const { kind } = admission;
    if (kind === 'ready') this.#announce([transaction]);
    else this.#watchers.tell(hash, { kind });
    this.#announce(admission.promoted);
    return { kind, hash };
  }

  #announce(ready: readonly PoolTransaction[]): void {
    for (const { hash, bytes, propagate } of ready) {
      this.#watchers.tell(hash, { kind: 'ready' });
      this.#events.emit('transaction', { hash, bytes, propagate });
    }
  }

  #follow(best: BlockRef, retracted: readonly BlockRef[], enacted: readonly BlockRef[]): void {
    const again = new Map<HexHash, Uint8Array>();
    for (const { hash } of retracted) {
      this.#watchers.retracted(hash);
      for (const bytes of this.#parts.chain.body(hash) ?? []) {
        const name = this.hashOf(bytes);
        again.set(name, bytes);
        this.#queue.retracted(this.#provided.get(name) ?? []);
      }
    }
    for (const block of enacted) for (const hash of this.#included(block)) again.delete(hash);
    this.#queue.forgetChain();
    // Bans do not count for what has stood in a block; inherents are refused as any other invalid extrinsic.
    for (const bytes of again.values()) void this.submit(bytes, 'local');
    this.#expire(best.number);
  }

  /** Takes what a block holds out of the pool. Returns the hashes of its extrinsics. */
  #included(block: BlockRef): HexHash[] {
    const { size } = this.#queue;
    if (size.ready + size.future === 0 && this.#watchers.empty) return [];
    const body = this.#parts.chain.body(block.hash) ?? [];
    const hashes = body.map((bytes) => this.hashOf(bytes));
    const strangers: number[] = [];
    for (const [i, hash] of hashes.entries()) {
      const provided = this.#provided.get(hash);
      if (provided) this.#satisfy(hash, provided);
      else strangers.push(i);
    }
    for (const i of strangers.splice(0, TAGS_AT_ONCE)) this.#satisfy(hashes[i]!, this.#tagsAt(block, body[i]!));
    if (strangers.length > 0) {
      const rest = strangers.map((i): [HexHash, Uint8Array] => [hashes[i]!, body[i]!]);
      this.#satisfyLater(block, rest).catch(this.#parts.onError);
    }
    this.#watchers.included(block, hashes);
    return hashes;
  }

  /** An extrinsic of the chain provides tags: what provides the same is out of date, what requires them comes nearer. */
  #satisfy(hash: HexHash, provided: readonly string[]): void {
    const { stale, promoted } = this.#queue.satisfied(provided);
    for (const other of stale) if (other.hash !== hash) this.#watchers.tell(other.hash, { kind: 'usurped', by: hash });
    this.#announce(promoted);
  }

  /** The same for thousands of extrinsics that nobody had told us of, without keeping the event loop from votes. */
  async #satisfyLater(block: BlockRef, extrinsics: readonly [HexHash, Uint8Array][]): Promise<void> {
    const pause = slices(SLICE_MS);
    for (const [hash, bytes] of extrinsics) {
      await pause();
      if (this.#parts.chain.hashByNumber(block.number) !== block.hash) return;
      this.#satisfy(hash, this.#tagsAt(block, bytes));
    }
  }

  /** What an extrinsic that never was in the pool has provided: asked of the state before its block. */
  #tagsAt(block: BlockRef, bytes: Uint8Array): string[] {
    const parentHash = this.#parts.chain.header(block.hash)?.parentHash;
    const validation = parentHash && this.#validateAt(toHex(parentHash), bytes, 'external');
    return validation && 'valid' in validation ? validation.valid.provides.map(tagOf) : [];
  }

  #expire(best: number): void {
    const all = [...this.#queue.all()];
    for (const { hash, validTill } of all) {
      if (validTill >= best) continue;
      this.#queue.remove(hash);
      this.#watchers.tell(hash, { kind: 'invalid', code: 'AncientBirthBlock' });
    }
    // Round robin by arrival.
    const waiting = all.filter(({ sequence }) => sequence > this.#revalidated);
    let budget = REVALIDATED_BYTES;
    const turn = waiting.slice(0, REVALIDATED_PER_BLOCK).filter(({ bytes }) => (budget -= bytes.length) >= 0);
    this.#revalidated = turn.length === waiting.length ? -1 : turn.at(-1)!.sequence;
    for (const { hash, bytes } of turn) {
      if (!this.#queue.get(hash)) continue;
      const validation = this.#validate(bytes, 'external');
      if (!('valid' in validation)) this.reject(hash, refusalCode(validation));
    }
  }

  #validate(bytes: Uint8Array, source: TransactionSource): Validation {
    return this.#validateAt(this.#parts.chain.best().hash, bytes, source);
  }

  #validateAt(hash: HexHash, bytes: Uint8Array, source: TransactionSource): Validation {
    const { chain, runtime, verifier } = this.#parts;
    return runtime.validate(chain.state(hash)!, fromHex(hash), source, bytes, verifier);
  }

  #rememberTags({ hash, provides }: PoolTransaction): void {
    this.#provided.set(hash, provides);
    if (this.#provided.size > REMEMBERED_TAGS) this.#provided.delete(this.#provided.keys().next().value!);
  }

  #isBanned(hash: HexHash): boolean {
    const until = this.#banned.get(hash);
    if (until === undefined || until > this.#parts.now()) return until !== undefined;
    this.#banned.delete(hash);
    return false;
  }

  #ban(hash: HexHash): void {
    if (this.#banned.size >= MAX_BANNED) this.#banned.delete(this.#banned.keys().next().value!);
    this.#banned.set(hash, this.#parts.now() + BAN_MS);
  }
}

/** A post's signature is asked for at the door and declared by the call. */
function isSameTask(a: VerifyTask, b: VerifyTask): boolean {
  return (
    a.kind === b.kind && a.parts.length === b.parts.length && a.parts.every((part, i) => sameBytes(part, b.parts[i]!))
  );
}
