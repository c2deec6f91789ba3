/**
 * Backing: money that somebody puts behind data. It earns the base, and is lost when a ruling takes the data out of use for good. What was withdrawn can be
 * lost for a while, and as long as a case is open. Nobody walks data or backers: who asks is counted and paid, and data burn in one step.
 */
import { burn, mint, transfer } from '../../balances/index.ts';
import { dataAsset, earn, ensureLive, revokedSince, standingOf } from '../../ownership/index.ts';
import { parameter } from '../../parameters/index.ts';
import { type Context, ensure } from '../../support/index.ts';
import { ESCROW, type Royalty, state } from '../state.ts';
import { accrued, allowedGrowth } from './base.ts';
import { LEAST_BACKING } from './decl.ts';
import { ONE, partsOf, plus } from './exact.ts';
import {
  type Backer,
  type BackerInfo,
  type BackingInfo,
  type BaseIndex,
  type BasePreview,
  type DataBacking,
  type Issuance,
  NO_BACKER,
  NO_BACKING,
} from './types.ts';

/** What data and its backers have earned until `index` is theirs, whatever becomes of their money from now on. */
export function countedData(kept: DataBacking, index: BaseIndex): DataBacking {
  const { active, data, backers } = kept;
  return {
    ...kept,
    index,
    data: plus(data, active * (index.data - kept.index.data)),
    backers: plus(backers, active * (index.backers - kept.index.backers)),
  };
}

/** The same of one backer. */
export function countedBacker(kept: Backer, index: bigint): Backer {
  return { ...kept, index, due: plus(kept.due, kept.active * (index - kept.index)) };
}

/** One account behind one `$Data`, with all that was earned counted up to this block. Nothing is written before it is put. */
interface Stand {
  readonly now: Issuance;
  readonly data: DataBacking;
  readonly backer: Backer;
}

function standOf({ ctx, store }: Royalty, id: bigint, who: Uint8Array): Stand {
  const now = accrued(ctx, store.issuance.get());
  const { index } = now.backing;
  const data = store.backings.get(id) ?? { ...NO_BACKING, index };
  const backer = store.backers.get(id, who) ?? { ...NO_BACKER, index: index.backers };
  return { now, data: countedData(data, index), backer: countedBacker(backer, index.backers) };
}

/** What was promised is paid: from now on it is issued. */
function issued(now: Issuance, units: bigint): Issuance {
  const { backing } = now;
  const promised = plus(backing.promised, -units * ONE);
  return { ...now, issued: now.issued + units, backing: { ...backing, promised } };
}

/** What was promised is nobody's any more. */
function forgone(now: Issuance, parts: bigint): Issuance {
  const { backing } = now;
  return { ...now, backing: { ...backing, promised: plus(backing.promised, -parts) } };
}

/** Pays whole units to both; the rest stays counted. */
function paid({ ctx, events }: Royalty, id: bigint, who: Uint8Array, { now, data, backer }: Stand): Stand {
  const [ofData, ofBacker] = [data.data.units, backer.due.units];
  if (ofData > 0n) {
    mint(ctx, ESCROW, ofData);
    earn(ctx, dataAsset(id), ESCROW, ofData);
    events.BaseEarned({ data: id, amount: ofData });
  }
  if (ofBacker > 0n) {
    mint(ctx, who, ofBacker);
    events.BackerPaid({ data: id, account: who, amount: ofBacker });
  }
  return {
    now: issued(now, ofData + ofBacker),
    data: { ...data, data: plus(data.data, -ofData * ONE), backers: plus(data.backers, -ofBacker * ONE) },
    backer: { ...backer, due: plus(backer.due, -ofBacker * ONE) },
  };
}

/** Puts a stand. Of what ends, less than a unit is nobody's any more. */
function put({ store }: Royalty, id: bigint, who: Uint8Array, stand: Stand): void {
  let { now, data } = stand;
  const { backer } = stand;
  if (backer.active + backer.leaving > 0n) store.backers.put(id, who, backer);
  else {
    store.backers.remove(id, who);
    data = { ...data, backers: plus(data.backers, -partsOf(backer.due)) };
    now = forgone(now, partsOf(backer.due));
  }
  if (data.active + data.leaving > 0n) store.backings.put(id, data);
  else {
    store.backings.remove(id);
    now = forgone(now, partsOf(data.data));
  }
  store.issuance.put(now);
}

/** More or less that earns, from this block on. */
function moved({ now, data, backer }: Stand, by: bigint): Stand {
  const { backing } = now;
  return {
    now: { ...now, backing: { ...backing, total: backing.total + by } },
    data: { ...data, active: data.active + by },
    backer: { ...backer, active: backer.active + by },
  };
}

function ensureNotBurned({ store, errors }: Royalty, id: bigint): void {
  ensure((store.backings.get(id)?.burned ?? 0n) === 0n, errors.BackingLost);
}

/** Puts money of an account behind data. */
export function backData(royalty: Royalty, who: Uint8Array, id: bigint, amount: bigint): void {
  const { ctx, store, events, errors } = royalty;
  ensureLive(ctx, dataAsset(id));
  ensureNotBurned(royalty, id);
  const before = store.backers.get(id, who)?.active ?? 0n;
  ensure(amount > 0n && before + amount >= LEAST_BACKING, errors.BackingTooSmall);
  transfer(ctx, who, ESCROW, amount, 'keepAlive');
  put(royalty, id, who, moved(standOf(royalty, id, who), amount));
  events.Backed({ data: id, account: who, amount });
}

