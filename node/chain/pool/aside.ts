import type { HexHash } from '../../base/types.ts';

/** Best blocks for which a transaction is kept that the state refuses for the moment: a minute, some forks long. */
const KEPT_BLOCKS = 32;

export interface AsideLimits {
  readonly count: number;
  readonly bytes: number;
  /** Of one sender; one transaction of any size has room. Those without a sender have one share together. */
  readonly perSender: { readonly count: number; readonly bytes: number };
}
/** A contributor's submissions have room together, all parts of them [two of 0.7 MB were more than a share: after a fork one of them was lost]. */
const LIMITS: AsideLimits = { count: 1024, bytes: 64 << 20, perSender: { count: 128, bytes: 4 << 20 } };

export interface AsideTransaction {
  readonly hash: HexHash;
  readonly bytes: Uint8Array;
  /** Whose signature it bears, in hex; undefined if it bears none. */
  readonly sender: string | undefined;
  /** Why the state refuses it. */
  readonly code: string;
  /** The last block that can hold it. */
  readonly validTill: number;
  /** The height of the best block when it was set aside first. */
  readonly since: number;
}

/** What waits of one sender, oldest first. */
interface Share {
  readonly waiting: Map<HexHash, AsideTransaction>;
  bytes: number;
}

/**
 * Transactions that were good on an earlier best block and are not on this one: the money or the nonce they build on is on another branch, or a
 * transaction before them took it. They are tried again with every best block. Nobody has more than a share, and who has most makes room first.
 */
export class Aside {
  readonly #limits: AsideLimits;
  readonly #shares = new Map<string | undefined, Share>();
  readonly #senders = new Map<HexHash, string | undefined>();
  #bytes = 0;

  constructor(limits: AsideLimits = LIMITS) {
    this.#limits = limits;
  }

  get size(): number {
    return this.#senders.size;
  }

  get(hash: HexHash): AsideTransaction | undefined {
    return this.#shares.get(this.#senders.get(hash))?.waiting.get(hash);
  }

  /** At most so many and so many bytes, one of any size having room; the oldest of each sender in turn. Who is left out keeps its turn. */
  next(count: number, most = Number.POSITIVE_INFINITY): AsideTransaction[] {
    const found: AsideTransaction[] = [];
    let bytes = 0;
    const hasRoom = (size: number): boolean => found.length < count && (found.length === 0 || bytes + size <= most);
    let queues = [...this.#shares.values()].map(({ waiting }) => waiting.values());
    while (queues.length > 0 && found.length < count) {
      queues = queues.filter((queue) => {
        const { done, value } = queue.next();
        if (done || !hasRoom(value.bytes.length)) return false;
        found.push(value);
        bytes += value.bytes.length;
        return true;
      });
    }
    return found;
  }

  /** Takes one in; gives back those that must leave for it. */
  add(transaction: AsideTransaction): AsideTransaction[] {
    const { hash, sender, bytes } = transaction;
    this.remove(hash);
    const share = this.#shares.get(sender) ?? { waiting: new Map<HexHash, AsideTransaction>(), bytes: 0 };
    // Whoever was served last stands last.
    this.#shares.delete(sender);
    this.#shares.set(sender, share);
    share.waiting.set(hash, transaction);
    share.bytes += bytes.length;
    this.#senders.set(hash, sender);
    this.#bytes += bytes.length;
    const gone: AsideTransaction[] = [];
    while (isOver(share, this.#limits.perSender)) gone.push(this.#dropOldest(share));
    while (this.size > this.#limits.count || this.#bytes > this.#limits.bytes)
      gone.push(this.#dropOldest(this.#largest()));
    return gone;
  }

  remove(hash: HexHash): void {
    const sender = this.#senders.get(hash);
    const share = this.#shares.get(sender);
    const found = share?.waiting.get(hash);
    if (share === undefined || found === undefined) return;
    this.#senders.delete(hash);
    share.waiting.delete(hash);
    share.bytes -= found.bytes.length;
    this.#bytes -= found.bytes.length;
    if (share.waiting.size === 0) this.#shares.delete(sender);
  }

  /** Takes out those that have waited long enough, or are dead, when the best block is at `height`. */
  expire(height: number): AsideTransaction[] {
    const late = [...this.#shares.values()]
      .flatMap(({ waiting }) => [...waiting.values()])
      .filter(({ since, validTill }) => height - since > KEPT_BLOCKS || validTill <= height);
    for (const { hash } of late) this.remove(hash);
    return late;
  }

  #dropOldest({ waiting }: Share): AsideTransaction {
    const [oldest] = waiting.values();
    this.remove(oldest!.hash);
    return oldest!;
  }

  /** Of the sender with the most bytes, or of that with the most transactions where they are too many. */
  #largest(): Share {
    const isCrowd = this.size > this.#limits.count;
    const sizeOf = ({ waiting, bytes }: Share): number => (isCrowd ? waiting.size : bytes);
    return [...this.#shares.values()].reduce((most, share) => (sizeOf(share) > sizeOf(most) ? share : most));
  }
}

function isOver({ waiting, bytes }: Share, { count, bytes: most }: AsideLimits['perSender']): boolean {
  return waiting.size > count || (bytes > most && waiting.size > 1);
}
