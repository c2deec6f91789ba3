import type { VerifyTask } from '../../base/runtime.ts';
import type { HexHash } from '../../base/types.ts';

/** Submissions being checked at one time, and their bytes. */
const MAX_CHECKING = 4096;
const MAX_BYTES = 64 << 20;
/** Claims among them: a block holds some twenty, and their senders pay nothing. */
const MAX_CLAIMS = 128;

/** Submissions that are being checked: a bounded number. */
export class Checking {
  readonly #hashes = new Set<HexHash>();
  #bytes = 0;
  #claims = 0;

  has(hash: HexHash): boolean {
    return this.#hashes.has(hash);
  }

  /** Runs `check` for one more of so many bytes; undefined if there is no room. */
  async run<T>(hash: HexHash, bytes: number, check: () => Promise<T>): Promise<T | undefined> {
    if (this.#hashes.size >= MAX_CHECKING || this.#bytes + bytes > MAX_BYTES) return undefined;
    this.#hashes.add(hash);
    this.#bytes += bytes;
    try {
      return await check();
    } finally {
      this.#hashes.delete(hash);
      this.#bytes -= bytes;
    }
  }

  /** Has a task carried out; false, and nothing is done, if too many claims are being checked already. */
  async verify(task: VerifyTask, verify: (task: VerifyTask) => Promise<unknown>): Promise<boolean> {
    const claims = Number(task.kind === 'hidden-claim');
    if (claims > 0 && this.#claims >= MAX_CLAIMS) return false;
    this.#claims += claims;
    try {
      await verify(task);
      return true;
    } finally {
      this.#claims -= claims;
    }
  }
}
