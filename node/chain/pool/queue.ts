import { toHex } from '../../../primitives/crypto/hex.ts';
import type { HexHash } from '../../base/types.ts';
import { Heap } from './heap.ts';
import { type Payer, Senders, type Waiting } from './senders.ts';

/** A validated transaction. Tags are hexadecimal texts here. */
export interface PoolTransaction {
  readonly hash: HexHash;
  readonly bytes: Uint8Array;
  readonly priority: bigint;
  /** Tags that must be provided by earlier transactions, as of the block it was validated at. */
  readonly requires: readonly string[];
  readonly provides: readonly string[];
  /** The last block that can hold it. */
  readonly validTill: number;
  readonly propagate: boolean;
  /** Order of arrival. */
  readonly sequence: number;
  /** Undefined for those that have no signer. */
  readonly payer?: Payer | undefined;
}

export interface PoolLimits {
  readonly count: number;
  readonly bytes: number;
  /** Of one account; undefined: an eighth of the pool, as {@link DEFAULT_LIMITS} has it. */
  readonly perSender?: { readonly count: number; readonly bytes: number } | undefined;
}

export const DEFAULT_LIMITS = {
  count: 8192,
  bytes: 64 << 20,
  perSender: { count: 1024, bytes: 8 << 20 },
} as const satisfies PoolLimits;

export type Admission =
  | {
      kind: 'ready' | 'future';
      replaced: PoolTransaction[];
      dropped: readonly PoolTransaction[];
      promoted: PoolTransaction[];
    }
  | { kind: 'refused'; code: RefusalCode };

/**
 * It conflicts with transactions of no lower priority; the pool is full of better ones; its sender has too many waiting, or cannot pay the fees and tips of all
 * that it has waiting.
 */
export type RefusalCode = 'pool/too-low-priority' | 'pool/full' | 'pool/sender-full' | 'pool/sender-overdrawn';

/** Whose place a newcomer takes. */
interface Room {
  readonly replaced: ReadonlySet<PoolTransaction>;
  readonly dropped: readonly PoolTransaction[];
}

export const tagOf = (tag: Uint8Array): string => toHex(tag);

const better = (a: PoolTransaction, b: PoolTransaction): boolean =>
  a.priority === b.priority ? a.sequence < b.sequence : a.priority > b.priority;

/**
 * Which transactions can go into the next block, and in which order: `ready` are those whose tags are all provided by
 * the chain or by other ready ones, the rest is `future`. Pure bookkeeping, knows neither runtime nor blocks.
 */
export class TransactionQueue {
  readonly #limits: PoolLimits;
  readonly #all = new Map<HexHash, PoolTransaction>();
  readonly #ready = new Set<PoolTransaction>();
  /** Who provides a tag: at most one transaction. */
  readonly #providers = new Map<string, PoolTransaction>();
  /** Who requires a tag. */
  readonly #requirers = new Map<string, Set<PoolTransaction>>();
  /** Tags that recent blocks have provided. */
  readonly #onChain = new Set<string>();
  readonly #senders = new Senders();
  #bytes = 0;

  constructor(limits: PoolLimits) {
    this.#limits = limits;
  }

