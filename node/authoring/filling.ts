/** Filling a block from the pool, best transactions first; and waiting, within the slot, for those that the block is worth keeping open for. */
import { MAX_BLOCK_LENGTH } from '../../pallets/system/limits.ts';
import { type BlockRun, refusalCode } from '../base/runtime.ts';
import { pause, slices } from '../base/serial.ts';
import type { HexHash } from '../base/types.ts';
import type { TransactionPool } from '../chain/pool/pool.ts';

/** Transactions in a row that do not fit any more before the block counts as full. */
const MISFITS = 16;
/** Milliseconds after which the event loop has its turn. */
const SLICE_MS = 5;
/** Milliseconds for which arrivals gather before the pool is gone through again: many are no more work than one. */
const GATHER_MS = 10;

export interface FillingParts {
  readonly pool: Pick<TransactionPool, 'ready' | 'transaction' | 'reject' | 'on'>;
  readonly run: Pick<BlockRun, 'apply'>;
  /** What the block holds already; what is applied is added to it. */
  readonly body: Uint8Array[];
  /** Milliseconds since 1970, and when the block is closed whatever may still come. */
  readonly now: () => number;
  readonly deadline: number;
  /** Whether transactions are on their way that the block should hold, as far as it has come. */
  readonly awaits: () => boolean;
}

export class Filling {
  readonly #parts: FillingParts;
  readonly #pause = slices(SLICE_MS);
  /** Transactions that this block has taken, or will not take. */
  readonly #tried = new Set<HexHash>();
  #bytes = 0;
  #misfits = 0;

  constructor(parts: FillingParts) {
    this.#parts = parts;
  }

  /** Applies ready transactions until the block is full or the time over; if the pool is empty, until nothing more is awaited. */
  async fill(): Promise<void> {
    const { pool, now, deadline, awaits } = this.#parts;
    const arrival = new AbortController();
    let next = arrival;
    const off = pool.on('transaction', () => next.abort());
    try {
      for (;;) {
        // What arrives from here on is looked at in the next turn, though it may be taken in this one.
        next = new AbortController();
        if (!(await this.#take()) || !awaits()) return;
        await pause(Math.max(0, deadline - now()), next.signal);
        await pause(GATHER_MS);
      }
    } finally {
      off();
    }
  }

  /** Applies what is ready and has not been tried. False if the block takes no more. */
  async #take(): Promise<boolean> {
    const { pool, now, deadline } = this.#parts;
    for (const { hash, bytes } of pool.ready()) {
      if (this.#isOver()) return false;
      if (this.#tried.has(hash)) continue;
      await this.#pause();
      // It may have left the pool while the event loop had its turn.
      if (pool.transaction(hash)) this.#try(hash, bytes);
    }
    return now() < deadline;
  }

  #isOver(): boolean {
    const { now, deadline } = this.#parts;
    return now() >= deadline || this.#misfits >= MISFITS;
  }

  #try(hash: HexHash, bytes: Uint8Array): void {
    const { pool, run, body } = this.#parts;
    const outcome = this.#bytes + bytes.length > MAX_BLOCK_LENGTH ? 'exhausted' : run.apply(bytes);
    // What comes before its time may have it before the block is closed.
    if (typeof outcome === 'object' && refusalCode(outcome) === 'Future') return;
    this.#tried.add(hash);
    if (outcome === 'ok') {
      body.push(bytes);
      this.#bytes += bytes.length;
      this.#misfits = 0;
    } else if (outcome === 'exhausted') {
      this.#misfits++;
    } else {
      pool.reject(hash, refusalCode(outcome));
    }
  }
}
