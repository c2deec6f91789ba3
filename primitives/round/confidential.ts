/**
 * Scores of a round whose sum `U` and direction `g` stay encrypted (§13.4): `score_i` is coefficient 0 of `sum_p u_i,p(x) * v_p(1/x)` with `v_p = 2n*g_p - U_p`,
 * one product for each item and part. What is computed is said here; ciphertexts are multiplied by whoever holds an evaluator.
 */
import { at } from '../at.ts';
import { TacitError } from '../errors.ts';
import type { WeightedTerm } from '../fhe/evaluate.ts';
import type { FheParams, RoundContext } from '../fhe/params.ts';
import { productNorm } from '../fhe/product-noise.ts';
import type { Ciphertext, OpeningRequest } from '../fhe/types.ts';
import type { CountRule, RoundRule } from './rule.ts';
import { coefficientPolynomial, countsNorm, countsPolynomial, type PublicTerms, type ScoreBounds } from './score.ts';

/** What evaluates: SEAL under the round's evaluation keys. */
export interface ProductEvaluator {
  sum(ciphertexts: readonly Ciphertext[]): Ciphertext;
  weightedSum(terms: readonly WeightedTerm[]): Ciphertext;
  reversed(ciphertext: Ciphertext): Ciphertext;
  sumOfProducts(pairs: readonly (readonly [Ciphertext, Ciphertext])[]): Ciphertext;
}

/** Accepted ciphertexts of a confidential round. */
export interface EncryptedRound {
  /** Updates of the accepted items, part by part. */
  readonly updates: readonly (readonly Ciphertext[])[];
  /** The owner's direction, a submission for each part. */
  readonly direction: readonly Ciphertext[];
  /** Accepted reports, and what a count of each is worth. */
  readonly counts: readonly Ciphertext[];
  readonly points: readonly bigint[];
}

/** Both operands of the products of one part. */
export interface PartOperands {
  /** `U_p`. */
  readonly sum: Ciphertext;
  /** `v_p(1/x)`. */
  readonly weights: Ciphertext;
}

/** `U_p` and `v_p(1/x)` of each part: one automorphism for a part. */
export function partOperands(evaluator: ProductEvaluator, { updates, direction }: EncryptedRound): PartOperands[] {
  const twice = Int32Array.of(2 * updates.length);
  return direction.map((own, part) => {
    const sum = evaluator.sum(updates.map((parts) => at(parts, part)));
    const weights = evaluator.weightedSum([
      { ciphertext: own, weights: twice },
      { ciphertext: sum, weights: Int32Array.of(-1) },
    ]);
    return { sum, weights: evaluator.reversed(weights) };
  });
}

/** `gamma * products + counts`, each count a weight polynomial times its report. */
function joined(
  evaluator: ProductEvaluator,
  gamma: bigint,
  products: Ciphertext,
  { counts, points }: EncryptedRound,
  polynomialOf: (points: bigint) => BigInt64Array,
): Ciphertext {
  const reports = counts.map((ciphertext, r) => ({ ciphertext, weights: polynomialOf(at(points, r)) }));
  return evaluator.weightedSum([{ ciphertext: products, weights: BigInt64Array.of(gamma) }, ...reports]);
}

/**
 * `D_i`: what of the score of one accepted item is encrypted stands in coefficient 0 (§9.3).
 * @param item its number, the coefficient of its counts
 * @param place among the accepted
 */
export function encryptedScore(
  params: Pick<FheParams, 'degree'>,
  evaluator: ProductEvaluator,
  { gamma }: Pick<RoundRule, 'gamma'>,
  round: EncryptedRound,
  operands: readonly PartOperands[],
  { item, place, factor }: { readonly item: number; readonly place: number; readonly factor: number },
): Ciphertext {
  const pairs = operands.map(({ weights }, part) => [at(at(round.updates, place), part), weights] as const);
  return joined(evaluator, gamma, evaluator.sumOfProducts(pairs), round, (points) =>
    coefficientPolynomial(item, points * BigInt(factor), params.degree),
  );
}

/**
 * The sum of all `D_i`, in coefficient 0: `gamma * sum_p <U_p, v_p>` and the points of all counts. One product for a part, not for each item: `U_p` is the sum of
 * the updates.
 * @param items numbers of the accepted items, in order
 */
