/** What holds of an asset whoever owns it. Owners opt out; rulings and the ethics panel do the rest, through this face. */
import { type Context, ensure } from '../support/index.ts';
import { NO_STANDING, state } from './state.ts';
import { type Asset, MAX_TAGS, type Standing, type Tag } from './types.ts';

export function standingOf(ctx: Context, asset: Asset): Standing {
  return state.use(ctx).store.standings.get(asset);
}

/** Puts what changed; what says nothing is not kept. */
function change(ctx: Context, asset: Asset, by: Partial<Standing>): void {
  const { store, errors } = state.use(ctx);
  ensure(store.titles.has(asset), errors.UnknownAsset);
  const next = { ...store.standings.get(asset), ...by };
  const { optedOut, frozenUntil, suspendedUntil, revoked, tags } = next;
  const saysNothing =
    !optedOut && frozenUntil === undefined && suspendedUntil === undefined && !revoked && tags.length === 0;
  if (saysNothing) store.standings.remove(asset);
  else store.standings.put(asset, next);
}

/** Fails unless the asset exists and nothing keeps it from being licensed and derived from. */
export function ensureLive(ctx: Context, asset: Asset): void {
  const { store, errors } = state.use(ctx);
  ensure(store.titles.has(asset), errors.UnknownAsset);
  ensure(!standingOf(ctx, asset).revoked, errors.Revoked);
  ensure(isLive(ctx, asset), errors.Frozen);
}

/** Whether the asset exists and no ruling stands against it. */
export function isLive(ctx: Context, asset: Asset): boolean {
  const { store } = state.use(ctx);
  const { frozenUntil = 0, suspendedUntil = 0, revoked } = store.standings.get(asset) ?? NO_STANDING;
  return store.titles.has(asset) && !revoked && ctx.block >= frozenUntil && ctx.block >= suspendedUntil;
}

/** The owner's word on training; later calls are bound by it. */
export function setOptedOut(ctx: Context, asset: Asset, optedOut: boolean): void {
  change(ctx, asset, { optedOut });
  state.use(ctx).events.OptOutSet({ asset, optedOut });
}

/** @param until the first block in which it is free again */
export function freeze(ctx: Context, asset: Asset, until: number): void {
  change(ctx, asset, { frozenUntil: until });
  state.use(ctx).events.FrozenUntil({ asset, until });
}

export function thaw(ctx: Context, asset: Asset): void {
  change(ctx, asset, { frozenUntil: undefined });
  state.use(ctx).events.FrozenUntil({ asset, until: undefined });
}

/** @param until the first block in which it is free again */
export function suspend(ctx: Context, asset: Asset, until: number): void {
  change(ctx, asset, { suspendedUntil: until });
  state.use(ctx).events.SuspendedUntil({ asset, until });
}

export function lift(ctx: Context, asset: Asset): void {
  change(ctx, asset, { suspendedUntil: undefined });
  state.use(ctx).events.SuspendedUntil({ asset, until: undefined });
}

/** Puts a word on an asset, or takes it off. Nothing happens if it stands so already. */
export function setTag(ctx: Context, asset: Asset, tag: Tag, isSet: boolean): void {
  const { errors, events } = state.use(ctx);
  const { tags } = standingOf(ctx, asset);
  if (tags.some((known) => known.tag === tag) === isSet) return;
  ensure(!isSet || tags.length < MAX_TAGS, errors.TooManyTags);
  change(ctx, asset, { tags: isSet ? [...tags, { tag }] : tags.filter((known) => known.tag !== tag) });
  events.TagSet({ asset, tag: { tag }, isSet });
}

export function revokeAsset(ctx: Context, asset: Asset): void {
  change(ctx, asset, { revoked: true });
  const { store, events } = state.use(ctx);
  if (!store.revokedSince.has(asset)) store.revokedSince.put(asset, ctx.block);
  events.Revoked({ asset });
}

/** The block in which a ruling took it out of use; undefined if none did, or a later one brought it back. */
export function revokedSince(ctx: Context, asset: Asset): number | undefined {
  return state.use(ctx).store.revokedSince.get(asset);
}

export function restoreAsset(ctx: Context, asset: Asset): void {
  change(ctx, asset, { revoked: false });
  const { store, events } = state.use(ctx);
  store.revokedSince.remove(asset);
  events.Restored({ asset });
}
