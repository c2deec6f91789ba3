/** The pool of jurors: who may be drawn, and what it stands to lose. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { partOf } from '../../primitives/money.ts';
import { reserve, unreserve } from '../balances/index.ts';
import { parameter } from '../parameters/index.ts';
import { type Context, ensure, latin1 } from '../support/index.ts';
import type { Disputes } from './state.ts';
import { type Juror, MAX_JURORS, MAX_POOL, MAX_UNITS } from './types.ts';

/** What a unit costs now. */
export function unitPrice(ctx: Context): bigint {
  return parameter(ctx, 'JurorUnit');
}

/** Whole units that a bond covers at a price: each is one ticket in a draw. */
export function unitsOf(price: bigint, { bond }: Pick<Juror, 'bond'>): number {
  const units = bond / price;
  return units < MAX_UNITS ? Number(units) : MAX_UNITS;
}

/** What a seat costs its juror, as of now. */
export function lossOfSeat(ctx: Context, why: 'JurorSilent' | 'JurorWrong'): bigint {
  return partOf(unitPrice(ctx), Number(parameter(ctx, why)));
}

export function jurorOf({ store }: Disputes, who: Uint8Array): Juror | undefined {
  return store.pool.get().find(({ account }) => sameBytes(account, who));
}

/** Bonds the caller as a juror. If the pool is full, the juror with the fewest units, the latest of them, is given notice, if it has fewer. */
export function join(disputes: Disputes, who: Uint8Array, units: number): void {
  const { ctx, store, errors, events } = disputes;
  ensure(units >= 1 && units <= MAX_UNITS, errors.BadUnits);
  const pool = store.pool.get();
  ensure(!pool.some(({ account }) => sameBytes(account, who)), errors.AlreadyJuror);
  ensure(pool.length < MAX_POOL, errors.PoolFull);
  const active = pool.filter(({ leaving }) => leaving === undefined);
  const price = unitPrice(ctx);
  const displaced = active.length < MAX_JURORS ? undefined : smallest(price, active);
  ensure(displaced === undefined || unitsOf(price, displaced) < units, errors.PoolFull);
  const bond = price * BigInt(units);
  reserve(ctx, who, bond);
  const next: Juror = { account: who, bond, since: ctx.block, panels: 0, leaving: undefined };
  const kept = pool.map((each) => (each === displaced ? { ...each, leaving: ctx.block } : each));
  store.pool.put([...kept, next]);
  events.JurorJoined({ juror: who, bond, units });
  if (displaced !== undefined) events.JurorLeaving({ juror: displaced.account });
}

/** The juror with the fewest units; of several the one that came last. */
function smallest(price: bigint, active: readonly Juror[]): Juror | undefined {
  return active.reduce<Juror | undefined>(
    (least, each) => (least === undefined || unitsOf(price, each) <= unitsOf(price, least) ? each : least),
    undefined,
  );
}

/** A juror gives notice. It may still be drawn for what was frozen until now: nobody leaves because of what was revealed. */
export function giveNotice(disputes: Disputes, who: Uint8Array): void {
  const { ctx, store, errors, events } = disputes;
  const pool = store.pool.get();
  const found = pool.find(({ account }) => sameBytes(account, who));
  ensure(found, errors.NotJuror);
  ensure(found.leaving === undefined, errors.AlreadyLeaving);
  store.pool.put(pool.map((each) => (each === found ? { ...each, leaving: ctx.block } : each)));
  events.JurorLeaving({ juror: who });
}

/** Gives a juror whose notice is over, and who sits nowhere, what is left of its bond. Anyone may ask for it: places in the pool are few. */
export function release(disputes: Disputes, who: Uint8Array): void {
  const { ctx, store, errors, events } = disputes;
  const pool = store.pool.get();
  const found = pool.find(({ account }) => sameBytes(account, who));
  ensure(found, errors.NotJuror);
  const notice = Number(parameter(ctx, 'JurorNotice'));
  const isFree = found.leaving !== undefined && ctx.block >= found.leaving + notice && found.panels === 0;
  ensure(isFree, errors.StillBound);
  store.pool.put(pool.filter((each) => each !== found));
  unreserve(ctx, who, found.bond);
  events.JurorLeft({ juror: who, bond: found.bond });
}

/** What becomes of a juror in a dispute. */
export interface Change {
  readonly account: Uint8Array;
  readonly lost: bigint;
  readonly panels: number;
}

/** Changes entries of the pool. Who has no whole unit left is given notice. */
export function changeJurors({ ctx, store, events }: Disputes, changes: readonly Change[]): void {
  const byAccount = new Map(changes.map((change) => [latin1(change.account), change]));
  const price = unitPrice(ctx);
  const pool = store.pool.get().map((juror) => {
    const by = byAccount.get(latin1(juror.account));
    if (by === undefined) return juror;
    const next: Juror = { ...juror, bond: juror.bond - by.lost, panels: juror.panels + by.panels };
    if (unitsOf(price, next) > 0 || next.leaving !== undefined) return next;
    events.JurorLeaving({ juror: next.account });
    return { ...next, leaving: ctx.block };
  });
  store.pool.put(pool);
}
