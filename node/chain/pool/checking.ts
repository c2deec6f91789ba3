import { MAX_EXTRINSIC_LENGTH } from '../../../pallets/system/limits.ts';
import type { VerifyTask } from '../../base/runtime.ts';
import { type Giver, Shares } from '../../base/givers.ts';
import type { HexHash } from '../../base/types.ts';

/** Of each kind of giver: transactions that may be checked at one time, their bytes, and claims among them, whose senders pay nothing. A block holds some twenty claims. */
const TRANSACTIONS = { most: 4096, least: 1 };
const BYTES = { most: 96 << 20, least: MAX_EXTRINSIC_LENGTH };
const CLAIMS = { most: 256, least: 1 };

/** Transactions that are being checked: of each giver so many that there is room for others. */
export class Checking {
  readonly #hashes = new Set<HexHash>();
  readonly #transactions = new Shares(TRANSACTIONS);
  readonly #bytes = new Shares(BYTES);
  readonly #claims = new Shares(CLAIMS);

  has(hash: HexHash): boolean {
    return this.#hashes.has(hash);
  }

  /** Runs `check` for one more of so many bytes; undefined if its giver has no room for it. */
  async run<T>(hash: HexHash, bytes: number, giver: Giver, check: () => Promise<T>): Promise<T | undefined> {
    const leave = this.#transactions.take(giver, 1);
    const unload = leave && this.#bytes.take(giver, bytes);
    if (unload === undefined) {
      leave?.();
      return undefined;
    }
    this.#hashes.add(hash);
    try {
      return await check();
    } finally {
      this.#hashes.delete(hash);
      leave?.();
      unload();
    }
  }

  /** Has a task carried out; undefined, and nothing is done, if too many claims of its giver are being checked already. */
  async verify(
    task: VerifyTask,
    giver: Giver,
    verify: (task: VerifyTask) => Promise<boolean>,
  ): Promise<boolean | undefined> {
    if (task.kind !== 'hidden-claim') return verify(task);
    const leave = this.#claims.take(giver, 1);
    if (leave === undefined) return undefined;
    try {
      return await verify(task);
    } finally {
      leave();
    }
  }
}
