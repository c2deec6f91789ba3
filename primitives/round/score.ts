/**
 * The arithmetic of a round's rule (specification §7.3, §9.3): integers only, the same on every node,
 * in the committee's worker and in the audit.
 */
import { at } from '../at.ts';
import { TacitError } from '../errors.ts';
import { payoutNormLimit } from '../fhe/params.ts';
import { ceilSqrt } from '../fhe/sqrt.ts';
import { countedFactors } from './factors.ts';
import { MONEY_LIMIT } from './limits.ts';
import { LANES } from '../proofs/lane.ts';
import { newSquare, noveltyWeights } from './novelty.ts';
import { VERDICT } from './phases.ts';
import type { RoundRule } from './rule.ts';

/**
 * `v = 2n*g - U`: coefficients of one update part in the score, before what is not new is taken out.
 * @param accepted `n`
 */
export function shapleyWeights(accepted: number, direction: Int8Array, aggregate: Int32Array): Int32Array {
  if (direction.length !== aggregate.length) {
    throw new TacitError('tally/direction-length', 'direction and aggregate differ in length');
  }
  return aggregate.map((sum, j) => 2 * accepted * (direction[j] as number) - sum);
}

/** What of one part of a round's updates is public once `U` stands. */
export interface OpenedPart {
  readonly direction: Int8Array;
  readonly aggregate: Int32Array;
  /** The same part of the aggregates that the rule names, in its order. */
  readonly past: readonly Int32Array[];
}

/** `v'` of one part, by which the score of an item is `gamma * <u, v'>` (specification §9.6). @param accepted `n` */
export function partWeights(
  { discount }: Pick<RoundRule, 'discount'>,
  accepted: number,
  { direction, aggregate, past }: OpenedPart,
): Int32Array {
  return noveltyWeights(shapleyWeights(accepted, direction, aggregate), past, discount);
}

/**
 * The plaintext polynomial `w` with `(w * m)_0 = scale * <v, m>` in Z[x]/(x^N + 1): `w_0 = scale*v_0`, `w_(N-j) = -scale*v_j`.
 * @param degree N, at least `weights.length`
 */
export function functionalPolynomial(weights: ArrayLike<number>, scale: bigint, degree: number): BigInt64Array {
  const out = new BigInt64Array(degree);
  for (let j = 0; j < weights.length; j++) {
    const value = scale * BigInt(weights[j] as number);
    out[j === 0 ? 0 : degree - j] = j === 0 ? value : -value;
  }
  return out;
}

/** The polynomial that brings `scale` times coefficient `index` to coefficient 0. */
export function coefficientPolynomial(index: number, scale: bigint, degree: number): BigInt64Array {
  const out = new BigInt64Array(degree);
  out[index === 0 ? 0 : degree - index] = index === 0 ? scale : -scale;
  return out;
}

/** The polynomial that brings the counts of the accepted items, each times its factor, to coefficient 0 in sum. @param items their numbers */
export function countsPolynomial(items: readonly number[], factors: readonly number[], degree: number): BigInt64Array {
  const out = new BigInt64Array(degree);
  items.forEach((item, place) => {
    const factor = BigInt(at(factors, place));
    out[item === 0 ? 0 : degree - item] = item === 0 ? factor : -factor;
  });
  return out;
}

function innerProduct(one: ArrayLike<number>, other: ArrayLike<number>): bigint {
  let sum = 0n;
  for (let j = 0; j < one.length; j++) sum += BigInt(one[j] as number) * BigInt(other[j] as number);
  return sum;
}

/** Sum of squares of an integer vector. */
export function squaredNorm(values: ArrayLike<number>): bigint {
  return innerProduct(values, values);
}

/** What the opened parts of a round come to, added up part by part: all that payment and price need of them. */
export interface ScoredParts {
  /** `sum_p <U_p, v'_p>`: the scores of all updates, without `gamma`. */
  readonly products: bigint;
  /** `sum_p ceil(sqrt(normSq * |v'_p|^2))`: no update scores below minus that, times `gamma`. */
  readonly phi: bigint;
  /** `sum_p ceil(|v'_p|)`. */
  readonly norm: bigint;
  /** What of the squares of `U` is new: what its price follows from (specification §9.8). */
  readonly news: bigint;
}

