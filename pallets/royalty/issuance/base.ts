/**
 * The base of the issuance: what stands behind data earns by the block, each unit of it the same. The rate of a block is the base's part of the period's budget
 * over all backing, and no more than a yield. It is the same in every block until backing or budget change: so nobody gains by when, how often or in which
 * portions anything is counted, and nothing that has no border can be entered just before it.
 */
import { leastOf, WHOLE } from '../../../primitives/money.ts';
import { parameter, YEAR } from '../../parameters/index.ts';
import type { Context } from '../../support/index.ts';
import { budgetRule, periodBlocks, roomOf } from './budget.ts';
import { ONE, plus } from './exact.ts';
import type { BaseIndex, Issuance } from './types.ts';

/**
 * What each unit of `total` backing earns between two blocks, in parts of a unit of money; `from` is not before the period that is kept. A step for each halving,
 * and none when nothing is left to halve: as many as the budget has bits, however long nobody asked.
 */
function growthOf(ctx: Context, { period, began }: Issuance, total: bigint, from: number, to: number): BaseIndex {
  const grown = { data: 0n, backers: 0n };
  if (total === 0n) return grown;
  const whole = BigInt(WHOLE);
  const length = BigInt(periodBlocks(ctx));
  const { perPeriod, halving } = budgetRule(ctx);
  const share = parameter(ctx, 'BaseShare');
  const ofYield = (parameter(ctx, 'BaseYield') * ONE) / (whole * YEAR);
  const backersShare = parameter(ctx, 'BackersShare');
  const [first, start, end] = [BigInt(period), BigInt(began), BigInt(to)];
  for (let at = BigInt(from); at < end; ) {
    const halvings = (first + (at - start) / length) / halving;
    const budget = perPeriod >> halvings;
    if (budget === 0n) break;
    const next = leastOf(end, start + ((halvings + 1n) * halving - first) * length);
    const rate = leastOf((budget * share * ONE) / (whole * length * total), ofYield);
    const ofBackers = (rate * backersShare) / whole;
    grown.backers += ofBackers * (next - at);
    grown.data += (rate - ofBackers) * (next - at);
    at = next;
  }
  return grown;
}

/** The same from where the base is counted, as far as it may still be issued. */
export function allowedGrowth(ctx: Context, now: Issuance, total: bigint, to: number): BaseIndex {
  const grown = growthOf(ctx, now, total, now.backing.at, to);
  const both = grown.data + grown.backers;
  const room = roomOf(ctx, now);
  if (both * total <= room) return grown;
  const most = room / total;
  const backers = (grown.backers * most) / both;
  return { data: most - backers, backers };
}

/** Counts the base up to this block. What it promises is never more than what may still be issued; what the rate rounds away is nobody's. */
export function accrued(ctx: Context, now: Issuance): Issuance {
  const { backing } = now;
  if (backing.at === ctx.block) return now;
  const { total } = backing;
  const { data, backers } = allowedGrowth(ctx, now, total, ctx.block);
  const index = { data: backing.index.data + data, backers: backing.index.backers + backers };
  const promised = plus(backing.promised, (data + backers) * total);
  return { ...now, backing: { total, at: ctx.block, index, promised } };
}
