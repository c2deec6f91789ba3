/** Seats: the accounts that use a grant besides its holder, who has the first place itself. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { reserve, unreserve } from '../balances/index.ts';
import { ensure } from '../support/index.ts';
import { dropEntry, entryOf, putEntry, untilOf } from './access.ts';
import { heldGrant, knownGrant, liveGrant } from './known.ts';
import { type Grant, MAX_SEATS, type Seat } from './records.ts';
import { type Licensing, SEAT_BLOCKS, SEAT_DEPOSIT } from './state.ts';
import type { Terms } from './types.ts';

/** How many accounts terms allow besides the holder. */
export const placesOf = ({ seats }: Terms): number => (seats === undefined ? MAX_SEATS : seats - 1);

/** Uses of the holder, some of which go to a seat or come back from one. The caller has checked that there are as many. */
function moveUses(licensing: Licensing, id: bigint, grant: Grant, toSeat: bigint): void {
  const entry = entryOf(licensing, grant.asset, grant.holder, id);
  if (entry?.usesLeft === undefined) return;
  putEntry(licensing, grant.asset, grant.holder, { ...entry, usesLeft: entry.usesLeft - toSeat });
}

/** Gives an account a seat, with its part of the uses if they are bounded. */
export function assignSeat(
  licensing: Licensing,
  who: Uint8Array,
  id: bigint,
  account: Uint8Array,
  uses: bigint | undefined,
): undefined {
  const { ctx, store, events, errors } = licensing;
  const { grant, terms } = liveGrant(licensing, id, who);
  const seats = store.seats.get(id);
  ensure(seats.length < placesOf(terms), errors.TooManySeats);
  ensure(entryOf(licensing, grant.asset, account, id) === undefined, errors.SeatTaken);
  const own = entryOf(licensing, grant.asset, who, id);
  const left = own?.usesLeft;
  ensure((left === undefined) === (uses === undefined), errors.BadUses);
  // How many are left is not known before the meter says it.
  ensure(own?.meter === undefined, errors.Metered);
  ensure(left === undefined || left >= (uses ?? 0n), errors.UsesExhausted);
  reserve(ctx, who, SEAT_DEPOSIT);
  store.grants.put(id, { ...grant, deposit: grant.deposit + SEAT_DEPOSIT });
  store.seats.put(id, [...seats, { account, since: ctx.block }]);
  moveUses(licensing, id, grant, uses ?? 0n);
  const until = untilOf(grant, terms);
  const seat = { isHolder: false, meter: undefined };
  putEntry(licensing, grant.asset, account, { grant: id, ...seat, tiers: terms.tiers, until, usesLeft: uses });
  events.SeatAssigned({ grant: id, who: account, usesLeft: uses });
}

function seatOf({ store, errors }: Licensing, id: bigint, account: Uint8Array): { seats: Seat[]; place: number } {
  const seats = store.seats.get(id);
  const place = seats.findIndex((seat) => sameBytes(seat.account, account));
  ensure(place >= 0, errors.NoSeat);
  return { seats, place };
}

function ensureRested({ ctx, errors }: Licensing, { since }: Seat): void {
  ensure(ctx.block >= since + SEAT_BLOCKS, errors.SeatIsYoung);
}

/** Moves a seat, with the uses that are left of it, to another account. */
export function moveSeat(
  licensing: Licensing,
  who: Uint8Array,
  id: bigint,
  from: Uint8Array,
  to: Uint8Array,
): undefined {
  const { ctx, store, events, errors } = licensing;
  const { grant } = liveGrant(licensing, id, who);
  const { seats, place } = seatOf(licensing, id, from);
  ensureRested(licensing, seats[place]!);
  ensure(entryOf(licensing, grant.asset, to, id) === undefined, errors.SeatTaken);
  const entry = entryOf(licensing, grant.asset, from, id)!;
  dropEntry(licensing, grant.asset, from, id);
  putEntry(licensing, grant.asset, to, entry);
  store.seats.put(id, seats.with(place, { account: to, since: ctx.block }));
  events.SeatMoved({ grant: id, from, to });
}

/** Takes a seat away; the uses that are left of it go back to the holder. The account may leave by itself. */
export function removeSeat(licensing: Licensing, who: Uint8Array, id: bigint, account: Uint8Array): undefined {
  const { ctx, store, events } = licensing;
  const grant = sameBytes(who, account) ? knownGrant(licensing, id) : heldGrant(licensing, id, who);
  const { seats, place } = seatOf(licensing, id, account);
  ensureRested(licensing, seats[place]!);
  takeSeat(licensing, id, grant, account);
  const rest = seats.toSpliced(place, 1);
  if (rest.length === 0) store.seats.remove(id);
  else store.seats.put(id, rest);
  store.grants.put(id, { ...grant, deposit: grant.deposit - SEAT_DEPOSIT });
  unreserve(ctx, grant.holder, SEAT_DEPOSIT);
  events.SeatRemoved({ grant: id, who: account });
}

function takeSeat(licensing: Licensing, id: bigint, grant: Grant, account: Uint8Array): void {
  const left = entryOf(licensing, grant.asset, account, id)?.usesLeft ?? 0n;
  dropEntry(licensing, grant.asset, account, id);
  moveUses(licensing, id, grant, -left);
}

/** Ends every seat of a grant, whatever its age. @returns the grant without their deposits, not yet put */
export function clearSeats(licensing: Licensing, id: bigint, grant: Grant): Grant {
  const { ctx, store, events } = licensing;
  const seats = store.seats.get(id);
  if (seats.length === 0) return grant;
  const deposits = SEAT_DEPOSIT * BigInt(seats.length);
  for (const { account } of seats) {
    takeSeat(licensing, id, grant, account);
    events.SeatRemoved({ grant: id, who: account });
  }
  store.seats.remove(id);
  unreserve(ctx, grant.holder, deposits);
  return { ...grant, deposit: grant.deposit - deposits };
}
