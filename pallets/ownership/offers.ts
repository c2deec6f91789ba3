/**
 * Nobody is made to own: who gets a title, or a first part, has accepted it. Who owns answers for an asset, and neither weighs nor judges it: that would be a way to keep
 * somebody from both.
 */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { reserve, slashReserved, unreserve } from '../balances/index.ts';
import { ensure } from '../support/index.ts';
import { LOG_FEE, OFFER_DEPOSIT, type Ownership } from './state.ts';
import { ensureGivable, giveShare, isHolder, transferTitle } from './titles.ts';
import type { Asset, Offered } from './types.ts';

const sameOffer = (a: Offered, b: Offered): boolean =>
  a.tag === b.tag && (a.tag === 'Title' || (b.tag === 'Share' && a.value === b.value));

/** Offers the title or a part. A part goes at once to who has one, or the title: to it nothing is new. */
export function offer(o: Ownership, asset: Asset, from: Uint8Array, to: Uint8Array, what: Offered): void {
  const { ctx, store, events, errors } = o;
  ensureGivable(o, asset, from, to, what);
  if (what.tag === 'Share' && isHolder(ctx, asset, to)) {
    giveShare(o, asset, from, to, what.value, 'Owed');
    return;
  }
  ensure(!store.offers.has(asset, from, to), errors.AlreadyOffered);
  reserve(ctx, from, OFFER_DEPOSIT);
  store.offers.put(asset, from, to, what);
  events.Offered({ asset, from, to, what });
}

/** Takes what was offered. Who accepts names it: it gets that and nothing else. */
export function accept(o: Ownership, asset: Asset, from: Uint8Array, to: Uint8Array, what: Offered): void {
  const { ctx, store, errors } = o;
  const offered = store.offers.get(asset, from, to);
  ensure(offered, errors.NoOffer);
  ensure(sameOffer(offered, what), errors.OtherOffer);
  store.offers.remove(asset, from, to);
  // The fee for the entry of the log was put up with the offer.
  slashReserved(ctx, from, LOG_FEE);
  unreserve(ctx, from, OFFER_DEPOSIT - LOG_FEE);
  if (offered.tag === 'Title') transferTitle(o, asset, from, to);
  else giveShare(o, asset, from, to, offered.value, 'Paid');
}

/** Ends an offer: whoever made it, or whom it was made to. */
export function closeOffer(o: Ownership, who: Uint8Array, asset: Asset, from: Uint8Array, to: Uint8Array): void {
  const { ctx, store, events, errors } = o;
  ensure(store.offers.has(asset, from, to), errors.NoOffer);
  ensure(sameBytes(who, from) || sameBytes(who, to), errors.NotAllowed);
  store.offers.remove(asset, from, to);
  unreserve(ctx, from, OFFER_DEPOSIT);
  events.OfferClosed({ asset, from, to });
}
