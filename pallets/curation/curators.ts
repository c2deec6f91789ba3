/** Curators: accounts with a bond at stake. */
import { slashReserved, reserve, unreserve } from '../balances/index.ts';
import { parameter } from '../parameters/index.ts';
import { ensure } from '../support/index.ts';
import type { Curation } from './state.ts';
import type { Curator } from './types.ts';

/** Taking a place and casting no ballot that is accepted costs this part of the bond: one in so many. */
const IDLE_PART = 10n;

export function curatorOf({ store, errors }: Curation, who: Uint8Array): Curator {
  const found = store.curators.get(who);
  ensure(found, errors.NotCurator);
  return found;
}

/** Puts up a bond, or more of one. */
export function bond(curation: Curation, who: Uint8Array, amount: bigint): void {
  const { ctx, store, events, errors } = curation;
  const known = store.curators.get(who) ?? { bond: 0n, seated: 0, ballots: 0 };
  const next = { ...known, bond: known.bond + amount };
  ensure(next.bond >= parameter(ctx, 'CuratorBond'), errors.BondTooSmall);
  reserve(ctx, who, amount);
  store.curators.put(who, next);
  events.CuratorBonded({ who, bond: next.bond });
}

/** Leaves, once all proposals are over in which the curator has a place. */
export function leave(curation: Curation, who: Uint8Array): void {
  const { ctx, store, events, errors } = curation;
  const known = curatorOf(curation, who);
  ensure(known.seated === 0, errors.StillSeated);
  store.curators.remove(who);
  unreserve(ctx, who, known.bond);
  events.CuratorLeft({ who, bond: known.bond });
}

export function seat(curation: Curation, who: Uint8Array): void {
  const known = curatorOf(curation, who);
  ensure(known.bond >= parameter(curation.ctx, 'CuratorBond'), curation.errors.BondTooSmall);
  curation.store.curators.put(who, { ...known, seated: known.seated + 1 });
}

/** A proposal is over. @param cast whether the curator's ballot was accepted; undefined if nobody can be blamed that it was not */
export function unseat(curation: Curation, who: Uint8Array, proposal: number, cast: boolean | undefined): void {
  const { ctx, store, events } = curation;
  const known = curatorOf(curation, who);
  const lost = cast === false ? slashReserved(ctx, who, known.bond / IDLE_PART) : 0n;
  const ballots = known.ballots + Number(cast === true);
  store.curators.put(who, { bond: known.bond - lost, seated: known.seated - 1, ballots });
  if (lost > 0n) events.CuratorIdle({ who, proposal, lost });
}
