/** Check 11, what accounts may collect: it changes by what events tell, and by nothing else (§9.8, docs/earn.md). */
import { royalty } from '../../pallets/royalty/index.ts';
import { fromLatin1, storagePrefix } from '../../pallets/support/index.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { CHECK, type CheckBook } from './book.ts';
import type { ReplayedBlock } from './types.ts';

const OWED = storagePrefix('Royalty', 'Owed');
/** An account stands at the end of its key. */
const ACCOUNT_BYTES = 32;
/** What an event of the royalty pallet adds to what its account may collect. */
const SIGNS: Readonly<Record<string, bigint>> = { Owed: 1n, PriceOwed: 1n, Collected: -1n };

/** Compares what a block changed of it with its events. */
export function checkOwed({ events, changed, before, after }: ReplayedBlock, book: CheckBook): void {
  const told = new Map<string, bigint>();
  for (const { pallet, name, data } of events) {
    const sign = pallet === 'Royalty' ? SIGNS[name] : undefined;
    if (sign === undefined) continue;
    const { account, amount } = data as { account: Uint8Array; amount: bigint };
    const key = toHex(account);
    told.set(key, (told.get(key) ?? 0n) + sign * amount);
  }
  const [was, is] = [royalty.use(before).store.owed, royalty.use(after).store.owed];
  for (const key of changed) {
    if (!key.startsWith(OWED)) continue;
    const account = fromLatin1(key.slice(-ACCOUNT_BYTES));
    const gained = is.get(account) - was.get(account);
    book.same(CHECK.scores, `what ${toHex(account)} may collect more`, told.get(toHex(account)) ?? 0n, gained);
  }
}
