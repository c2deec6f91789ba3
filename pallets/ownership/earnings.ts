/** What assets earn. It waits here until somebody has it divided; royalty says among whom. */
import { TacitError } from '../../primitives/errors.ts';
import { transfer } from '../balances/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { EARNINGS, state } from './state.ts';
import type { Asset, Earned } from './types.ts';
import { assetName } from './titles.ts';

/**
 * Moves free balance of `from` into what an asset has earned.
 * @param burned what the same payment has burned: it goes along with the money, and bounds what the chain may add for the use of data
 */
export function earn(ctx: Context, asset: Asset, from: Uint8Array, amount: bigint, burned = 0n): void {
  const { store, errors, events } = state.use(ctx);
  ensure(store.titles.has(asset), errors.UnknownAsset);
  if (amount === 0n) return;
  transfer(ctx, from, EARNINGS, amount, 'keepAlive');
  store.earnings.mutate(asset, (earned) => ({ amount: earned.amount + amount, burned: earned.burned + burned }));
  events.Earned({ asset, from, amount, burned });
}

/** What an asset has earned and nobody has divided yet, with what the payments burned. */
export function earnedOf(ctx: Context, asset: Asset): Earned {
  return state.use(ctx).store.earnings.get(asset);
}

export const earningsOf = (ctx: Context, asset: Asset): bigint => earnedOf(ctx, asset).amount;

/** A part of what one asset has earned that another one earns by it. */
export interface Passed extends Earned {
  readonly to: Asset;
}

/**
 * Divides what an asset has earned: parts become what other assets have earned, `taken` goes to an account of the pallet that divides. What is left of the
 * money waits on; what is left of the burned is forgotten. The caller has counted: parts and `taken` are at most what there is.
 */
export function divideEarnings(
  ctx: Context,
  asset: Asset,
  { passed, taken, to }: { passed: readonly Passed[]; taken: bigint; to: Uint8Array },
): void {
  const { store, errors, events } = state.use(ctx);
  const earned = store.earnings.get(asset);
  const amount = passed.reduce((left, part) => left - part.amount, earned.amount - taken);
  const burned = passed.reduce((left, part) => left - part.burned, earned.burned);
  if (amount < 0n || burned < 0n) throw new TacitError('ownership/overdrawn', `${assetName(asset)} earned less`);
  if (amount === 0n) store.earnings.remove(asset);
  else store.earnings.put(asset, { amount, burned: 0n });
  for (const part of passed) {
    ensure(store.titles.has(part.to), errors.UnknownAsset);
    store.earnings.mutate(part.to, (before) => ({
      amount: before.amount + part.amount,
      burned: before.burned + part.burned,
    }));
    events.PassedOn({ asset, to: part.to, amount: part.amount });
  }
  if (taken > 0n) transfer(ctx, EARNINGS, to, taken, 'allowDeath');
}
