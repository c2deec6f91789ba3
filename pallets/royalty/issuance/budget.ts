/** What a period of the issuance may issue, and for what. */
import { partOf, WHOLE } from '../../../primitives/money.ts';
import { parameter } from '../../parameters/index.ts';
import type { Context } from '../../support/index.ts';
import { ONE, partsOf } from './exact.ts';
import type { Issuance } from './types.ts';

export const periodBlocks = (ctx: Context): number => Number(parameter(ctx, 'IssuancePeriod'));

/** By what the most that a period may issue is told, read once. */
export interface BudgetRule {
  readonly perPeriod: bigint;
  readonly halving: bigint;
}
export const budgetRule = (ctx: Context): BudgetRule => ({
  perPeriod: parameter(ctx, 'IssuancePerPeriod'),
  halving: parameter(ctx, 'IssuanceHalving'),
});

/** The most that a period may issue for use: what the base has no part of. */
export function bonusBudgetOf(ctx: Context, period: number): bigint {
  const { perPeriod, halving } = budgetRule(ctx);
  return partOf(perPeriod >> (BigInt(period) / halving), WHOLE - Number(parameter(ctx, 'BaseShare')));
}

/** How much may still be issued or promised, in parts of a unit. */
export function roomOf(ctx: Context, { issued, backing }: Issuance): bigint {
  const room = (parameter(ctx, 'IssuanceCap') - issued) * ONE - partsOf(backing.promised);
  return room > 0n ? room : 0n;
}
