/** Part of check 14: what open operations of multisigs have as deposits is reserved of who opened them. */
import { operationAt } from '../../pallets/multisig/index.ts';
import { type Context, latin1 } from '../../pallets/support/index.ts';
import { system } from '../../pallets/system/index.ts';
import { CHECK, type CheckBook } from './book.ts';
import type { ReplayedBlock } from './types.ts';

/** Keeps the sums of deposits along the chain: a block is looked at by what it changed, not by walking the whole state. */
export class DepositAudit {
  readonly #book: CheckBook;
  /** By the key of the depositor's account. */
  readonly #owed = new Map<string, { depositor: Uint8Array; sum: bigint }>();

  constructor(book: CheckBook) {
    this.#book = book;
  }

  block({ changed, before, after }: ReplayedBlock): void {
    const touched = new Set<string>();
    for (const key of changed) {
      this.#add(before, key, -1n, touched);
      this.#add(after, key, 1n, touched);
    }
    for (const key of changed) if (this.#owed.has(key)) touched.add(key);
    for (const account of touched) this.#compare(after, account);
  }

  #add(ctx: Context, key: string, sign: bigint, touched: Set<string>): void {
    const operation = operationAt(ctx, key);
    if (operation === undefined) return;
    const { depositor, deposit } = operation;
    const account = latin1(system.use(ctx).store.account.keyOf(depositor));
    const sum = (this.#owed.get(account)?.sum ?? 0n) + sign * deposit;
    this.#owed.set(account, { depositor, sum });
    touched.add(account);
  }

  #compare(after: Context, account: string): void {
    const { depositor, sum } = this.#owed.get(account)!;
    if (sum === 0n) this.#owed.delete(account);
    const { reserved } = system.use(after).store.account.get(depositor).data;
    const what = `deposits of ${sum} for operations of multisigs are backed by ${reserved} reserved`;
    this.#book.expect(CHECK.money, reserved >= sum, what);
  }
}
