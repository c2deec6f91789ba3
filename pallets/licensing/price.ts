/** What a licence costs, and where the money goes: the asset, the treasury, nowhere. */
import { partOf } from '../../primitives/money.ts';
import { burn, reservedOf, transfer } from '../balances/index.ts';
import { type Asset, earn } from '../ownership/index.ts';
import { parameter } from '../parameters/index.ts';
import { type Context, TREASURY } from '../support/index.ts';
import type { Split } from './records.ts';
import { ESCROW } from './state.ts';
import type { Price, Terms } from './types.ts';

/** What is paid when a grant is bought or renewed; uses that are paid singly are not. */
export function dueOf(price: Price): bigint {
  return price.tag === 'Once' || price.tag === 'Bundle' || price.tag === 'Subscription' ? price.value.amount : 0n;
}

/** How long one payment reaches, in blocks; undefined: for good. */
export const lengthOf = ({ price, duration }: Terms): number | undefined =>
  price.tag === 'Subscription' ? price.value.period : duration;

/** How many uses one payment gives; undefined: no bound. */
export const usesOf = ({ price, uses }: Terms): bigint | undefined =>
  price.tag === 'Bundle' ? price.value.uses : uses;

/** What so many further uses cost where uses are paid singly. @param before uses over the grant's life until now */
export function priceOfUses(price: Price, before: bigint, uses: bigint): bigint {
  if (price.tag === 'PerUse') return price.value.amount * uses;
  if (price.tag !== 'Volume') return 0n;
  const end = before + uses;
  return price.value.steps.reduce((sum, { from, amount }, place, steps) => {
    const next = steps[place + 1]?.from ?? end;
    const [first, last] = [from > before ? from : before, next < end ? next : end];
    return last > first ? sum + (last - first) * amount : sum;
  }, 0n);
}

export const totalOf = ({ owner, treasury, burned }: Split): bigint => owner + treasury + burned;

/** A price, split. The owner gets the same whoever pays: a discount comes out of what is burned, then of what the treasury gets, and is at most both. */
export function splitOf(ctx: Context, full: bigint, hasDiscount: boolean): Split {
  const part = (name: 'LicenceBurn' | 'LicenceTreasury' | 'LicenceDiscount'): bigint =>
    partOf(full, Number(parameter(ctx, name)));
  const [burned, treasury] = [part('LicenceBurn'), part('LicenceTreasury')];
  const discount = hasDiscount ? part('LicenceDiscount') : 0n;
  const fromBurned = discount < burned ? discount : burned;
  const rest = discount - fromBurned;
  const fromTreasury = rest < treasury ? rest : treasury;
  return { owner: full - burned - treasury, treasury: treasury - fromTreasury, burned: burned - fromBurned };
}

/** Whether an account has enough reserved, for whatever: deposits, stakes, bonds. */
export const isStaked = (ctx: Context, who: Uint8Array): boolean =>
  reservedOf(ctx, who) >= parameter(ctx, 'LicenceDiscountBond');

/** Pays a price out of the escrow. */
export function payOut(ctx: Context, asset: Asset, { owner, treasury, burned }: Split): void {
  if (burned > 0n) burn(ctx, ESCROW, burned, 'allowDeath');
  if (treasury > 0n) transfer(ctx, ESCROW, TREASURY, treasury, 'allowDeath');
  earn(ctx, asset, ESCROW, owner, burned);
}
