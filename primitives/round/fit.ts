/** Whether a rule can be carried out, whatever is submitted under it; if not, why. */
import { isTacitError } from '../errors.ts';
import { distanceBits, type FheParams, KEY_TEST_VALUES, payoutNormLimit } from '../fhe/params.ts';
import { ceilSqrt } from '../fhe/sqrt.ts';
import { checkLane, claimsWrap, LANES, MAX_DIGITS_PER_VALUE } from '../proofs/lane.ts';
import { checkMeter } from '../proofs/meter.ts';
import { MAX_FACTOR } from './factors.ts';
import { largestSummed, lanesOf, laneSpecOf } from './lanes.ts';
import { MAX_ITEMS, MAX_OPEN_BLOCKS, MAX_PLACES, MAX_UPDATE_PARTS, MAX_UPDATES, MONEY_LIMIT } from './limits.ts';
import { MAX_PAST, roundingNorm, WHOLE_DISCOUNT } from './novelty.ts';
import { type RoundFrame, type RoundRule, ruleWithoutScores, type SumRule } from './rule.ts';
import { paymentOf, type ScoreBounds } from './score.ts';
import { isSketchable } from './sketch.ts';

/** What is wrong with a rule: names of the tally's errors. */
export const RULE_FAULTS = {
  BadParts: 'A round has 1 to 64 update parts, each with one committed hash of its direction.',
  BadCounts:
    'kMin is at least what the chain demands, and at most the places there are: 1,000 for items, 64 for ballots or reports.',
  TooManyUpdates: 'Items times parts are at most 1,024: fewer items or parts.',
  BadWindow: 'A round is open for at least one block and, extensions included, for at most seven days.',
  CountTooLarge:
    'Counts of as many items, with as many digits as a reporter’s total has, could pass the plaintext modulus: count in larger units.',
  BadFactor: 'The largest factor of counts is at least 1 and at most 16.',
  BadNovelty: 'At most four past aggregates count, at a discount of 0 to 100 hundredths.',
  BadLane: 'An update part has more values than the parameter set carries, or a norm its values cannot have.',
  BadSketch: 'A sketch has fewer values than what it is of, and at least one in each part.',
  NoPoints: 'gamma is zero: the rule gives updates no points.',
  EmptyPool: 'The pool is empty: the owner would get the aggregate for nothing.',
  TooMuchMoney: 'Pool and all stakes together are below 2^47 units.',
  UnreachableTotal: 'tMin is at most half the largest total that kMin updates of this norm can reach.',
  MarksClaims:
    'Points of all counts, at the largest factor, and what items may have in public points above the base are together at most a quarter of the largest total of kMin updates: more would mark the claims.',
  CountsWrap: 'The points of all counts could pass the plaintext modulus: lower points, totals or factors.',
  NoiseBudget: 'Openings could pass their noise bound: lower gamma, points of counts, factors, normSq or maxItems.',
  PaysNothing:
    'Rounding could take more than a thirtieth of the payout: raise pool or stake, or lower gamma and points.',
} as const;
/** What is wrong with a round that is opened as one sum, besides. */
export const SUM_FAULTS = {
  BadSum:
    'A ballot has at least two options and a budget, a report at least one counter, a meter a total and bounds above zero; none has more digits than a submission carries.',
  SumWraps:
    'The sum, or what one vector adds up to, could pass the plaintext modulus: a smaller budget or count, fewer values or places.',
} as const;
export type RuleFault = keyof typeof RULE_FAULTS | keyof typeof SUM_FAULTS;

/** Least rate, in grains a point, at the largest total: rounding a rate down takes less than a thirtieth of it. */
const LEAST_RATE = 32n;