/** Before a part is opened. */
export const NO_PARTS: ScoredParts = { products: 0n, phi: 0n, norm: 0n, news: 0n };

/**
 * Adds parts to what those before them come to. Of parts that are made as they are asked for one is held at a time.
 * @param accepted `n`
 */
export function scoredParts(
  rule: Pick<RoundRule, 'normSq' | 'discount'>,
  accepted: number,
  parts: Iterable<OpenedPart>,
  before: ScoredParts = NO_PARTS,
): ScoredParts {
  let { products, phi, norm, news } = before;
  for (const part of parts) {
    const weights = partWeights(rule, accepted, part);
    const squared = squaredNorm(weights);
    products += innerProduct(weights, part.aggregate);
    phi += ceilSqrt(rule.normSq * squared);
    norm += ceilSqrt(squared);
    news += newSquare(part.aggregate, part.past, rule.discount);
  }
  return { products, phi, norm, news };
}

/** What the weights of a round's score are worth: bounds that decide the rate. */
export interface ScoreBounds {
  /** No accepted item can score below `-phiBound`. */
  readonly phiBound: bigint;
  /** Sum over fresh ciphertexts of the 2-norm of the weights of one item's score. */
  readonly weightNorm: bigint;
}

/** What the state says of the public side of a round's scores. */
export interface PublicTerms {
  /** Public points of each accepted item, the base included. */
  readonly points: readonly bigint[];
  /** By what the counts of each accepted item are multiplied. */
  readonly factors: readonly number[];
}

/** What the state gives an item. */
interface StatedItem {
  readonly standing: bigint;
  readonly factor: number;
}

/** Public terms of the accepted items. @param items what the state gives each of them, in order */
export function publicTerms(
  { base, kMin }: Pick<RoundRule, 'base' | 'kMin'>,
  items: readonly StatedItem[],
): PublicTerms {
  return {
    points: items.map(({ standing }) => base + standing),
    factors: countedFactors(
      kMin,
      items.map(({ factor }) => factor),
    ),
  };
}

/** What all items have in points that everyone knows. */
function publicPoints({ points }: Pick<PublicTerms, 'points'>): bigint {
  return points.reduce((sum, one) => sum + one, 0n);
}

/** Points for a count of each accepted report, in the order of their submission. */
export function acceptedCounts(
  { reporters }: Pick<RoundRule, 'reporters'>,
  submissions: readonly { readonly lane: number; readonly part: number; readonly verdict: number }[],
): bigint[] {
  return submissions
    .filter(({ lane, verdict }) => lane === LANES.usage && verdict === VERDICT.accepted)
    .map(({ part }) => at(reporters, part).points);
}

/**
 * Weight norm of the points of all counts in one value: per accepted report its points times the norm of the factors. 0 if no counts are worth points: then
 * nothing is opened of them.
 * @param points for a count of each accepted report (each is a fresh ciphertext)
 */
export function countsNorm(points: readonly bigint[], { factors }: Pick<PublicTerms, 'factors'>): bigint {
  const squares = factors.reduce((sum, factor) => sum + BigInt(factor) ** 2n, 0n);
  return points.reduce((sum, one) => sum + one, 0n) * ceilSqrt(squares);
}

/**
 * `T`, the sum of all scores (§9.3). That of the updates follows from their sum: `sum_i <u_i, v> = <U, v>`.
 * @param scored of all parts
 * @param counts points of the counts of all accepted items, factors included
 */
export function totalScore(
  { gamma }: Pick<RoundRule, 'gamma'>,
  { products }: Pick<ScoredParts, 'products'>,
  counts: bigint,
  terms: Pick<PublicTerms, 'points'>,
): bigint {
  return gamma * products + counts + publicPoints(terms);
}

/**
 * Bounds of one item's score, as far as it is encrypted: public points are never below zero.
 * @param scored of all parts
 * @param points for a count of each accepted report (each is a fresh ciphertext)
 */
