/** What assets earn. It waits here until somebody has it distributed; royalty says to whom. */
import { transfer } from '../balances/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { EARNINGS, state } from './state.ts';
import type { Asset } from './types.ts';

/** Moves free balance of `from` into what an asset has earned. */
export function earn(ctx: Context, asset: Asset, from: Uint8Array, amount: bigint): void {
  const { store, errors, events } = state.use(ctx);
  ensure(store.titles.has(asset), errors.UnknownAsset);
  if (amount === 0n) return;
  transfer(ctx, from, EARNINGS, amount, 'keepAlive');
  store.earnings.mutate(asset, (earned) => earned + amount);
  events.Earned({ asset, from, amount });
}

export function earningsOf(ctx: Context, asset: Asset): bigint {
  return state.use(ctx).store.earnings.get(asset);
}

/** Moves all that an asset has earned to the account of the pallet that distributes it. @returns how much */
export function takeEarnings(ctx: Context, asset: Asset, to: Uint8Array): bigint {
  const { store, errors } = state.use(ctx);
  const earned = store.earnings.get(asset);
  ensure(earned > 0n, errors.NothingEarned);
  store.earnings.remove(asset);
  transfer(ctx, EARNINGS, to, earned, 'allowDeath');
  return earned;
}
