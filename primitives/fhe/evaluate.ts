/**
 * Weighted sums of ciphertexts by our own kernel: what SEAL must give to the byte. The weights are centred integer polynomials, multiplied
 * exactly modulo each prime.
 */
import { TacitError } from '../errors.ts';
import { kernel } from './kernel.ts';
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

/** The weights of a term as plaintext coefficients. */
export interface CentredWeights {
  /** Modulo t, one for each weight that was given. */
  readonly values: BigUint64Array;
  /** How many weights are other than zero, and how many below it. */
  readonly nonZero: number;
  readonly negative: number;
}

/** Codes `fhe/coefficient-range`, `fhe/weight-range`. */
function centredWeights({ degree, t }: FheParams, weights: Int32Array | BigInt64Array): CentredWeights {
  const count = weights.length;
  if (count > degree) throw new TacitError('fhe/coefficient-range', 'more weights than coefficients', { count });
  const words = weights instanceof Int32Array ? BigInt64Array.from(weights, BigInt) : weights;
  const k = kernel();
  return k.frame(() => {
    const r = k.put(new BigUint64Array(words.buffer, words.byteOffset, count));
    const counts = k.alloc(16);
    if (k.run.centred(r, r, count, t / 2n, t, counts) >= 0) {
      throw new TacitError('fhe/weight-range', 'a weight must lie between -t/2 and t/2');
    }
    const [nonZero, negative] = [...k.read(counts, 2)].map(Number) as [number, number];
    return { values: k.read(r, count), nonZero, negative };
  });
}

/** Terms that are not identically zero. Codes `fhe/no-terms`, `fhe/coefficient-range`, `fhe/weight-range`. */
export function nonZeroTerms(
  params: FheParams,
  terms: readonly WeightedTerm[],
): (WeightedTerm & { readonly centred: CentredWeights })[] {
  if (terms.length === 0) throw new TacitError('fhe/no-terms', 'a sum of no ciphertexts is not a ciphertext');
  return terms
    .map((term) => ({ ...term, centred: centredWeights(params, term.weights) }))
    .filter(({ centred }) => centred.nonZero > 0);
}

/** `sum of weights(x) * ciphertext`. Throws `fhe/transparent` if all weights are zero. */
export function weightedSum(params: FheParams, terms: readonly WeightedTerm[]): Ciphertext {
  const ring = ringOf(params);
  const primes = params.dataPrimes;
  let sum: Ciphertext | undefined;
  for (const { ciphertext, weights } of nonZeroTerms(params, terms)) {
    const poly: RnsPoly = ring.zero(primes.length);
    primes.forEach((q, i) => {
      weights.forEach((w: number | bigint, k: number) => {
        poly[i * params.degree + k] = modulo(BigInt(w), q);
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
