/**
 * Issuance for data in use. What a period may issue comes with time; it goes to the data whose use was paid for in it, in proportion to what these payments
 * have burned, and is always less than that: who pays itself loses. Nobody walks the data: each takes its part when it is touched next, or when anyone asks.
 */
import { present } from '../../../primitives/at.ts';
import { leastOf, partOf } from '../../../primitives/money.ts';
import { mint } from '../../balances/index.ts';
import { earn } from '../../ownership/index.ts';
import { parameter } from '../../parameters/index.ts';
import { type Context, ensure } from '../../support/index.ts';
import { ESCROW, type Royalty, state } from '../state.ts';
import { accrued } from './base.ts';
import { bonusBudgetOf, periodBlocks, roomOf } from './budget.ts';
import { ONE } from './exact.ts';
import type { DataUse, Issuance } from './types.ts';

/** What the data of a period share, and what of it has to be issued: what earlier periods left over comes first. */
export function potOf(ctx: Context, now: Issuance): { pot: bigint; anew: bigint } {
  const { period, burned, left } = now;
  const mayIssue = roomOf(ctx, now) / ONE;
  const bound = partOf(burned, Number(parameter(ctx, 'BonusPerBurned')));
  const pot = leastOf(bonusBudgetOf(ctx, period), bound, mayIssue + left);
  return { pot, anew: pot > left ? pot - left : 0n };
}

/** How many periods have passed since the one that is kept began. */
function periodsOver(ctx: Context, { began }: Issuance): number {
  return Math.floor((ctx.block - began) / periodBlocks(ctx));
}

/** Closes the period if it is over, after the base is counted by it. Periods in which nothing was used pass without a trace. */
export function advance({ ctx, store, events }: Royalty): Issuance {
  const kept = store.issuance.get();
  const over = periodsOver(ctx, kept);
  if (over === 0) return kept;
  const now = accrued(ctx, kept);
  const began = now.began + over * periodBlocks(ctx);
  const next = { ...now, period: now.period + over, began, burned: 0n, uses: 0 };
  if (now.uses > 0) {
    const { pot, anew } = potOf(ctx, now);
    if (anew > 0n) mint(ctx, ESCROW, anew);
    next.issued += anew;
    next.left -= pot - anew;
    store.periods.put(now.period, { pot, burned: now.burned, left: pot, open: now.uses });
    events.PeriodClosed({ period: now.period, pot, issued: anew });
  }
  store.issuance.put(next);
  return next;
}

/** Notes that payments for the use of data have burned so much. The use of an earlier period has its bonus already. */
export function noteUse(royalty: Royalty, data: bigint, burned: bigint): void {
  if (burned === 0n) return;
  const now = advance(royalty);
  const before = royalty.store.uses.get(data);
  royalty.store.uses.put(data, { period: now.period, burned: (before?.burned ?? 0n) + burned });
  const uses = before === undefined ? now.uses + 1 : now.uses;
  royalty.store.issuance.put({ ...now, burned: now.burned + burned, uses });
}

/** Pays the bonus of an earlier period, if one waits, before the data is divided and used again. */
export function settleBonus(royalty: Royalty, data: bigint): void {
  const use = royalty.store.uses.get(data);
  if (use !== undefined && use.period < advance(royalty).period) payBonus(royalty, data, use);
}

/** Pays the bonus of data whose period is over. Anyone may ask for it. */
export function claimBonus(royalty: Royalty, data: bigint): void {
  const { ctx, store, errors } = royalty;
  const [use, now] = [store.uses.get(data), store.issuance.get()];
  ensure(use, errors.NotUsed);
  ensure(use.period < now.period || periodsOver(ctx, now) > 0, errors.PeriodRuns);
  advance(royalty);
  payBonus(royalty, data, use);
}

/** The part of a use, rounded down: the last one leaves what is left to the periods that come. */
function payBonus({ ctx, store, events }: Royalty, data: bigint, { period, burned }: DataUse): void {
  const closed = present(store.periods.get(period), 'the period of a use');
  const amount = (closed.pot * burned) / closed.burned;
  const left = closed.left - amount;
  store.uses.remove(data);
  if (closed.open > 1) store.periods.put(period, { ...closed, left, open: closed.open - 1 });
  else {
    store.periods.remove(period);
    store.issuance.mutate((now) => ({ ...now, left: now.left + left }));
  }
  earn(ctx, { tag: 'Data', value: data }, ESCROW, amount);
  events.BonusPaid({ data, period, amount });
}

/** The period that runs, as it would end now. */
export function issuanceInfoOf(ctx: Context): { now: Issuance; ends: number; pot: bigint } {
  const now = accrued(ctx, state.use(ctx).store.issuance.get());
  return { now, ends: now.began + periodBlocks(ctx), pot: now.uses === 0 ? 0n : potOf(ctx, now).pot };
}

/** What data gets for its use in a period, as far as that is over and closed. */
export function bonusInfoOf(ctx: Context, data: bigint): { use: DataUse | undefined; bonus: bigint | undefined } {
  const { store } = state.use(ctx);
  const use = store.uses.get(data);
  const closed = use && store.periods.get(use.period);
  return { use, bonus: use && closed && (closed.pot * use.burned) / closed.burned };
}