/** What updates, counts and public points under a rule can come to at most. */
interface Extremes {
  /** Largest total of the scores of updates, `n^2 * normSq` per part for `U = n*g`. */
  readonly scores: bigint;
  /** The same of the fewest with which the round goes on: what a rule may count on, whatever number of places the owner names. */
  readonly scoresOfFewest: bigint;
  /** All counts times their points, at the largest factor. */
  readonly counts: bigint;
  /** Weights of the counts of one item: points of all reporters, at the largest factor. */
  readonly countNorm: bigint;
  /** What all items may have in public points above the base. */
  readonly standings: bigint;
  /** The base of all items. */
  readonly bases: bigint;
  /** Bounds of one item's score. */
  readonly bounds: ScoreBounds;
}

/** How much longer rounding may make the weights of all parts together: none are rounded from which nothing is taken. */
function roundingOf({ parts, discount }: RoundRule): bigint {
  if (discount === 0) return 0n;
  return parts.reduce((sum, values) => sum + roundingNorm(values), 0n);
}

function extremesOf(rule: RoundRule): Extremes {
  const { parts, reporters, normSq, gamma, kMin, maxItems } = rule;
  const [n, fewest, factor] = [BigInt(maxItems), BigInt(kMin), BigInt(rule.mostFactor)];
  const perPart = BigInt(parts.length) * gamma;
  const [norm, rounding] = [ceilSqrt(normSq), gamma * roundingOf(rule)];
  const countNorm = factor * reporters.reduce((sum, { points }) => sum + points, 0n);
  return {
    scores: perPart * n * n * normSq,
    scoresOfFewest: perPart * fewest * fewest * normSq,
    countNorm,
    counts: factor * reporters.reduce((sum, { total, points }) => sum + total * points, 0n),
    standings: n * rule.mostStanding,
    bases: n * rule.base,
    // |v| = |2n*g - U| is at most 3n times the norm, what is new in it no longer but for rounding.
    bounds: {
      phiBound: 3n * n * perPart * normSq + rounding * norm,
      weightNorm: 3n * n * perPart * norm + rounding + countNorm,
    },
  };
}

/** The first thing that is wrong with a rule under a parameter set; undefined if nothing is. @param leastK least `kMin` of the chain */
export function ruleFault(params: FheParams, rule: RoundRule, leastK: number): RuleFault | undefined {
  return formFault(params, rule, leastK) ?? scoreFault(params, rule) ?? moneyFault(params, rule);
}

function formFault(params: FheParams, rule: RoundRule, leastK: number): RuleFault | undefined {
  const { parts, directions, mostFactor, maxItems, kMin } = rule;
  if (parts.length === 0 || parts.length > MAX_UPDATE_PARTS || directions.length !== parts.length) return 'BadParts';
  if (maxItems < 1 || maxItems > MAX_ITEMS || kMin < leastK || kMin > maxItems) return 'BadCounts';
  if (maxItems * parts.length > MAX_UPDATES) return 'TooManyUpdates';
  if (!isWindow(rule)) return 'BadWindow';
  if (countsWrap(rule)) return 'CountTooLarge';
  if (mostFactor < 1 || mostFactor > MAX_FACTOR) return 'BadFactor';
  if (rule.past.length > MAX_PAST || rule.discount > WHOLE_DISCOUNT) return 'BadNovelty';
  if (!haveForm(params, rule)) return 'BadLane';
  return rule.sketch === undefined || isSketchable(parts, rule.sketch) ? undefined : 'BadSketch';
}

function isWindow({ openBlocks, maxExtensions }: RoundFrame): boolean {
  return openBlocks > 0 && openBlocks * (1 + maxExtensions) <= MAX_OPEN_BLOCKS;
}

/** Whether the counts of a reporter have more digits than values may, or false ones could add up to its total modulo t. */
function countsWrap(rule: RoundRule): boolean {
  const usage = lanesOf(rule)
    .map(laneSpecOf)
    .filter(({ lane }) => lane === 'usage');
  return usage.some((spec) => spec.digits > MAX_DIGITS_PER_VALUE || claimsWrap(spec));
}

