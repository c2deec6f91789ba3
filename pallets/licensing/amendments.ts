/** Amendments: a grant comes under other terms if both sides agree. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { reserve, unreserve } from '../balances/index.ts';
import { ensureMay } from '../ownership/index.ts';
import { ensure } from '../support/index.ts';
import { entryOf, later, putEntry, refresh } from './access.ts';
import { keepWaivers } from './bonds.ts';
import { ensureHolding, knownGrant } from './known.ts';
import { ensureLicensable } from './licences.ts';
import { lengthOf, usesOf } from './price.ts';
import type { Amendment, Grant } from './records.ts';
import { placesOf } from './seats.ts';
import { AMENDMENT_DEPOSIT, type Licensing } from './state.ts';
import { knownTerms, refer, release } from './terms.ts';
import type { Terms } from './types.ts';

/** A grant that can be amended: open, it holds, and nobody is about to revoke it. */
function amendable(licensing: Licensing, id: bigint): { grant: Grant; terms: Terms } {
  const { errors } = licensing;
  const grant = knownGrant(licensing, id);
  ensure(grant.state.tag === 'Open', errors.NotOpen);
  ensure(grant.revocation === undefined, errors.BeingRevoked);
  const terms = knownTerms(licensing, grant.terms);
  ensureHolding(licensing, grant, terms);
  return { grant, terms };
}

/** One side proposes terms that are stored. */
export function propose(licensing: Licensing, who: Uint8Array, id: bigint, terms: Uint8Array): undefined {
  const { ctx, store, events, errors } = licensing;
  const { grant, terms: before } = amendable(licensing, id);
  const byHolder = sameBytes(grant.holder, who);
  if (!byHolder) ensureMay(ctx, grant.asset, who, 'licensing');
  ensure(!store.amendments.has(id), errors.AmendmentPending);
  // Approvers agreed to one sale: neither side gets out of their word, or into terms that ask for it, without them.
  const next = ensureLicensable(licensing, grant.asset, terms);
  ensure(before.approvals === 0 && next.approvals === 0, errors.NotAmendable);
  reserve(ctx, who, AMENDMENT_DEPOSIT);
  refer(licensing, terms);
  store.amendments.put(id, { terms, proposer: who, byHolder, deposit: AMENDMENT_DEPOSIT });
  events.AmendmentProposed({ grant: id, terms, proposer: who });
}

/** Takes a proposal out of the state, if there is one. */
export function dropAmendment(licensing: Licensing, id: bigint): void {
  const { ctx, store, events } = licensing;
  const found = store.amendments.get(id);
  if (found === undefined) return;
  store.amendments.remove(id);
  release(licensing, found.terms);
  unreserve(ctx, found.proposer, found.deposit);
  events.AmendmentDropped({ grant: id });
}

function knownAmendment({ store, errors }: Licensing, id: bigint): Amendment {
  const found = store.amendments.get(id);
  ensure(found, errors.NoAmendment);
  return found;
}

/** Either side ends a proposal, and so does who made it. */
export function withdrawAmendment(licensing: Licensing, who: Uint8Array, id: bigint): undefined {
  const { proposer } = knownAmendment(licensing, id);
  const { asset, holder } = knownGrant(licensing, id);
  if (!sameBytes(proposer, who) && !sameBytes(holder, who)) ensureMay(licensing.ctx, asset, who, 'licensing');
  dropAmendment(licensing, id);
}

/** The other side accepts the terms that it names. What was paid for stays: the paid time, and the uses that are left. */
export function accept(licensing: Licensing, who: Uint8Array, id: bigint, terms: Uint8Array): undefined {
  const { ctx, store, events, errors } = licensing;
  const { grant } = amendable(licensing, id);
  const found = knownAmendment(licensing, id);
  ensure(sameBytes(found.terms, terms), errors.NoAmendment);
  if (!found.byHolder) ensure(sameBytes(grant.holder, who), errors.NotOtherSide);
  else {
    ensure(!sameBytes(grant.holder, who), errors.NotOtherSide);
    ensureMay(ctx, grant.asset, who, 'licensing');
  }
  ensure(entryOf(licensing, grant.asset, grant.holder, id)?.meter === undefined, errors.Metered);
  const next = ensureLicensable(licensing, grant.asset, terms);
  const seats = store.seats.get(id).length;
  ensure(seats <= placesOf(next), errors.TooManySeats);
  amendUses(licensing, id, grant, next, seats);
  refer(licensing, terms);
  release(licensing, grant.terms);
  const length = lengthOf(next);
  const end = length === undefined ? undefined : (grant.end ?? later(ctx.block, length));
  const amended: Grant = { ...grant, terms, end };
  store.grants.put(id, amended);
  refresh(licensing, id, amended);
  dropAmendment(licensing, id);
  keepWaivers(licensing, grant.asset, terms);
  events.Amended({ grant: id, terms });
}

/** Uses become bounded, or are so no longer; then there are no seats that would have parts of them. */
function amendUses(licensing: Licensing, id: bigint, grant: Grant, next: Terms, seats: number): void {
  const entry = entryOf(licensing, grant.asset, grant.holder, id)!;
  const bound = usesOf(next);
  if ((bound === undefined) === (entry.usesLeft === undefined)) return;
  ensure(seats === 0, licensing.errors.TooManySeats);
  putEntry(licensing, grant.asset, grant.holder, { ...entry, usesLeft: bound });
}
