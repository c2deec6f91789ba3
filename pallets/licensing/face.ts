/** What other pallets do with grants. */
import { transfer } from '../balances/index.ts';
import type { Asset } from '../ownership/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { untilOf } from './access.ts';
import { knownGrant } from './known.ts';
import { payOut, splitOf, totalOf } from './price.ts';
import type { Grant, Split } from './records.ts';
import { revokeAtOnce } from './revocations.ts';
import { spend } from './sales.ts';
import { ESCROW, state } from './state.ts';
import { knownTerms } from './terms.ts';
import type { Terms } from './types.ts';

export function grantOf(ctx: Context, id: bigint): Grant | undefined {
  return state.use(ctx).store.grants.get(id);
}

/** The first block in which a grant no longer holds, its grace and a revocation counted in; undefined if it holds for good, or there is none. */
export function grantUntil(ctx: Context, id: bigint): number | undefined {
  const licensing = state.use(ctx);
  const grant = licensing.store.grants.get(id);
  return grant && untilOf(grant, knownTerms(licensing, grant.terms));
}

/**
 * Spends uses of a grant for one of its accounts, the holder unless another is named; opens the grant, if that is the first access.
 * Fails with UnknownGrant, NotOpen, NoSeat, Expired, GrantRevoked, UsesExhausted.
 */
export function spendUses(ctx: Context, grant: bigint, uses: bigint, by?: Uint8Array): void {
  spend(state.use(ctx), grant, uses, by);
}

/** Pays for uses of a grant, which the caller has reckoned: the same parts as of any price go to the treasury and nowhere. Fails for want of money. */
export function payForUses(ctx: Context, id: bigint, from: Uint8Array, amount: bigint): void {
  const pallet = state.use(ctx);
  const grant = knownGrant(pallet, id);
  ensure(grant.state.tag === 'Open', pallet.errors.NotOpen);
  const price = payPrice(ctx, grant.asset, from, amount);
  const lost = grant.lost + price.treasury + price.burned;
  pallet.store.grants.put(id, { ...grant, paid: grant.paid + amount, lost });
}

/** Pays for the use of an asset as any price is paid: the same parts go to the treasury and nowhere. Fails for want of money. */
export function payPrice(ctx: Context, asset: Asset, from: Uint8Array, amount: bigint): Split {
  const price = splitOf(ctx, amount, false);
  transfer(ctx, from, ESCROW, totalOf(price), 'keepAlive');
  payOut(ctx, asset, price);
  return price;
}

/** Stored terms; undefined if nobody has stored any under this hash. */
export function storedTerms(ctx: Context, id: Uint8Array): Terms | undefined {
  return state.use(ctx).store.terms.get(id)?.terms;
}

/** The terms of a grant; undefined if there is no such grant. */
export function termsOfGrant(ctx: Context, id: bigint): Terms | undefined {
  const pallet = state.use(ctx);
  const grant = pallet.store.grants.get(id);
  return grant && knownTerms(pallet, grant.terms);
}

/** A ruling ends a grant at once; of a sale that was not opened the price goes back. @param reason sha2-256 of the ruling */
export function revokeByRuling(ctx: Context, grant: bigint, reason: Uint8Array): void {
  revokeAtOnce(state.use(ctx), grant, reason);
}
