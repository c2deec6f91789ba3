/** Sales: the price waits in escrow until the first access, or goes back. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { reserve, transfer, unreserve } from '../balances/index.ts';
import { type Asset, ensureMay } from '../ownership/index.ts';
import { parameter } from '../parameters/index.ts';
import { ensure, fail } from '../support/index.ts';
import { dropEntry, entryOf, later, putEntry, refresh, usedWith } from './access.ts';
import { knownGrant } from './known.ts';
import { ensureSellable, isSellable } from './licences.ts';
import { buyable, dropOffer } from './offers.ts';
import { dueOf, isStaked, lengthOf, payOut, splitOf, totalOf, usesOf } from './price.ts';
import type { Grant, Split } from './records.ts';
import { ESCROW, GRANT_DEPOSIT, type Licensing } from './state.ts';
import { knownTerms, refer, release } from './terms.ts';
import type { Terms } from './types.ts';

const blocks = ({ ctx }: Licensing, name: 'LicenceApprovalBlocks' | 'LicenceReleaseBlocks'): number =>
  later(ctx.block, Number(parameter(ctx, name)));

/** How a sale begins: by a word that is wanted, with its price in escrow, or, if there is nothing to hold back, open. */
function firstState(licensing: Licensing, terms: Terms, escrow: Split): Grant['state'] {
  if (terms.approvals === 0)
    return { tag: 'Paid', value: { until: blocks(licensing, 'LicenceReleaseBlocks'), escrow } };
  return { tag: 'Asked', value: { until: blocks(licensing, 'LicenceApprovalBlocks'), approved: 0, escrow } };
}

/** Buys a grant by an offer, for `most` at most. */
export function buy(licensing: Licensing, holder: Uint8Array, asset: Asset, offerId: bigint, most: bigint): undefined {
  const { ctx, store, events, errors } = licensing;
  const { offer, terms } = buyable(licensing, asset, offerId, holder);
  const escrow = splitOf(ctx, dueOf(terms.price), isStaked(ctx, holder));
  const price = totalOf(escrow);
  ensure(price <= most, errors.PriceAbove);
  const id = store.nextGrant.get();
  const usesLeft = usesOf(terms);
  const held = { isHolder: true, meter: undefined };
  putEntry(licensing, asset, holder, { grant: id, ...held, tiers: 0, until: undefined, usesLeft });
  transfer(ctx, holder, ESCROW, price, 'keepAlive');
  reserve(ctx, holder, GRANT_DEPOSIT);
  refer(licensing, offer.terms);
  const grant: Grant = {
    asset,
    terms: offer.terms,
    holder,
    state: firstState(licensing, terms, escrow),
    end: undefined,
    used: 0n,
    paid: 0n,
    lost: 0n,
    deposit: GRANT_DEPOSIT,
    fund: 0n,
    revocation: undefined,
    isContested: false,
  };
  store.nextGrant.put(id + 1n);
  store.grants.put(id, grant);
  store.grantsOf.put(holder, id, asset);
  events.Bought({ grant: id, asset, offer: offerId, holder, price });
  // An agreement with one account is for one sale.
  if (offer.buyer !== undefined) dropOffer(licensing, asset, offerId, offer);
  if (price === 0n && terms.approvals === 0) openGrant(licensing, id, grant);
}

/** One of the approvers agrees; the last one that is needed makes the sale count. */
export function approveSale(licensing: Licensing, who: Uint8Array, id: bigint): undefined {
  const { ctx, store, events, errors } = licensing;
  const grant = knownGrant(licensing, id);
  const { state, asset } = grant;
  if (state.tag !== 'Asked') fail(errors.NotAsked);
  const { until, approved, escrow } = state.value;
  ensure(ctx.block < until, errors.TooLate);
  const terms = knownTerms(licensing, grant.terms);
  ensureSellable(licensing, asset, terms);
  const bit = 1 << terms.approvers.findIndex((approver) => sameBytes(approver, who));
  ensure(terms.approvers.some((approver) => sameBytes(approver, who)) && (approved & bit) === 0, errors.NotApprover);
  const now = approved | bit;
  const isEnough = terms.approvers.filter((_, place) => (now & (1 << place)) !== 0).length >= terms.approvals;
  const next: Grant['state'] = isEnough
    ? { tag: 'Paid', value: { until: blocks(licensing, 'LicenceReleaseBlocks'), escrow } }
    : { tag: 'Asked', value: { until, approved: now, escrow } };
  const approvedGrant: Grant = { ...grant, state: next };
  store.grants.put(id, approvedGrant);
  events.SaleApproved({ grant: id, approver: who, isEnough });
  if (isEnough && totalOf(escrow) === 0n) openGrant(licensing, id, approvedGrant);
}