  get size(): { ready: number; future: number; bytes: number } {
    return { ready: this.#ready.size, future: this.#all.size - this.#ready.size, bytes: this.#bytes };
  }

  get(hash: HexHash): PoolTransaction | undefined {
    return this.#all.get(hash);
  }

  isReady(transaction: PoolTransaction): boolean {
    return this.#ready.has(transaction);
  }

  provides(tag: string): boolean {
    return this.#providers.has(tag);
  }

  all(): IterableIterator<PoolTransaction> {
    return this.#all.values();
  }

  /** What an account has here. */
  waitingOf(account: string): Waiting {
    return this.#senders.of(account);
  }

  /** Why a transaction would not be taken in; undefined if it would be. */
  refusal(transaction: PoolTransaction): RefusalCode | undefined {
    const room = this.#roomFor(transaction);
    return typeof room === 'string' ? room : undefined;
  }

  add(transaction: PoolTransaction): Admission {
    const room = this.#roomFor(transaction);
    if (typeof room === 'string') return { kind: 'refused', code: room };
    const { replaced, dropped } = room;
    for (const other of [...replaced, ...dropped]) this.#drop(other);
    this.#insert(transaction);
    const promoted = this.#promote([transaction]).filter((other) => other !== transaction);
    return { kind: this.isReady(transaction) ? 'ready' : 'future', replaced: [...replaced], dropped, promoted };
  }

  /** Takes a transaction out; those that required it wait. */
  remove(hash: HexHash): PoolTransaction | undefined {
    const found = this.#all.get(hash);
    if (found) this.#drop(found);
    return found;
  }

  /**
   * A block has provided `tags`: transactions that provide one of them are out of date and leave, those that require them
   * come nearer.
   */
  satisfied(tags: Iterable<string>): { stale: PoolTransaction[]; promoted: PoolTransaction[] } {
    const stale = new Set<PoolTransaction>();
    const nearer = new Set<PoolTransaction>();
    for (const tag of tags) {
      const provider = this.#providers.get(tag);
      if (provider) stale.add(provider);
      this.#onChain.add(tag);
      for (const requirer of this.#requirers.get(tag) ?? []) nearer.add(requirer);
    }
    for (const other of stale) this.#drop(other);
    return { stale: [...stale], promoted: this.#promote([...nearer].filter(({ hash }) => this.#all.has(hash))) };
  }

  /** A block was retracted: what it provided is not on the chain any more. */
  retracted(tags: Iterable<string>): void {
    for (const tag of tags) if (this.#onChain.delete(tag)) this.#demote(tag);
  }

  /** Forgets what the chain has provided and nothing here waits for. */
  forgetChain(): void {
    for (const tag of this.#onChain) if (!this.#requirers.has(tag)) this.#onChain.delete(tag);
  }

  /** The ready ones, best first, each after those whose tags it requires. */
  *ready(): IterableIterator<PoolTransaction> {
    const heap = new Heap<PoolTransaction>(better);
    const missing = new Map<PoolTransaction, number>();
    for (const transaction of this.#ready) {
      const open = transaction.requires.filter((tag) => !this.#onChain.has(tag)).length;
      if (open === 0) heap.push(transaction);
      else missing.set(transaction, open);
    }
    for (let next = heap.pop(); next; next = heap.pop()) {
      yield next;
      for (const tag of next.provides) {
        for (const follower of this.#requirers.get(tag) ?? []) {
          const left = (missing.get(follower) ?? 0) - 1;
          missing.set(follower, left);
          if (left === 0) heap.push(follower);
        }
      }
    }
  }

  /** What leaves for a transaction; or why it has no place. */
  #roomFor(transaction: PoolTransaction): Room | RefusalCode {
    const replaced = new Set(transaction.provides.flatMap((tag) => this.#providers.get(tag) ?? []));
    for (const other of replaced) if (transaction.priority <= other.priority) return 'pool/too-low-priority';
    const refused = this.#senderRefusal(transaction, replaced);
    if (refused) return refused;
    const dropped = this.#makeRoom(transaction, replaced);
    return dropped ? { replaced, dropped } : 'pool/full';
  }

  /** Whether the sender may have one more waiting: places are for those who can pay for all that they occupy. */
  #senderRefusal({ payer, bytes }: PoolTransaction, replaced: ReadonlySet<PoolTransaction>): RefusalCode | undefined {
    if (payer === undefined) return undefined;
    let { count, bytes: held, cost } = this.#senders.of(payer.account);
    for (const other of replaced) {
      if (other.payer?.account !== payer.account) continue;
      count--;
      held -= other.bytes.length;
      cost -= other.payer.cost;
    }
    if (cost + payer.cost > payer.means) return 'pool/sender-overdrawn';
    const limits = this.#limits.perSender ?? DEFAULT_LIMITS.perSender;
    return count >= limits.count || held + bytes.length > limits.bytes ? 'pool/sender-full' : undefined;
  }

  #insert(transaction: PoolTransaction): void {
    this.#all.set(transaction.hash, transaction);
    this.#senders.add(transaction);
    this.#bytes += transaction.bytes.length;
    for (const tag of transaction.provides) this.#providers.set(tag, transaction);
    for (const tag of transaction.requires) {
      const requirers = this.#requirers.get(tag) ?? new Set();
      this.#requirers.set(tag, requirers.add(transaction));
    }
  }

  #drop(transaction: PoolTransaction): void {
    if (!this.#all.delete(transaction.hash)) return;
    this.#senders.remove(transaction);
    this.#ready.delete(transaction);
    this.#bytes -= transaction.bytes.length;
    for (const tag of transaction.requires) {
      const requirers = this.#requirers.get(tag);
      requirers?.delete(transaction);
      if (requirers?.size === 0) this.#requirers.delete(tag);
    }
    for (const tag of transaction.provides) {
      this.#providers.delete(tag);
      if (!this.#onChain.has(tag)) this.#demote(tag);
    }
  }

  #isSatisfied = (tag: string): boolean => {
    if (this.#onChain.has(tag)) return true;
    const provider = this.#providers.get(tag);
    return provider !== undefined && this.#ready.has(provider);
  };

  /** Makes ready what can be, beginning with `candidates`. Returns those that have become ready. */
  #promote(candidates: readonly PoolTransaction[]): PoolTransaction[] {
    const pending = [...candidates];
    const promoted: PoolTransaction[] = [];
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (this.#ready.has(next) || !next.requires.every(this.#isSatisfied)) continue;
      this.#ready.add(next);
      promoted.push(next);
      for (const tag of next.provides) pending.push(...(this.#requirers.get(tag) ?? []));
    }
    return promoted;
  }

  /** `tag` is provided no more: whoever needs it, directly or not, is not ready. */
  #demote(tag: string): void {
    const pending = [...(this.#requirers.get(tag) ?? [])];
    for (let next = pending.pop(); next; next = pending.pop()) {
      if (!this.#ready.delete(next)) continue;
      for (const provided of next.provides) {
        if (!this.#onChain.has(provided)) pending.push(...(this.#requirers.get(provided) ?? []));
      }
    }
  }

  /** What must go so that `newcomer` fits in when `replaced` have gone; undefined if it is itself the worst. */
  #makeRoom(newcomer: PoolTransaction, replaced: ReadonlySet<PoolTransaction>): PoolTransaction[] | undefined {
    const gone = new Set(replaced);
    const dropped: PoolTransaction[] = [];
    let count = this.#all.size - gone.size + 1;
    let bytes = this.#bytes + newcomer.bytes.length;
    for (const other of gone) bytes -= other.bytes.length;
    const ready = newcomer.requires.every(this.#isSatisfied);
    while (count > this.#limits.count || bytes > this.#limits.bytes) {
      let worst: PoolTransaction | undefined;
      for (const other of this.#all.values()) {
        if (!gone.has(other) && (!worst || this.#worse(other, worst, this.isReady(worst)))) worst = other;
      }
      if (!worst || !this.#worse(worst, newcomer, ready)) return undefined;
      gone.add(worst);
      dropped.push(worst);
      count--;
      bytes -= worst.bytes.length;
    }
    return dropped;
  }

  /** Future ones are worse than ready ones; among equals priority and age decide. */
  #worse(a: PoolTransaction, b: PoolTransaction, bReady: boolean): boolean {
    const aReady = this.isReady(a);
    return aReady === bReady ? better(b, a) : bReady;
  }
}
