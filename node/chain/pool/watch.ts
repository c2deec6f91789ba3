import type { BlockRef, HexHash } from '../../base/types.ts';

/** What becomes of a transaction, as `author_submitAndWatchExtrinsic` and `transactionWatch_v1` tell it. */
export type TransactionStatus =
  | { kind: 'ready' | 'future' | 'dropped' }
  | { kind: 'invalid'; code: string }
  | { kind: 'usurped'; by: HexHash }
  | { kind: 'inBlock' | 'retracted' | 'finalized'; block: BlockRef; index: number };

type Listener = (status: TransactionStatus) => void;

/** Follows watched transactions through blocks. */
export class Watchers {
  readonly #listeners = new Map<HexHash, Set<Listener>>();
  /** Watched transactions in blocks that are not final, with their places. */
  readonly #inBlocks = new Map<HexHash, { block: BlockRef; places: Map<HexHash, number> }>();

  get empty(): boolean {
    return this.#listeners.size === 0;
  }

  watch(hash: HexHash, listener: Listener): () => void {
    const listeners = this.#listeners.get(hash) ?? new Set();
    this.#listeners.set(hash, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(hash) === listeners) this.#listeners.delete(hash);
    };
  }

  tell(hash: HexHash, status: TransactionStatus): void {
    for (const listener of this.#listeners.get(hash) ?? []) listener(status);
  }

  /** A block of the best branch holds these extrinsics. */
  included(block: BlockRef, hashes: readonly HexHash[]): void {
    const places = new Map<HexHash, number>();
    for (const [index, hash] of hashes.entries()) if (this.#listeners.has(hash)) places.set(hash, index);
    if (places.size === 0) return;
    this.#inBlocks.set(block.hash, { block, places });
    for (const [hash, index] of places) this.tell(hash, { kind: 'inBlock', block, index });
  }

  retracted(hash: HexHash): void {
    this.#settle(hash, 'retracted');
  }

  finalized(hash: HexHash): void {
    this.#settle(hash, 'finalized');
  }

  #settle(hash: HexHash, kind: 'retracted' | 'finalized'): void {
    const held = this.#inBlocks.get(hash);
    if (!held) return;
    this.#inBlocks.delete(hash);
    for (const [transaction, index] of held.places) this.tell(transaction, { kind, block: held.block, index });
  }
}
