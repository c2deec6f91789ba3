/** The rest of a grant's life: another holder, its end. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { repatriateReserved, reserve, unreserve } from '../balances/index.ts';
import { titleOf } from '../ownership/index.ts';
import { ensure } from '../support/index.ts';
import { dropEntry, entryOf, putEntry, untilOf } from './access.ts';
import { dropAmendment } from './amendments.ts';
import { knownGrant, liveGrant } from './known.ts';
import { type Grant, MAX_HELD } from './records.ts';
import { clearSeats } from './seats.ts';
import type { Licensing } from './state.ts';
import { knownTerms, release } from './terms.ts';

/** Gives a grant to another account, where its terms let it go. The deposit goes along; seats end, and what is held for renewals returns. */
export function transferGrant(licensing: Licensing, from: Uint8Array, id: bigint, to: Uint8Array): undefined {
  const { ctx, store, events, errors } = licensing;
  const { grant, terms } = liveGrant(licensing, id, from);
  ensure(terms.transferable, errors.NotTransferable);
  ensure(grant.revocation === undefined, errors.BeingRevoked);
  ensure(!sameBytes(from, to), errors.SeatTaken);
  const owner = titleOf(ctx, grant.asset)?.owner;
  ensure(owner === undefined || !sameBytes(owner, to), errors.OwnAsset);
  // One place is left for what it buys itself: nobody fills all of another's.
  const held = store.access.get(grant.asset, to).filter(({ isHolder }) => isHolder);
  ensure(held.length < MAX_HELD - 1, errors.TooManyGrants);
  ensure(entryOf(licensing, grant.asset, from, id)?.meter === undefined, errors.Metered);
  const bare = clearSeats(licensing, id, grant);
  const entry = entryOf(licensing, grant.asset, from, id)!;
  dropEntry(licensing, grant.asset, from, id);
  putEntry(licensing, grant.asset, to, entry);
  dropAmendment(licensing, id);
  unreserve(ctx, from, bare.fund);
  // The new holder gets the deposit with the grant: nobody can make another reserve money of its own.
  repatriateReserved(ctx, from, to, bare.deposit);
  reserve(ctx, to, bare.deposit);
  store.grants.put(id, { ...bare, holder: to, fund: 0n });
  store.grantsOf.remove(from, id);
  store.grantsOf.put(to, id, grant.asset);
  events.GrantTransferred({ grant: id, from, to });
}

/** Whether nothing more comes of a grant: its time is over, or its uses are and there will be no more. */
function isOver(licensing: Licensing, id: bigint, grant: Grant): boolean {
  const { ctx, store } = licensing;
  const terms = knownTerms(licensing, grant.terms);
  const until = untilOf(grant, terms);
  if (until !== undefined && ctx.block >= until) return true;
  if (terms.renewal.tag !== 'None') return false;
  const accounts = [grant.holder, ...store.seats.get(id).map(({ account }) => account)];
  return accounts.every((account) => entryOf(licensing, grant.asset, account, id)?.usesLeft === 0n);
}

/** Ends a grant: anyone, once it is over; its holder whenever it likes. All deposits go back. */
export function closeGrant(licensing: Licensing, who: Uint8Array, id: bigint): undefined {
  const { ctx, store, events, errors } = licensing;
  const grant = knownGrant(licensing, id);
  const { holder, asset } = grant;
  ensure(grant.state.tag === 'Open', errors.NotOpen);
  ensure(sameBytes(holder, who) || isOver(licensing, id, grant), errors.NotOver);
  dropAmendment(licensing, id);
  const bare = clearSeats(licensing, id, grant);
  dropEntry(licensing, asset, holder, id);
  store.grants.remove(id);
  store.grantsOf.remove(holder, id);
  release(licensing, grant.terms);
  unreserve(ctx, holder, bare.deposit + bare.fund);
  events.Closed({ grant: id, holder });
}
