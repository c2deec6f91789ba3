/** What proxies have announced, and the deposits for it. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { reserve, unreserve } from '../balances/index.ts';
import { ensure } from '../support/index.ts';
import { ANNOUNCEMENT_DEPOSIT_BASE, ANNOUNCEMENT_DEPOSIT_FACTOR, type Proxy } from './state.ts';
import { type Announcement, MAX_PENDING } from './types.ts';

function depositFor(count: number): bigint {
  return count === 0 ? 0n : ANNOUNCEMENT_DEPOSIT_BASE + ANNOUNCEMENT_DEPOSIT_FACTOR * BigInt(count);
}

function keep({ ctx, store }: Proxy, delegate: Uint8Array, pending: Announcement[]): void {
  const [, before] = store.announcements.get(delegate);
  const deposit = depositFor(pending.length);
  if (deposit > before) reserve(ctx, delegate, deposit - before);
  else unreserve(ctx, delegate, before - deposit);
  if (pending.length === 0) store.announcements.remove(delegate);
  else store.announcements.put(delegate, [pending, deposit]);
}

/** Notes the hash of a call that `delegate` means to make for `real`. The same may be announced again. Fails with TooMany, or for want of money. */
export function announce(pallet: Proxy, delegate: Uint8Array, real: Uint8Array, callHash: Uint8Array): void {
  const { ctx, store, events, errors } = pallet;
  const [pending] = store.announcements.get(delegate);
  ensure(pending.length < MAX_PENDING, errors.TooMany);
  keep(pallet, delegate, [...pending, { real, callHash, height: ctx.block }]);
  events.Announced({ real, proxy: delegate, callHash });
}

/** Takes those announcements of `delegate` away that `isMeant` names. @returns whether there were any */
function take(pallet: Proxy, delegate: Uint8Array, isMeant: (each: Announcement) => boolean): boolean {
  const [pending] = pallet.store.announcements.get(delegate);
  const rest = pending.filter((each) => !isMeant(each));
  if (rest.length === pending.length) return false;
  keep(pallet, delegate, rest);
  return true;
}

const isFor =
  (real: Uint8Array, callHash: Uint8Array) =>
  (each: Announcement): boolean =>
    sameBytes(each.real, real) && sameBytes(each.callHash, callHash);

/** Takes all announcements of one call away. Fails with NotFound if there is none. */
export function withdraw(pallet: Proxy, delegate: Uint8Array, real: Uint8Array, callHash: Uint8Array): void {
  ensure(take(pallet, delegate, isFor(real, callHash)), pallet.errors.NotFound);
}

/** Takes everything away that `delegate` has announced for `real`. */
export function dropAnnouncements(pallet: Proxy, delegate: Uint8Array, real: Uint8Array): void {
  take(pallet, delegate, (each) => sameBytes(each.real, real));
}

/** A call that a proxy wants to make, and how long it must have been announced. */
export interface Due {
  readonly delegate: Uint8Array;
  readonly real: Uint8Array;
  readonly callHash: Uint8Array;
  readonly delay: number;
}

function isDue({ ctx }: Proxy, { real, callHash, delay }: Due): (each: Announcement) => boolean {
  const isMeant = isFor(real, callHash);
  return (each) => isMeant(each) && ctx.block - each.height >= delay;
}

/** Fails with Unannounced if the call was not announced, or not long enough ago. */
export function ensureDue(pallet: Proxy, due: Due): void {
  const [pending] = pallet.store.announcements.get(due.delegate);
  ensure(pending.some(isDue(pallet, due)), pallet.errors.Unannounced);
}

/** Uses up all announcements of a call that are old enough. Fails with Unannounced if there is none. */
export function useAnnounced(pallet: Proxy, due: Due): void {
  ensure(take(pallet, due.delegate, isDue(pallet, due)), pallet.errors.Unannounced);
}
