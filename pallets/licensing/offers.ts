/** Offers: which terms an asset can be had under, by whom, until when. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { reserve, unreserve } from '../balances/index.ts';
import { type Asset, ensureMay, titleOf } from '../ownership/index.ts';
import { ensure } from '../support/index.ts';
import { keepWaivers } from './bonds.ts';
import { ensureLicensable, ensureSellable } from './licences.ts';
import { MAX_OFFERS, type Offer } from './records.ts';
import { type Licensing, OFFER_DEPOSIT } from './state.ts';
import { knownTerms, refer, release } from './terms.ts';
import type { Terms } from './types.ts';

export interface OfferArgs {
  readonly asset: Asset;
  readonly terms: Uint8Array;
  readonly buyer: Uint8Array | undefined;
  readonly until: number | undefined;
}

/** Offers grants of an asset under stored terms, to everyone or to one account, until a block. */
export function makeOffer(licensing: Licensing, maker: Uint8Array, args: OfferArgs): undefined {
  const { ctx, store, events, errors } = licensing;
  const { asset, terms, buyer, until } = args;
  const { owner } = ensureMay(ctx, asset, maker, 'licensing');
  ensure(until === undefined || until > ctx.block, errors.TooLate);
  const count = store.offerCounts.get(asset);
  ensure(count < MAX_OFFERS, errors.TooManyOffers);
  ensureLicensable(licensing, asset, terms);
  reserve(ctx, maker, OFFER_DEPOSIT);
  refer(licensing, terms);
  const id = store.nextOffer.get();
  store.nextOffer.put(id + 1n);
  store.offerCounts.put(asset, count + 1);
  store.offers.put(asset, id, {
    terms,
    owner,
    maker,
    deposit: OFFER_DEPOSIT,
    buyer,
    until,
    bonds: store.bonds.get(asset).length,
  });
  keepWaivers(licensing, asset, terms);
  events.Offered({ asset, offer: id, terms, buyer, until });
}

function knownOffer({ store, errors }: Licensing, asset: Asset, id: bigint): Offer {
  const found = store.offers.get(asset, id);
  ensure(found, errors.UnknownOffer);
  return found;
}

/** An offer that `buyer` may buy by in this block, and its terms. */
export function buyable(
  licensing: Licensing,
  asset: Asset,
  id: bigint,
  buyer: Uint8Array,
): { offer: Offer; terms: Terms } {
  const { ctx, store, errors } = licensing;
  const offer = knownOffer(licensing, asset, id);
  const owner = titleOf(ctx, asset)?.owner;
  ensure(offer.until === undefined || ctx.block < offer.until, errors.OfferEnded);
  // A new owner is bound by nothing that the one before has offered.
  ensure(owner !== undefined && sameBytes(owner, offer.owner), errors.OfferEnded);
  // What the asset owes by now may forbid what was offered before.
  ensure(store.bonds.get(asset).length === offer.bonds, errors.OfferEnded);
  ensure(offer.buyer === undefined || sameBytes(offer.buyer, buyer), errors.NotForYou);
  ensure(!sameBytes(owner, buyer), errors.OwnAsset);
  const terms = knownTerms(licensing, offer.terms);
  ensureSellable(licensing, asset, terms);
  return { offer, terms };
}

/** Takes an offer out of the state; its deposit goes back to who made it. */
export function dropOffer(licensing: Licensing, asset: Asset, id: bigint, offer: Offer): void {
  const { ctx, store, events } = licensing;
  const count = store.offerCounts.get(asset) - 1;
  if (count === 0) store.offerCounts.remove(asset);
  else store.offerCounts.put(asset, count);
  store.offers.remove(asset, id);
  release(licensing, offer.terms);
  unreserve(ctx, offer.maker, offer.deposit);
  events.OfferWithdrawn({ asset, offer: id });
}

/** Who made an offer may take it back, and whoever decides over the asset now. */
export function withdrawOffer(licensing: Licensing, who: Uint8Array, asset: Asset, id: bigint): undefined {
  const offer = knownOffer(licensing, asset, id);
  if (!sameBytes(offer.maker, who)) ensureMay(licensing.ctx, asset, who, 'licensing');
  dropOffer(licensing, asset, id, offer);
}
