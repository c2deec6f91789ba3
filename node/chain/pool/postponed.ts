import { refusalCode } from '../../base/runtime.ts';
import type { HexHash, SubmitResult } from '../../base/types.ts';
import type { Chain } from '../chain.ts';
import { Aside, type AsideLimits, type AsideTransaction } from './aside.ts';
import type { Door, Valid } from './door.ts';
import type { PoolTransaction } from './queue.ts';
import type { Watchers } from './watch.ts';

/** Transactions that are tried again on one best block. */
const RETRIED_PER_BLOCK = 64;
/** And their bytes: each is hashed whole on the event loop. */
const RETRIED_BYTES = 8 << 20;

export interface PostponedParts {
  readonly chain: Pick<Chain, 'best' | 'finalized'>;
  readonly door: Pick<Door, 'validate' | 'signer'>;
  readonly watchers: Watchers;
  readonly limits: AsideLimits | undefined;
  /** Takes in one that the state takes by now. */
  admit(hash: HexHash, bytes: Uint8Array, validation: Valid): SubmitResult;
}

/** Sets aside what this state refuses and another may take, and tries it again. */
export class Postponed {
  readonly #parts: PostponedParts;
  readonly #aside: Aside;

  constructor(parts: PostponedParts) {
    this.#parts = parts;
    this.#aside = new Aside(parts.limits);
  }

  get size(): number {
    return this.#aside.size;
  }

  has(hash: HexHash): boolean {
    return this.#aside.get(hash) !== undefined;
  }

  remove(hash: HexHash): void {
    this.#aside.remove(hash);
  }

  put(
    { hash, bytes, validTill, payer }: Pick<PoolTransaction, 'hash' | 'bytes' | 'validTill' | 'payer'>,
    code: string,
  ): void {
    const { chain, door } = this.#parts;
    const sender = payer?.account ?? door.signer(bytes);
    this.#setAside({ hash, bytes, validTill, sender, code, since: chain.best().number });
  }

  /** Tries what was set aside on the new best block, sender by sender; of each, what waited longest comes first. */
  retry(best: number): void {
    const { door, watchers, admit } = this.#parts;
    for (const { hash, code } of this.#aside.expire(best)) watchers.tell(hash, { kind: 'invalid', code });
    for (const waiting of this.#aside.next(RETRIED_PER_BLOCK, RETRIED_BYTES)) {
      const { hash, bytes } = waiting;
      const validation = door.validate(bytes, 'external');
      if (!('valid' in validation)) {
        this.#setAside({ ...waiting, code: refusalCode(validation) });
        continue;
      }
      this.#aside.remove(hash);
      if (admit(hash, bytes, validation).kind === 'refused') watchers.tell(hash, { kind: 'dropped' });
    }
  }

  #setAside(transaction: AsideTransaction): void {
    const { watchers } = this.#parts;
    const { hash, bytes, code } = transaction;
    if (this.#isOver(bytes, code)) {
      this.#aside.remove(hash);
      watchers.tell(hash, { kind: 'invalid', code });
      return;
    }
    if (!this.has(hash)) watchers.tell(hash, { kind: 'future' });
    for (const gone of this.#aside.add(transaction)) watchers.tell(gone.hash, { kind: 'dropped' });
  }

  /** A nonce that is used up in the finalized state stays so. */
  #isOver(bytes: Uint8Array, code: string): boolean {
    if (code !== 'Stale') return false;
    const { chain, door } = this.#parts;
    const final = door.validate(bytes, 'external', chain.finalized().hash);
    return !('valid' in final) && refusalCode(final) === 'Stale';
  }
}
