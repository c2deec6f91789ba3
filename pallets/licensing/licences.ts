/** What an asset is under for everyone, and what it may be licensed under at all. */
import { type Asset, ensureLive, ensureMay, standingOf, titleOf } from '../ownership/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { ensureKept, keepWaivers } from './bonds.ts';
import { readingsOf } from './gate/profile.ts';
import { type Licensing, state } from './state.ts';
import { tableOf } from './table-state.ts';
import { knownTerms, refer, release } from './terms.ts';
import { type Terms, TIER } from './types.ts';

const TRAINING = TIER.train | TIER.fineTune;

/** What everyone may do by terms without a grant: they cost nothing, ask nobody, and count neither time nor uses nor accounts. */
export function openTiersOf({ price, approvals, seats, duration, uses, tiers }: Terms): number {
  const isOpen =
    price.tag === 'Free' && approvals === 0 && seats === undefined && duration === undefined && uses === undefined;
  return isOpen ? tiers : 0;
}

/** Fails unless an asset may be licensed now under these terms: no ruling and no review holds it, and training is not refused. */
export function ensureSellable(licensing: Licensing, asset: Asset, terms: Terms): void {
  ensureLive(licensing.ctx, asset);
  const isTraining = (terms.tiers & TRAINING) !== 0;
  ensure(!isTraining || !standingOf(licensing.ctx, asset).optedOut, licensing.errors.OptedOut);
}

/** The same as a question. */
export function isSellable({ ctx }: Licensing, asset: Asset, terms: Terms): boolean {
  const { optedOut, frozenUntil = 0, suspendedUntil = 0, revoked } = standingOf(ctx, asset);
  const isLive =
    titleOf(ctx, asset) !== undefined && !revoked && ctx.block >= frozenUntil && ctx.block >= suspendedUntil;
  return isLive && !(optedOut && (terms.tiers & TRAINING) !== 0);
}

/** Terms that an asset may come under: sellable, by a licence that the table knows, and such as the works that it comes from allow. */
export function ensureLicensable(licensing: Licensing, asset: Asset, id: Uint8Array): Terms {
  const terms = knownTerms(licensing, id);
  ensureSellable(licensing, asset, terms);
  ensureKnownLicence(licensing, terms);
  ensureKept(licensing, asset, id);
  return terms;
}

/** An unknown licence is none: under whichever alternative somebody takes a work, the table has to know it. */
export function ensureKnownLicence({ ctx, errors }: Licensing, { base }: Terms): void {
  const readings = readingsOf(tableOf(ctx), base);
  ensure(readings.length > 0 && !readings.includes(undefined), errors.UnknownLicence);
}

/** Puts an asset under terms, or under none. Grants and derived works that exist keep what they had. */
export function setLicence(licensing: Licensing, who: Uint8Array, asset: Asset, id: Uint8Array | undefined): undefined {
  ensureMay(licensing.ctx, asset, who, 'licensing');
  if (id !== undefined) ensureLicensable(licensing, asset, id);
  putLicence(licensing, asset, id);
  if (id !== undefined) keepWaivers(licensing, asset, id);
}

/** The same without the questions. */
export function putLicence(licensing: Licensing, asset: Asset, id: Uint8Array | undefined): void {
  const { store, events } = licensing;
  const before = store.licences.get(asset);
  if (id === undefined) store.licences.remove(asset);
  else {
    refer(licensing, id);
    store.licences.put(asset, { terms: id, openTiers: openTiersOf(knownTerms(licensing, id)) });
  }
  if (before !== undefined) release(licensing, before.terms);
  events.LicenceSet({ asset, terms: id });
}

/** What an asset is under for everyone; undefined: it has no licence, and nothing is allowed. */
export function termsUnder(ctx: Context, asset: Asset): { id: Uint8Array; terms: Terms } | undefined {
  const licensing = state.use(ctx);
  const found = licensing.store.licences.get(asset);
  return found && { id: found.terms, terms: knownTerms(licensing, found.terms) };
}