/** Whether every lane is one that a submission can meet. */
function haveForm(params: FheParams, rule: RoundRule, sum?: SumRule): boolean {
  try {
    for (const spec of lanesOf(rule, sum).map(laneSpecOf)) {
      checkLane(spec, params.degree);
      if (spec.bounds !== undefined) checkMeter(spec);
    }
    return true;
  } catch (error) {
    if (isTacitError(error, 'proofs/bad-lane')) return false;
    throw error;
  }
}

/** The same for a round that is opened as one sum: no wrap mod t, no opening beyond its noise bound, none that the flood does not hide. */
export function sumFault(params: FheParams, frame: RoundFrame, sum: SumRule, leastK: number): RuleFault | undefined {
  const { values, most, places, lane } = sum;
  const n = BigInt(places);
  // Of a meter's counts nothing is opened: no crowd has to hide them.
  const least = lane === LANES.meter ? 1 : leastK;
  if (places < 1 || places > MAX_PLACES || frame.kMin < least || frame.kMin > places) return 'BadCounts';
  if (!isWindow(frame)) return 'BadWindow';
  const isEmpty = most < 1n || most >= params.t || values < (lane === LANES.ballot ? 2 : 1);
  const specs = lanesOf(ruleWithoutScores(frame), sum).map(laneSpecOf);
  if (isEmpty || specs.some(({ digits }) => digits > MAX_DIGITS_PER_VALUE)) return 'BadSum';
  // None is below zero: a sum is right up to the modulus itself.
  if (n * largestSummed(sum) >= params.t || specs.some(claimsWrap)) return 'SumWraps';
  if (!haveForm(params, ruleWithoutScores(frame), sum)) return 'BadSum';
  return n > params.maxWeightNorm || sumDistance(params, sum) < params.lambda ? 'NoiseBudget' : undefined;
}

/** {@link distanceBits} of everything that a round opens that is summed: test encryptions of all attempts, and the sum. */
export function sumDistance(params: FheParams, { values, places }: Pick<SumRule, 'values' | 'places'>): number {
  return distanceBits(params, [
    { values: KEY_TEST_VALUES * (params.f + 1), weightNorm: 1n },
    { values, weightNorm: BigInt(places) },
  ]);
}

/** Counts do not wrap mod t, and no opening passes its noise bound. Scores are opened as amounts only, which the payment keeps below t. */
function scoreFault(params: FheParams, rule: RoundRule): RuleFault | undefined {
  if (rule.gamma === 0n || rule.normSq === 0n) return 'NoPoints';
  const { counts, countNorm, bounds } = extremesOf(rule);
  // No count is below zero: their sum is right up to the modulus itself.
  if (counts >= params.t) return 'CountsWrap';
  const { maxWeightNorm } = params;
  const isBeyond =
    bounds.weightNorm > payoutNormLimit(maxWeightNorm, rule.maxItems) || allCountsNorm(rule, countNorm) > maxWeightNorm;
  return isBeyond ? 'NoiseBudget' : undefined;
}

/** Bound of `countsNorm`: all places taken, all with the largest factor. */
function allCountsNorm({ maxItems }: RoundRule, countNorm: bigint): bigint {
  return countNorm * ceilSqrt(BigInt(maxItems));
}

function moneyFault(params: FheParams, rule: RoundRule): RuleFault | undefined {
  const { pool, stake, maxItems, tMin } = rule;
  const { scores, scoresOfFewest, counts, standings, bases, bounds } = extremesOf(rule);
  if (pool === 0n) return 'EmptyPool';
  if (pool + stake * BigInt(maxItems) >= MONEY_LIMIT) return 'TooMuchMoney';
  if (2n * tMin > scoresOfFewest) return 'UnreachableTotal';
  if (4n * (counts + standings) > scoresOfFewest) return 'MarksClaims';
  const best = scores + counts + standings + bases;
  const { rate } = paymentOf({ ...rule, tMin: 0n }, best, bounds, params.maxWeightNorm);
  return rate < LEAST_RATE ? 'PaysNothing' : undefined;
}