export function encryptedTotal(
  params: Pick<FheParams, 'degree'>,
  evaluator: ProductEvaluator,
  { gamma }: Pick<RoundRule, 'gamma'>,
  round: EncryptedRound,
  operands: readonly PartOperands[],
  items: readonly number[],
  { factors }: Pick<PublicTerms, 'factors'>,
): Ciphertext {
  const products = evaluator.sumOfProducts(operands.map(({ sum, weights }) => [sum, weights] as const));
  const all = countsPolynomial(items, factors, params.degree);
  return joined(evaluator, gamma, products, round, (points) => all.map((weight) => weight * points));
}

/** Norms of the two kinds of openings of a confidential round, and the bound that decides its rate (§7.3). */
export interface ConfidentialBounds extends ScoreBounds {
  /** Weight norm of the total. */
  readonly totalNorm: bigint;
}

/** An accepted report: what a count of it is worth, and all of its counts. */
export type CountedReport = Pick<CountRule, 'points' | 'total'>;

/** What decides how large scores can be. */
type ScoreTerms = Pick<RoundRule, 'gamma' | 'normSq' | 'parts'>;

/**
 * Whether the total could pass half of the plaintext modulus, and come out of its opening as another one [a rate too high for the true total, so that notes are worth more than the
 * pool]: `<U, 2n*g - U>` is `n^2 |g|^2 - |n*g - U|^2`, at most `n^2*normSq` and at least `-3 n^2*normSq`. With `U` in the open it is computed and never wraps.
 */
function totalWraps(
  { t }: FheParams,
  { gamma, normSq, parts }: ScoreTerms,
  accepted: bigint,
  reports: readonly CountedReport[],
  mostFactor: bigint,
): boolean {
  const products = gamma * BigInt(parts.length) * accepted * accepted * normSq;
  const counts = mostFactor * reports.reduce((sum, { points, total }) => sum + points * total, 0n);
  const half = t / 2n;
  return 3n * products > half || products + counts > half;
}

/**
 * What follows from public numbers alone: `|u_i|^2 = |g|^2 = normSq` are proved for each part, so that `|v_p| <= 3n*sqrt(normSq)` (Cauchy-Schwarz).
 * @param accepted `n`
 * @param reports the accepted ones
 * @throws `tally/not-confidential`; `tally/total-wraps` for a round whose total could not be opened as it is
 */
export function confidentialBounds(
  params: FheParams,
  rule: ScoreTerms,
  accepted: number,
  reports: readonly CountedReport[],
  terms: Pick<PublicTerms, 'factors'>,
): ConfidentialBounds {
  if (!params.confidential) {
    throw new TacitError('tally/not-confidential', 'no ciphertexts are multiplied under this parameter set', {
      id: params.id,
    });
  }
  const n = BigInt(accepted);
  const mostFactor = BigInt(Math.max(1, ...terms.factors));
  if (totalWraps(params, rule, n, reports, mostFactor)) {
    throw new TacitError('tally/total-wraps', 'the total of all scores could pass half of the plaintext modulus');
  }
  const weight = rule.gamma * BigInt(rule.parts.length);
  const ring = { ...params, degree: BigInt(params.degree), count: BigInt(params.subsets.length) };
  const points = reports.map((report) => report.points);
  const counts = mostFactor * points.reduce((sum, one) => sum + one, 0n);
  return {
    phiBound: weight * 3n * n * rule.normSq,
    weightNorm: weight * productNorm(ring, 1n, 3n * n) + counts,
    totalNorm: weight * productNorm(ring, n, 3n * n) + countsNorm(points, terms),
  };
}

/** The opening of the total, before anything is paid: it decides the rate (§7.3). Public points are added in the clear. */
export function totalRequest(
  context: RoundContext,
  { totalNorm }: Pick<ConfidentialBounds, 'totalNorm'>,
  total: Uint8Array,
): OpeningRequest {
  const slots = [{ source: 0, from: 0, count: 1, scale: 1n, weightNorm: totalNorm }];
  return { context, step: 'total', attempt: 0, sources: [total], slots };
}