export function scoreBounds(
  { gamma }: Pick<RoundRule, 'gamma'>,
  { phi, norm }: Pick<ScoredParts, 'phi' | 'norm'>,
  points: readonly bigint[],
  { factors }: Pick<PublicTerms, 'factors'>,
): ScoreBounds {
  const counts = BigInt(Math.max(1, ...factors)) * points.reduce((sum, one) => sum + one, 0n);
  return { phiBound: gamma * phi, weightNorm: gamma * norm + counts };
}

/** What a point of score pays. Notes are counted in *grains*, so that a rate below one unit of money a point is a whole number too. */
export interface Payment {
  /** Grains paid per point of score. */
  readonly rate: bigint;
  /** Grains in one unit of money: a power of 16, so that the notes of most rounds are of few kinds and hide each other (specification §12.10). */
  readonly grains: bigint;
}

/** From one size of grains to the next. */
const FINER = 16n;

/** Whether so many grains to the unit are among those that {@link paymentOf} chooses from. */
export function isPowerOf16(grains: bigint): boolean {
  let rest = grains;
  while (rest > 1n && rest % FINER === 0n) rest /= FINER;
  return rest === 1n;
}

/** What of a rule decides the payment. */
export type PaymentTerms = Pick<RoundRule, 'tMin' | 'pool' | 'stake' | 'maxItems'>;

/**
 * The payment of a round (§7): nothing if the total is below `tMin` [a total near zero with negative scores paid many times the pool], else as much as the
 * pool can pay for all and any stake can lose, in the finest grains that amounts (below {@link MONEY_LIMIT}) and the noise of the payout's opening have room for
 * [a rate in whole units paid nothing of pools under 120 TAC and of stakes under 20 TAC].
 * @param maxWeightNorm of the parameter set; each of many payouts has less (`payoutNormLimit`)
 */
export function paymentOf(
  { tMin, pool, stake, maxItems }: PaymentTerms,
  total: bigint,
  { phiBound, weightNorm }: ScoreBounds,
  maxWeightNorm: bigint,
): Payment {
  if (total <= 0n || total < tMin) return { rate: 0n, grains: 1n };
  // pool/total or stake/phiBound, whichever is less, as a fraction: it is multiplied before it is divided.
  const isStakeLess = phiBound > 0n && stake * total < pool * phiBound;
  const [money, points] = isStakeLess ? [stake, phiBound] : [pool, total];
  const most = weightNorm > 0n ? payoutNormLimit(maxWeightNorm, maxItems) / weightNorm : money;
  const rateAt = (grains: bigint): bigint => (money * grains) / points;
  const atStake = pool + stake * BigInt(maxItems);
  let grains = 1n;
  while (atStake * grains * FINER < MONEY_LIMIT && rateAt(grains * FINER) <= most) grains *= FINER;
  const rate = rateAt(grains);
  return { rate: rate < most ? rate : most, grains };
}

/** What a payment takes out of the pool, in whole units; the fractions of a unit that this leaves out stay in the pool. */
export function paidBy({ rate, grains }: Payment, total: bigint): bigint {
  return total > 0n ? (rate * total) / grains : 0n;
}

/** A part of `U` as it stands in state: 32-bit two's complement, little endian. */
export function aggregateBytes(values: Int32Array): Uint8Array {
  const out = new Uint8Array(4 * values.length);
  const view = new DataView(out.buffer);
  values.forEach((value, j) => view.setInt32(4 * j, value, true));
  return out;
}

/** Inverse of {@link aggregateBytes}. Throws `tally/aggregate-length`. */
export function aggregateValues(bytes: Uint8Array): Int32Array {
  if (bytes.length % 4 !== 0)
    throw new TacitError('tally/aggregate-length', 'an aggregate has four bytes a value', { length: bytes.length });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Int32Array.from({ length: bytes.length >> 2 }, (_, j) => view.getInt32(4 * j, true));
}

/** A direction or an update part as signed bytes. */
export function signedBytes(bytes: Uint8Array): Int8Array {
  return new Int8Array(bytes.buffer, bytes.byteOffset, bytes.length);
}
