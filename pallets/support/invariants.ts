import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import type { Context } from './context.ts';
import { remembered } from './journal.ts';
import type { AnyPallet, Held } from './pallet.ts';

/** What an account holds, as the pallet of balances says it. */
export interface Holdings {
  freeOf(ctx: Context, who: Uint8Array): bigint;
  reservedOf(ctx: Context, who: Uint8Array): bigint;
  /** All accounts of which something is reserved. */
  reservers(ctx: Context): Iterable<Uint8Array>;
}

type Sums = Map<string, { account: Uint8Array; sum: bigint }>;

/** Amounts added up by account. */
function sums(list: Iterable<Held>, into: Sums): void {
  for (const [account, amount] of list) {
    const key = toHex(account);
    into.set(key, { account, sum: (into.get(key)?.sum ?? 0n) + amount });
  }
}

/**
 * What must always hold of pallets put together: each one's own `tryState`; of every account exactly that is reserved which pallets hold as deposits, so that
 * none is forgotten and none is counted twice; every escrow covers what it owes. Throws otherwise. It walks the whole state, or what was written of it since the
 * last time where a journal tells (`remembered`).
 */
export function checkPallets(
  pallets: readonly AnyPallet[],
  { freeOf, reservedOf, reservers }: Holdings,
): (ctx: Context) => void {
  const parts = pallets.map((pallet) => ({
    tryState: remembered((ctx) => pallet.tryState(ctx)),
    deposits: remembered((ctx) => [...pallet.deposits(ctx)]),
    owes: remembered((ctx) => [...pallet.owes(ctx)]),
  }));
  // apart from each other: what every block writes is read by one of them or the other, seldom by all
  const checkDeposits = remembered((ctx) => {
    const deposits: Sums = new Map();
    for (const part of parts) sums(part.deposits(ctx), deposits);
    for (const account of reservers(ctx)) sums([[account, 0n]], deposits);
    for (const { account, sum } of deposits.values()) {
      const reserved = reservedOf(ctx, account);
      if (reserved === sum) continue;
      throw new TacitError(
        'support/broken-deposits',
        `${toHex(account)} has ${reserved} reserved, deposits are ${sum}`,
      );
    }
  });
  const checkOwed = remembered((ctx) => {
    const owed: Sums = new Map();
    for (const part of parts) sums(part.owes(ctx), owed);
    for (const { account, sum } of owed.values()) {
      const free = freeOf(ctx, account);
      if (free >= sum) continue;
      throw new TacitError('support/broken-escrow', `${toHex(account)} holds ${free} and owes ${sum}`);
    }
  });
  return (ctx) => {
    for (const part of parts) part.tryState(ctx);
    checkDeposits(ctx);
    checkOwed(ctx);
  };
}

/** One thing that must always hold, in `tryState`. @param code `NAME/broken-...` */
export function mustHold(holds: boolean, code: string, what: string): asserts holds {
  if (!holds) throw new TacitError(code, what);
}
