/** Streams: what an asset earns goes one step on, to the assets it comes from and to its people. No call walks more than one asset. */
import { transfer } from '../../balances/index.ts';
import {
  type Asset,
  divideEarnings,
  earn,
  earnedOf,
  earningsOf,
  ensureLive,
  revokedSince,
  standingOf,
  titleOf,
} from '../../ownership/index.ts';
import { parameter } from '../../parameters/index.ts';
import { type Context, ensure, TREASURY } from '../../support/index.ts';
import { noteUse, settleBonus } from '../issuance/bonus.ts';
import { ESCROW, type Royalty, state } from '../state.ts';
import { contributorsOf } from './contributors.ts';
import { type Income, type Plan, planOf } from './plan.ts';
import type { Portion, StreamInfo } from './types.ts';

/** Pays an asset out of the free balance of an account. */
export function payAsset({ ctx, errors }: Royalty, by: Uint8Array, asset: Asset, amount: bigint): void {
  ensure(amount > 0n, errors.NothingPaid);
  earn(ctx, asset, by, amount);
}

/** Divides what an asset has earned since the last time. Anyone may have it done; nobody's standing but its own can stop it. */
export function distribute(royalty: Royalty, asset: Asset): void {
  const { ctx, store, events, errors } = royalty;
  const isForfeited = ensureDivisible(royalty, asset);
  const { waiting } = store.streams.get(asset);
  ensure(earningsOf(ctx, asset) - waiting >= parameter(ctx, 'DistributeLeast'), errors.TooLittle);
  if (asset.tag === 'Data') settleBonus(royalty, asset.value);
  const { amount, burned } = earnedOf(ctx, asset);
  const plan = planFor(ctx, { asset, amount: amount - waiting, burned });
  const owed = plan.owed.reduce((sum, part) => sum + part.amount, 0n);
  divideEarnings(ctx, asset, { passed: plan.passed, taken: owed + plan.pool, to: isForfeited ? TREASURY : ESCROW });
  store.streams.put(asset, plan.stream);
  if (isForfeited) events.Forfeited({ asset, amount: owed + plan.pool });
  else giveOut(royalty, asset, plan);
  const passed = plan.passed.reduce((sum, part) => sum + part.amount, 0n);
  events.Distributed({ asset, amount: plan.amount, passed, pool: plan.pool, owed });
}

/**
 * Fails while an asset is frozen, or revoked so recently that a later ruling may bring it back: what it earns waits, and children go on paying it.
 * @returns whether what its people would get is forfeited
 */
function ensureDivisible({ ctx, errors }: Royalty, asset: Asset): boolean {
  const since = revokedSince(ctx, asset);
  if (since === undefined) {
    ensureLive(ctx, asset);
    return false;
  }
  const { frozenUntil = 0, suspendedUntil = 0 } = standingOf(ctx, asset);
  const until = Math.max(since + Number(parameter(ctx, 'RevokedHold')), frozenUntil, suspendedUntil);
  ensure(ctx.block >= until, errors.Withheld);
  return true;
}

function planFor(ctx: Context, income: Income): Plan {
  const { asset } = income;
  return planOf(ctx, income, {
    stream: state.use(ctx).store.streams.get(asset),
    shares: titleOf(ctx, asset)?.shares ?? [],
    contributors: contributorsOf(ctx, asset),
  });
}

function giveOut(royalty: Royalty, asset: Asset, { owed, pool, used }: Plan): void {
  const { store, events } = royalty;
  if (pool > 0n && asset.tag === 'Model') store.pools.mutate(asset.value, (before) => before + pool);
  for (const { account, amount } of owed) {
    store.owed.mutate(account, (before) => before + amount);
    events.Owed({ asset, account, amount });
  }
  if (asset.tag === 'Data') noteUse(royalty, asset.value, used);
}

/** Pays all that is owed to an account. Where it cannot be paid, for it would stay below the existential deposit, the call fails and it stays owed. */
export function collect({ ctx, store, events, errors }: Royalty, account: Uint8Array): void {
  const amount = store.owed.get(account);
  ensure(amount > 0n, errors.NothingOwed);
  store.owed.remove(account);
  transfer(ctx, ESCROW, account, amount, 'allowDeath');
  events.Collected({ account, amount });
}

/** Who would get what of an amount that the asset earned now, in one step. */
export function preview(ctx: Context, asset: Asset, amount: bigint): Portion[] | undefined {
  if (titleOf(ctx, asset) === undefined) return undefined;
  const { passed, pool, owed } = planFor(ctx, { asset, amount, burned: 0n });
  const isForfeited = revokedSince(ctx, asset) !== undefined;
  const toAssets: Portion[] = passed.map(({ to, amount }) => ({ to: { tag: 'Asset', value: to }, amount }));
  const people: Portion[] = owed.map(({ account, amount }) => ({ to: { tag: 'Account', value: account }, amount }));
  if (pool > 0n) people.unshift({ to: { tag: 'Pool', value: asset.value }, amount: pool });
  if (!isForfeited) return [...toAssets, ...people];
  const forfeited = people.reduce((sum, part) => sum + part.amount, 0n);
  return [...toAssets, { to: { tag: 'Account', value: TREASURY }, amount: forfeited }];
}

/** What a stream has carried so far. */
export function streamInfoOf(ctx: Context, asset: Asset): StreamInfo {
  return {
    stream: state.use(ctx).store.streams.get(asset),
    earned: earningsOf(ctx, asset),
    contributors: contributorsOf(ctx, asset),
  };
}