/** Takes money from behind data: it earns nothing more. What was withdrawn before waits with it from now on. */
export function withdrawBacking(royalty: Royalty, who: Uint8Array, id: bigint, amount: bigint): void {
  const { ctx, store, events, errors } = royalty;
  ensureNotBurned(royalty, id);
  const active = store.backers.get(id, who)?.active ?? 0n;
  ensure(amount > 0n && amount <= active, errors.NotBacked);
  ensure(amount === active || active - amount >= LEAST_BACKING, errors.BackingTooSmall);
  const { now, data, backer } = moved(standOf(royalty, id, who), -amount);
  const until = ctx.block + Number(parameter(ctx, 'BackingDelay'));
  put(royalty, id, who, {
    now,
    data: { ...data, leaving: data.leaving + amount },
    backer: { ...backer, leaving: backer.leaving + amount, until },
  });
  events.BackingWithdrawn({ data: id, account: who, amount, until });
}

/** Gives back what was withdrawn, unless it can still be lost. Where it was burned, only what is kept of it goes. */
export function releaseBacking(royalty: Royalty, who: Uint8Array, id: bigint): void {
  const { ctx, store, events, errors } = royalty;
  const kept = store.backers.get(id, who);
  ensure(kept, errors.NotBacked);
  if (store.backings.get(id)?.burned) {
    store.backers.remove(id, who);
    events.BackingReleased({ data: id, account: who, amount: 0n });
    return;
  }
  const { leaving: amount, until } = kept;
  ensure(amount > 0n, errors.NotBacked);
  ensure(ctx.block >= until, errors.BackingHeld);
  ensure(!hasCase(ctx, id), errors.UnderDispute);
  ensureLive(ctx, dataAsset(id));
  const { now, data, backer } = paid(royalty, id, who, standOf(royalty, id, who));
  transfer(ctx, ESCROW, who, amount, 'allowDeath');
  put(royalty, id, who, {
    now,
    data: { ...data, leaving: data.leaving - amount },
    backer: { ...backer, leaving: 0n, until: 0 },
  });
  events.BackingReleased({ data: id, account: who, amount });
}

/** Whether somebody has yet to decide about data. Whoever decides says so by these words. */
function hasCase(ctx: Context, id: bigint): boolean {
  return standingOf(ctx, dataAsset(id)).tags.some(({ tag }) => tag === 'Disputed' || tag === 'UnderReview');
}

/** Pays data, and the caller if it backs them, what they have earned. What is frozen waits. */
export function claimBase(royalty: Royalty, who: Uint8Array, id: bigint): void {
  const { ctx, store, errors } = royalty;
  ensure(store.backings.has(id), errors.NotBacked);
  ensureNotBurned(royalty, id);
  ensureLive(ctx, dataAsset(id));
  const stand = standOf(royalty, id, who);
  ensure(stand.data.data.units + stand.backer.due.units > 0n, errors.NothingEarned);
  put(royalty, id, who, paid(royalty, id, who, stand));
}

/** Burns all that stands behind data which a ruling took out of use for good, and what it has earned and was not paid. Anyone may. */
export function burnBacking(royalty: Royalty, id: bigint): void {
  const { ctx, store, events, errors } = royalty;
  const kept = store.backings.get(id);
  ensure(kept, errors.NotBacked);
  ensureNotBurned(royalty, id);
  const since = revokedSince(ctx, dataAsset(id));
  ensure(since !== undefined, errors.NotRevoked);
  const isHeld = ctx.block < since + Number(parameter(ctx, 'RevokedHold'));
  ensure(!isHeld && !hasCase(ctx, id), errors.Withheld);
  const { backing, ...now } = accrued(ctx, store.issuance.get());
  const { data, backers } = countedData(kept, backing.index);
  const amount = kept.active + kept.leaving;
  burn(ctx, ESCROW, amount, 'allowDeath');
  store.backings.put(id, { ...NO_BACKING, index: backing.index, burned: amount });
  const total = backing.total - kept.active;
  store.issuance.put(forgone({ ...now, backing: { ...backing, total } }, partsOf(data) + partsOf(backers)));
  events.BackingBurned({ data: id, amount });
}

/** What stands behind data, and what it has earned up to now. */
export function backingInfoOf(ctx: Context, id: bigint): BackingInfo {
  const royalty = state.use(ctx);
  const backing = royalty.store.backings.get(id);
  if (backing === undefined || backing.burned > 0n) return { backing, data: 0n, backers: 0n };
  const { index } = accrued(ctx, royalty.store.issuance.get()).backing;
  const { data, backers } = countedData(backing, index);
  return { backing, data: data.units, backers: backers.units };
}

/** What an account has behind data, and what it has earned by it up to now; nothing if it was burned. */
export function backerInfoOf(ctx: Context, id: bigint, account: Uint8Array): BackerInfo {
  const { store } = state.use(ctx);
  const backer = store.backers.get(id, account);
  if (backer === undefined || store.backings.get(id)?.burned) return { backer, due: 0n };
  const { index } = accrued(ctx, store.issuance.get()).backing;
  return { backer, due: countedBacker(backer, index.backers).due.units };
}

/** What so much more backing would earn in the blocks that come, if no other came or went and nothing was set anew. */
export function previewBase(ctx: Context, amount: bigint, blocks: number): BasePreview {
  const now = accrued(ctx, state.use(ctx).store.issuance.get());
  const grown = allowedGrowth(ctx, now, now.backing.total + amount, ctx.block + blocks);
  return { data: (amount * grown.data) / ONE, backer: (amount * grown.backers) / ONE };
}
