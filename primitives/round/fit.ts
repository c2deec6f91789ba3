/** Whether a rule can be computed. */
import { TacitError } from '../errors.ts';
import type { FheParams } from '../fhe/params.ts';
import { ceilSqrt } from '../fhe/sqrt.ts';
import { checkLane } from '../proofs/lane.ts';
import { lanesOf, laneSpecOf } from './lanes.ts';
import { MAX_ITEMS, MAX_OPEN_BLOCKS, MAX_UPDATE_PARTS, MONEY_LIMIT } from './limits.ts';
import type { RoundRule } from './rule.ts';

/** Whether the parameter set can compute the rule whatever is submitted: no wrap mod t, no opening beyond its noise bound. */
export function ruleFits(params: FheParams, rule: RoundRule, leastK: number): boolean {
  const { parts, reporters, normSq, maxItems, kMin } = rule;
  if (parts.length === 0 || parts.length > MAX_UPDATE_PARTS || rule.directions.length !== parts.length) return false;
  if (maxItems < 1 || maxItems > MAX_ITEMS || kMin < leastK || kMin > maxItems) return false;
  if (rule.openBlocks === 0 || rule.openBlocks * (1 + rule.maxExtensions) > MAX_OPEN_BLOCKS) return false;
  if (rule.gamma === 0n && (rule.alpha === 0n || reporters.length === 0)) return false;
  if (rule.pool + rule.stake * BigInt(maxItems) >= MONEY_LIMIT) return false;
  if (new Set(reporters.map(({ account }) => account.join())).size !== reporters.length) return false;
  try {
    for (const lane of lanesOf(rule)) checkLane(laneSpecOf(lane), params.maxValues);
  } catch (error) {
    if (error instanceof TacitError) return false;
    throw error;
  }
  const n = BigInt(maxItems);
  const perPart = 3n * n * BigInt(parts.length) * rule.gamma;
  // At least 1: the weights themselves have to be below t/2 too.
  const used = reporters.reduce((sum, { total }) => sum + total, 1n);
  const largestTotal = n * (perPart * normSq + rule.alpha * used);
  const largestNorm = n * (perPart * ceilSqrt(normSq) + rule.alpha * BigInt(reporters.length));
  return largestTotal < params.t / 2n && largestNorm <= params.maxWeightNorm && normSq * n * n < 1n << 62n;
}
