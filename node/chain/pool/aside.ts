import type { HexHash } from '../../base/types.ts';

/** Best blocks for which a transaction is kept that the state refuses for the moment: a minute, some forks long. */
const KEPT_BLOCKS = 32;
const MAX_COUNT = 1024;
const MAX_BYTES = 8 << 20;

export interface AsideTransaction {
  readonly hash: HexHash;
  readonly bytes: Uint8Array;
  /** Why the state refuses it. */
  readonly code: string;
  /** The last block that can hold it. */
  readonly validTill: number;
  /** The height of the best block when it was set aside first. */
  readonly since: number;
}

/**
 * Transactions that were good on an earlier best block and are not on this one: the money or the nonce they build on is on another branch, or a
 * transaction before them took it. They are tried again with every best block.
 */
export class Aside {
  readonly #waiting = new Map<HexHash, AsideTransaction>();
  #bytes = 0;

  get size(): number {
    return this.#waiting.size;
  }

  get(hash: HexHash): AsideTransaction | undefined {
    return this.#waiting.get(hash);
  }

  /** Oldest first. */
  all(): AsideTransaction[] {
    return [...this.#waiting.values()];
  }

  /** Takes one in; gives back those that must leave for it. */
  add(transaction: AsideTransaction): AsideTransaction[] {
    this.remove(transaction.hash);
    this.#waiting.set(transaction.hash, transaction);
    this.#bytes += transaction.bytes.length;
    const gone: AsideTransaction[] = [];
    for (const oldest of this.#waiting.values()) {
      if (this.#waiting.size <= MAX_COUNT && this.#bytes <= MAX_BYTES) break;
      gone.push(oldest);
      this.remove(oldest.hash);
    }
    return gone;
  }

  remove(hash: HexHash): void {
    const found = this.#waiting.get(hash);
    if (found === undefined) return;
    this.#waiting.delete(hash);
    this.#bytes -= found.bytes.length;
  }

  /** Takes out those that have waited long enough, or are dead, when the best block is at `height`. */
  expire(height: number): AsideTransaction[] {
    const late = this.all().filter(({ since, validTill }) => height - since > KEPT_BLOCKS || validTill <= height);
    for (const { hash } of late) this.remove(hash);
    return late;
  }
}
