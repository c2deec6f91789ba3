import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { MAX_EXTRINSIC_LENGTH } from '../../../pallets/system/limits.ts';
import { Emitter } from '../../base/emitter.ts';
import { isOurs } from '../../base/faults.ts';
import { type Giver, LEFT_BRANCH, OWN } from '../../base/givers.ts';
import { refusalCode, type TransactionSource, type Validation } from '../../base/runtime.ts';
import type { BlockRef, ChainEvents, HexHash, SubmitResult } from '../../base/types.ts';
import { Bans } from './bans.ts';
import { BlockTags } from './block-tags.ts';
import { Door, type Offer, type Valid } from './door.ts';
import { Lent } from './lent.ts';
import type { PoolParts } from './parts.ts';
import { pooled } from './pooled.ts';
import { Postponed } from './postponed.ts';
import { DEFAULT_LIMITS, type PoolTransaction, TransactionQueue } from './queue.ts';
import { type TransactionStatus, Watchers } from './watch.ts';

/** Pooled transactions that are validated anew after each block. */
const REVALIDATED_PER_BLOCK = 64;
const REVALIDATED_BYTES = 8 << 20;

interface PoolEvents {
  transaction: ChainEvents['transaction'];
}

/**
 * Transactions that wait for a block. Keeps up with the best block by the chain's events. A refusal that depends on the state is never for ever: what was
 * good on one branch is set aside and tried again, only what no state takes is banned.
 */
export class TransactionPool {
  readonly #parts: PoolParts;
  readonly #queue: TransactionQueue;
  readonly #watchers = new Watchers();
  readonly #events: Emitter<PoolEvents>;
  readonly #door: Door;
  readonly #bans: Bans;
  readonly #postponed: Postponed;
  readonly #tags: BlockTags;
  readonly #lent = new Lent();
  #sequence = 0;
  #revalidated = -1;