/** The first access: the price leaves the escrow, time begins to run. */
export function openGrant(licensing: Licensing, id: bigint, grant: Grant): Grant {
  const { ctx, store, events, errors } = licensing;
  const { state, asset } = grant;
  if (state.tag !== 'Paid') return fail(state.tag === 'Open' ? errors.AlreadyOpen : errors.NotOpen);
  const terms = knownTerms(licensing, grant.terms);
  ensureSellable(licensing, asset, terms);
  const { escrow } = state.value;
  const length = lengthOf(terms);
  const opened: Grant = {
    ...grant,
    state: { tag: 'Open' },
    end: length === undefined ? undefined : later(ctx.block, length),
    paid: totalOf(escrow),
    lost: escrow.treasury + escrow.burned,
  };
  store.grants.put(id, opened);
  refresh(licensing, id, opened);
  payOut(ctx, asset, escrow);
  events.Opened({ grant: id, earned: escrow.owner, treasury: escrow.treasury, burned: escrow.burned });
  return opened;
}

/** The holder opens a grant when it likes; after the time-out anyone has its price released. */
export function open(licensing: Licensing, who: Uint8Array, id: bigint): undefined {
  const grant = knownGrant(licensing, id);
  const { state, holder } = grant;
  if (state.tag === 'Paid' && !sameBytes(holder, who))
    ensure(licensing.ctx.block >= state.value.until, licensing.errors.NotHolder);
  openGrant(licensing, id, grant);
}

/**
 * Gives a price back before the first access: if whoever decides over the asset refuses the sale; if nobody has agreed in time; if the asset may not be licensed
 * under these terms any more, as it is frozen, under review, revoked, or its owner refuses training.
 */
export function refund(licensing: Licensing, who: Uint8Array, id: bigint): undefined {
  const grant = knownGrant(licensing, id);
  const { state, asset } = grant;
  ensure(state.tag !== 'Open', licensing.errors.AlreadyOpen);
  const isLate = state.tag === 'Asked' && licensing.ctx.block >= state.value.until;
  const isBarred = !isSellable(licensing, asset, knownTerms(licensing, grant.terms));
  if (!isLate && !isBarred) ensureMay(licensing.ctx, asset, who, 'licensing');
  giveBack(licensing, id, grant);
}

/** Undoes a sale of which nothing was used. */
export function giveBack(licensing: Licensing, id: bigint, grant: Grant): void {
  const { ctx, store, events, errors } = licensing;
  const { state, holder, asset } = grant;
  if (state.tag === 'Open') return fail(errors.AlreadyOpen);
  const amount = totalOf(state.value.escrow);
  store.grants.remove(id);
  store.grantsOf.remove(holder, id);
  dropEntry(licensing, asset, holder, id);
  release(licensing, grant.terms);
  unreserve(ctx, holder, grant.deposit);
  transfer(ctx, ESCROW, holder, amount, 'allowDeath');
  events.Refunded({ grant: id, holder, amount });
}

/** Spends uses of a grant for one of its accounts; opens it, if that is the first access. */
export function spend(licensing: Licensing, id: bigint, uses: bigint, by?: Uint8Array): void {
  const { ctx, store, events, errors } = licensing;
  const found = knownGrant(licensing, id);
  ensure(found.state.tag !== 'Asked', errors.NotOpen);
  const grant = found.state.tag === 'Paid' ? openGrant(licensing, id, found) : found;
  const who = by ?? grant.holder;
  const entry = entryOf(licensing, grant.asset, who, id);
  ensure(entry, errors.NoSeat);
  const { revocation } = grant;
  ensure(revocation === undefined || ctx.block < revocation.from, errors.GrantRevoked);
  ensure(entry.until === undefined || ctx.block < entry.until, errors.Expired);
  const usesLeft = entry.usesLeft === undefined ? undefined : entry.usesLeft - uses;
  ensure(uses >= 0n && (usesLeft === undefined || usesLeft >= 0n), errors.UsesExhausted);
  if (usesLeft !== undefined) putEntry(licensing, grant.asset, who, { ...entry, usesLeft });
  store.grants.put(id, { ...grant, used: usedWith(grant.used, uses) });
  events.UsesSpent({ grant: id, who, uses, usesLeft });
}
