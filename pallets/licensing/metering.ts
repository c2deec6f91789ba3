/**
 * Meters: another pallet counts the uses of a grant's holder without saying them, and tells when they are used up. Until then they go to no seat and no other holder,
 * and the grant stays under its terms: what is left is the bound that the count is held against.
 */
import { type Context, ensure } from '../support/index.ts';
import { entryOf, putEntry, usedWith } from './access.ts';
import { knownGrant, liveGrant } from './known.ts';
import type { AccessEntry } from './records.ts';
import { type Licensing, state } from './state.ts';

/**
 * Puts the uses of a grant on a meter, as its holder wants it. Fails with UnknownGrant, NotHolder, NotOpen, Expired, GrantRevoked, Metered, BadUses if they have
 * no bound, UsesExhausted.
 * @param meter its number, with whoever counts
 */
export function meterUses(ctx: Context, id: bigint, holder: Uint8Array, meter: number): void {
  const licensing = state.use(ctx);
  const { events, errors } = licensing;
  const { grant } = liveGrant(licensing, id, holder);
  const entry = entryOf(licensing, grant.asset, holder, id)!;
  ensure(entry.meter === undefined, errors.Metered);
  ensure(entry.usesLeft !== undefined, errors.BadUses);
  ensure(entry.usesLeft > 0n, errors.UsesExhausted);
  putEntry(licensing, grant.asset, holder, { ...entry, meter });
  events.MeterSet({ grant: id, meter });
}

/** The meter of a grant, and how many uses its holder has left by all that is not counted there; undefined if it is on none, or there is no such grant. */
export function meteredUses(ctx: Context, id: bigint): { meter: number; usesLeft: bigint } | undefined {
  const licensing = state.use(ctx);
  const grant = licensing.store.grants.get(id);
  return grant && meteredIn(entryOf(licensing, grant.asset, grant.holder, id));
}

function meteredIn(entry: AccessEntry | undefined): { meter: number; usesLeft: bigint } | undefined {
  if (entry?.meter === undefined || entry.usesLeft === undefined) return undefined;
  return { meter: entry.meter, usesLeft: entry.usesLeft };
}

/** A meter has said that the uses of a grant are used up: `access` answers UsesExhausted until it is renewed. Fails with UnknownGrant, NotMetered. */
export function exhaust(ctx: Context, grant: bigint): void {
  endMeter(state.use(ctx), grant, undefined);
}

/** Takes a grant off its meter: so many uses were spent, or as many as are left. Fails with UnknownGrant, NotMetered. */
export function unmeterUses(ctx: Context, grant: bigint, uses: bigint): void {
  endMeter(state.use(ctx), grant, uses);
}

function endMeter(licensing: Licensing, id: bigint, uses: bigint | undefined): void {
  const { store, events, errors } = licensing;
  const grant = knownGrant(licensing, id);
  const { asset, holder } = grant;
  const entry = entryOf(licensing, asset, holder, id);
  const left = meteredIn(entry)?.usesLeft;
  ensure(entry !== undefined && left !== undefined, errors.NotMetered);
  const spent = uses === undefined || uses > left ? left : uses;
  const usesLeft = left - spent;
  putEntry(licensing, asset, holder, { ...entry, usesLeft, meter: undefined });
  store.grants.put(id, { ...grant, used: usedWith(grant.used, spent) });
  events.MeterSet({ grant: id, meter: undefined });
  events.UsesSpent({ grant: id, who: holder, uses: spent, usesLeft });
}
