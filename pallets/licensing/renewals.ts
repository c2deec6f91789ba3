/** Renewals: by the holder, or in the grace by anyone, out of what the holder has had reserved for that. */
import { repatriateReserved, reserve, transfer, unreserve } from '../balances/index.ts';
import { ensure } from '../support/index.ts';
import { entryOf, later, MAX_USES, putEntry, refresh } from './access.ts';
import { ensureHolding, knownGrant, liveGrant } from './known.ts';
import { ensureSellable } from './licences.ts';
import { dueOf, isStaked, lengthOf, payOut, splitOf, totalOf, usesOf } from './price.ts';
import type { Grant, Split } from './records.ts';
import { ESCROW, type Licensing } from './state.ts';
import { knownTerms } from './terms.ts';
import type { Terms } from './types.ts';

/** What one renewal costs now. Fails if the grant cannot be renewed: its terms, a revocation, its asset's standing. */
function priceOf(licensing: Licensing, grant: Grant, terms: Terms): Split {
  const { ctx, errors } = licensing;
  ensure(terms.renewal.tag !== 'None', errors.NotRenewable);
  ensure(grant.revocation === undefined, errors.BeingRevoked);
  ensureSellable(licensing, grant.asset, terms);
  return splitOf(ctx, dueOf(terms.price), isStaked(ctx, grant.holder));
}

/** Time and uses of one more period, which begins where the last one ended. The price is in escrow. */
function extend(licensing: Licensing, id: bigint, grant: Grant, terms: Terms, price: Split): void {
  const { ctx, store, events, errors } = licensing;
  const length = lengthOf(terms);
  const end = length === undefined || grant.end === undefined ? grant.end : later(grant.end, length);
  const { paid, lost } = grant;
  const renewed = { ...grant, end, paid: paid + totalOf(price), lost: lost + price.treasury + price.burned };
  store.grants.put(id, renewed);
  const entry = entryOf(licensing, grant.asset, grant.holder, id)!;
  const more = usesOf(terms);
  const usesLeft = entry.usesLeft === undefined || more === undefined ? entry.usesLeft : entry.usesLeft + more;
  // Those of the seats may all come back to the holder: then too there is room for them.
  const parts = store.seats.get(id).map(({ account }) => entryOf(licensing, grant.asset, account, id)?.usesLeft ?? 0n);
  ensure(parts.reduce((sum, part) => sum + part, usesLeft ?? 0n) <= MAX_USES, errors.BadUses);
  putEntry(licensing, grant.asset, grant.holder, { ...entry, usesLeft });
  refresh(licensing, id, renewed);
  payOut(ctx, grant.asset, price);
  events.Renewed({ grant: id, price: totalOf(price), end, usesLeft });
}

/** The holder renews, for `most` at most; at most one period ahead. */
export function renew(licensing: Licensing, who: Uint8Array, id: bigint, most: bigint): undefined {
  const { ctx, errors } = licensing;
  const { grant, terms } = liveGrant(licensing, id, who);
  const price = priceOf(licensing, grant, terms);
  ensure(totalOf(price) <= most, errors.PriceAbove);
  const length = lengthOf(terms);
  const isAhead = length !== undefined && grant.end !== undefined && grant.end > later(ctx.block, length);
  ensure(!isAhead, errors.TooEarly);
  transfer(ctx, who, ESCROW, totalOf(price), 'keepAlive');
  extend(licensing, id, grant, terms, price);
}

/** The holder says how much is held for renewals; 0 ends them. */
export function setFund(licensing: Licensing, who: Uint8Array, id: bigint, fund: bigint): undefined {
  const { ctx, store, events, errors } = licensing;
  const { grant, terms } = liveGrant(licensing, id, who);
  ensure(fund <= grant.fund || terms.renewal.tag === 'Automatic', errors.NotRenewable);
  if (fund > grant.fund) reserve(ctx, who, fund - grant.fund);
  else unreserve(ctx, who, grant.fund - fund);
  store.grants.put(id, { ...grant, fund });
  events.FundSet({ grant: id, fund });
}

/** Anyone has a grant renewed out of its fund, once its paid time, or else its holder's uses, are at their end. */
export function pokeRenewal(licensing: Licensing, id: bigint): undefined {
  const { ctx, errors } = licensing;
  const grant = knownGrant(licensing, id);
  ensure(grant.state.tag === 'Open', errors.NotOpen);
  const terms = knownTerms(licensing, grant.terms);
  ensure(terms.renewal.tag === 'Automatic', errors.NotRenewable);
  ensureHolding(licensing, grant, terms);
  const entry = entryOf(licensing, grant.asset, grant.holder, id);
  ensure(grant.end === undefined ? entry?.usesLeft === 0n : ctx.block >= grant.end, errors.TooEarly);
  const price = priceOf(licensing, grant, terms);
  const amount = totalOf(price);
  ensure(amount <= grant.fund, errors.NoFund);
  repatriateReserved(ctx, grant.holder, ESCROW, amount);
  extend(licensing, id, { ...grant, fund: grant.fund - amount }, terms, price);
}