  constructor(parts: PoolParts) {
    this.#parts = parts;
    this.#queue = new TransactionQueue(parts.limits ?? DEFAULT_LIMITS);
    this.#events = new Emitter(parts.onError);
    this.#door = new Door(parts);
    this.#bans = new Bans(parts.now);
    this.#postponed = new Postponed({
      chain: parts.chain,
      door: this.#door,
      watchers: this.#watchers,
      limits: parts.asideLimits,
      admit: (hash, bytes, judged) => this.#admit(hash, bytes, judged),
    });
    this.#tags = new BlockTags({
      chain: parts.chain,
      validate: (at, bytes) => this.#door.validate(bytes, 'external', at),
      provided: (hash, tags) => this.#satisfy(hash, tags),
      onError: parts.onError,
    });
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

  /** All pooled transactions, ready and future, in the order of their arrival. */
  waiting(): IterableIterator<PoolTransaction> {
    return this.#queue.all();
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

  /**
   * Takes a transaction in that `giver` has brought, or says why not. What `owner` alone has offered it may {@link withdraw}, and must {@link release} otherwise.
   */
  async submit(
    bytes: Uint8Array,
    source: TransactionSource,
    giver: Giver = OWN,
    owner?: object,
  ): Promise<SubmitResult> {
    const hash = this.hashOf(bytes);
    const result = await this.#take({ hash, bytes, source, giver });
    if (owner === undefined || !this.#lent.isOf(hash, owner)) this.#lent.share(hash);
    if (owner !== undefined && result.kind !== 'known') this.#lent.add(hash, owner);
    return result;
  }

  /** Takes a transaction out that only `owner` has offered. Other nodes may have it by now. */
  withdraw(hash: HexHash, owner: object): void {
    if (!this.release(hash, owner)) return;
    const isPooled = this.#queue.remove(hash) !== undefined || this.#postponed.has(hash);
    this.#postponed.remove(hash);
    if (isPooled) this.#watchers.tell(hash, { kind: 'dropped' });
  }

  /** Leaves to the pool what `owner` has offered; true if nobody else has. */
  release(hash: HexHash, owner: object): boolean {
    return this.#lent.end(hash, owner);
  }

  async #take(offer: Offer): Promise<SubmitResult> {
    const { hash, bytes } = offer;
    if (bytes.length > MAX_EXTRINSIC_LENGTH) return { kind: 'invalid', hash, code: 'pool/too-large', lasting: true };
    if (this.#queue.get(hash) || this.#door.has(hash)) return { kind: 'known', hash };
    const ban = this.#bans.get(hash);
    if (ban)
      return ban.lasting ? { kind: 'invalid', hash, code: ban.lasting, lasting: true } : { kind: 'banned', hash };
    try {
      const found = await this.#door.pass<SubmitResult>(offer, {
        refuse: (hoped) => this.#refuse(hash, bytes, hoped),
        enter: (validation) => this.#enter(hash, bytes, validation),
      });
      return found ?? { kind: 'refused', hash, code: 'pool/busy' };
    } catch (error) {
      return this.#failed(hash, error);
    }
  }

  #enter(hash: HexHash, bytes: Uint8Array, validation: Validation): SubmitResult {
    if ('valid' in validation) return this.#admit(hash, bytes, validation);
    const lasting = this.#parts.runtime.isLasting(bytes, validation);
    const code = refusalCode(validation);
    if (lasting) this.#bans.add(hash, code);
    return { kind: 'invalid', hash, code, lasting };
  }

  #refuse(hash: HexHash, bytes: Uint8Array, hoped: Valid): SubmitResult | undefined {
    const code = this.#queue.refusal(pooled(hash, bytes, hoped, this.#parts.chain.best().number, this.#sequence));
    return code && { kind: 'refused', hash, code };
  }

  #failed(hash: HexHash, error: unknown): SubmitResult {
    this.#parts.onError(error);
    // What fails with us says nothing of the transaction, nor of who sent it.
    if (isTacitError(error, 'workers/died')) return { kind: 'refused', hash, code: 'pool/check-died' };
    if (isOurs(error)) return { kind: 'refused', hash, code: 'pool/unavailable' };
    return { kind: 'invalid', hash, code: isTacitError(error) ? error.code : 'pool/internal', lasting: false };
  }

  /**
   * An author found that a ready transaction cannot be applied: those before it in the block, or a state that is older by now, may be the cause. One that the
   * next states take and authors refuse again and again is banned.
   */
  reject(hash: HexHash, code: string): void {
    const found = this.#queue.remove(hash);
    if (!found) return;
    if (this.#bans.strike(hash)) this.#watchers.tell(hash, { kind: 'invalid', code });
    else this.#postponed.put(found, code);
  }

  #admit(hash: HexHash, bytes: Uint8Array, judged: Valid): SubmitResult {
    const transaction = pooled(hash, bytes, judged, this.#parts.chain.best().number, this.#sequence++);
    const admission = this.#queue.add(transaction);
    if (admission.kind === 'refused') return { kind: 'refused', hash, code: admission.code };
    this.#postponed.remove(hash);
    this.#tags.remember(transaction);
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
        this.#queue.retracted(this.#tags.of(name) ?? []);
      }
    }
    for (const block of enacted) for (const hash of this.#included(block)) again.delete(hash);
    this.#queue.forgetChain();
    for (const [hash, bytes] of again) void this.#playAgain(hash, bytes);
    this.#postponed.retry(best.number);
    this.#expire(best.number);
    this.#revalidate();
  }

  /** Takes what a block holds out of the pool. Returns the hashes of its extrinsics. */
  #included(block: BlockRef): HexHash[] {
    const { size } = this.#queue;
    if (size.ready + size.future === 0 && this.#postponed.size === 0 && this.#watchers.empty) return [];
    const body = this.#parts.chain.body(block.hash) ?? [];
    const hashes = body.map((bytes) => this.hashOf(bytes));
    for (const hash of hashes) this.#postponed.remove(hash);
    this.#tags.tell(block, body, hashes);
    this.#watchers.included(block, hashes);
    return hashes;
  }

  /** An extrinsic of the chain provides tags: what provides the same is out of date, what requires them comes nearer. */
  #satisfy(hash: HexHash, provided: readonly string[]): void {
    const { stale, promoted } = this.#queue.satisfied(provided);
    for (const other of stale) if (other.hash !== hash) this.#watchers.tell(other.hash, { kind: 'usurped', by: hash });
    this.#announce(promoted);
  }

  /** A transaction of a block that is not on the best branch any more. Inherents are refused as any other extrinsic without a sender. */
  async #playAgain(hash: HexHash, bytes: Uint8Array): Promise<void> {
    const result = await this.submit(bytes, 'local', LEFT_BRANCH);
    if (result.kind === 'invalid' && !result.lasting)
      this.#postponed.put({ hash, bytes, validTill: Number.POSITIVE_INFINITY }, result.code);
    // Who watches has heard that no block holds it any more, and would wait for ever.
    else if (result.kind === 'invalid') this.#watchers.tell(hash, { kind: 'invalid', code: result.code });
    else if (result.kind === 'refused' || result.kind === 'banned') this.#watchers.tell(hash, { kind: 'dropped' });
  }

  #expire(best: number): void {
    for (const { hash, validTill } of this.#queue.all()) {
      if (validTill > best) continue;
      this.#queue.remove(hash);
      this.#watchers.tell(hash, { kind: 'invalid', code: 'AncientBirthBlock' });
    }
  }

  /** Some of the pooled ones, round robin by arrival. */
  #revalidate(): void {
    const waiting = [...this.#queue.all()].filter(({ sequence }) => sequence > this.#revalidated);
    let budget = REVALIDATED_BYTES;
    const turn = waiting.slice(0, REVALIDATED_PER_BLOCK).filter(({ bytes }) => (budget -= bytes.length) >= 0);
    this.#revalidated = turn.length === waiting.length ? -1 : turn.at(-1)!.sequence;
    for (const pooled of turn) {
      if (!this.#queue.get(pooled.hash)) continue;
      const validation = this.#door.validate(pooled.bytes, 'external');
      if ('valid' in validation) this.#fit(validation);
      else {
        this.#queue.remove(pooled.hash);
        this.#postponed.put(pooled, refusalCode(validation));
      }
    }
  }

  /** Drops the latest transactions of a sender that has become poorer, until it can pay for all that it has waiting. */
  #fit({ payer }: Valid): void {
    if (payer === undefined) return;
    const account = toHex(payer.account);
    if (this.#queue.waitingOf(account).cost <= payer.means) return;
    for (const { hash } of [...this.#queue.all()].filter((other) => other.payer?.account === account).reverse()) {
      if (this.#queue.waitingOf(account).cost <= payer.means) return;
      this.#queue.remove(hash);
      this.#watchers.tell(hash, { kind: 'dropped' });
    }
  }
}
