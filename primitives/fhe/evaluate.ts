/**
 * Weighted sums of ciphertexts by our own kernel: what SEAL must give to the byte. The weights are centred integer polynomials, multiplied
 * exactly modulo each prime.
 */
import { TacitError } from '../errors.ts';
import { modulo } from './modulus.ts';
import type { FheParams } from './params.ts';
import { ringOf } from './ring.ts';
import type { Ciphertext, RnsPoly } from './types.ts';
import { ceilSqrt } from './sqrt.ts';

/** One ciphertext times an integer polynomial; coefficients that are not given are zero. */
export interface WeightedTerm {
  readonly ciphertext: Ciphertext;
  readonly weights: Int32Array | BigInt64Array;
}

function checkTerms(params: FheParams, terms: readonly WeightedTerm[]): void {
  if (terms.length === 0) throw new TacitError('fhe/no-terms', 'a sum of no ciphertexts is not a ciphertext');
  const half = params.t / 2n;
  for (const { weights } of terms) {
    if (weights.length > params.degree) {
      throw new TacitError('fhe/coefficient-range', 'more weights than coefficients', { count: weights.length });
    }
    for (const weight of weights) {
      const w = BigInt(weight);
      if (w > half || w < -half) throw new TacitError('fhe/weight-range', 'a weight must lie between -t/2 and t/2');
    }
  }
}

/** Terms that are not identically zero, with weights as big integers. Codes `fhe/no-terms`, `fhe/coefficient-range`, `fhe/weight-range`. */
export function nonZeroTerms(
  params: FheParams,
  terms: readonly WeightedTerm[],
): { ciphertext: Ciphertext; weights: bigint[] }[] {
  checkTerms(params, terms);
  return terms
    .map(({ ciphertext, weights }) => ({ ciphertext, weights: Array.from(weights, (w: number | bigint) => BigInt(w)) }))
    .filter(({ weights }) => weights.some((w) => w !== 0n));
}

/** `sum of weights(x) * ciphertext`. Throws `fhe/transparent` if all weights are zero. */
export function weightedSum(params: FheParams, terms: readonly WeightedTerm[]): Ciphertext {
  const ring = ringOf(params);
  const primes = params.dataPrimes;
  let sum: Ciphertext | undefined;
  for (const { ciphertext, weights } of nonZeroTerms(params, terms)) {
    const poly: RnsPoly = ring.zero(primes.length);
    primes.forEach((q, i) => {
      weights.forEach((w, k) => {
        poly[i * params.degree + k] = modulo(w, q);
      });
    });
    const factor = ring.prepare(poly);
    const c0 = ring.multiplyPrepared(factor, ciphertext.c0);
    const c1 = ring.multiplyPrepared(factor, ciphertext.c1);
    sum = sum ? { c0: ring.add(sum.c0, c0), c1: ring.add(sum.c1, c1) } : { c0, c1 };
  }
  if (!sum) throw new TacitError('fhe/transparent', 'all weights are zero');
  return sum;
}

/** Least integer that is at least the 2-norm of a weight polynomial: what one fresh ciphertext adds to an opening's weight norm. */
export function weightNorm(weights: Int32Array | BigInt64Array): bigint {
  let square = 0n;
  for (const weight of weights) square += BigInt(weight) * BigInt(weight);
  return ceilSqrt(square);
}
