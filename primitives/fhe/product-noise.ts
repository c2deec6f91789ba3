/**
 * Worst-case noise of products of ciphertexts, from the parameters alone (§13.3): whoever chose seeds and keys, and however. Products are those of SEAL
 * (BEHZ 2016), key switches those of SEAL with one digit for each data prime and a special prime, under the keys of evaluation-keys.ts.
 *
 * A ciphertext's *noise* is the `v` with `c0 + c1 s = (Q/t) m + v + Q k` for some plaintext `m` and some `k` over the integers.
 */

/** What of a parameter set the bounds depend on. */
export interface NoiseRing {
  readonly degree: bigint;
  /** Subsets of the committee: secrets are sums of so many ternary pieces. */
  readonly count: bigint;
  readonly dataPrimes: readonly bigint[];
  readonly specialPrime: bigint;
}

export interface ProductRing extends NoiseRing {
  readonly q: bigint;
  readonly t: bigint;
}

/** Largest coefficient of a subset's error piece: centred binomial of 21 coins a side. */
const ERROR_BOUND = 21n;

/**
 * The largest right operand: `2n*g - U` of 1,000 items is a sum of fresh ciphertexts with weights of 3,000 in all. Products with smaller ones show less noise
 * and have a smaller norm.
 */
export const LARGEST_RIGHT = 3_000n;

function ceilDiv(a: bigint, b: bigint): bigint {
  return (a + b - 1n) / b;
}

/**
 * Most noise of one coefficient of a fresh ciphertext: `e*u + e1*s + e0`, each factor a sum over C subsets of coefficients at most 1 (`u`, `s`) or 21, and half a
 * unit for each rounding of the encoder. No deviation enters: seeds and keys may be ground.
 */
export function freshNoise({ degree, count }: Pick<NoiseRing, 'degree' | 'count'>): bigint {
  return 2n * degree * (ERROR_BOUND * count) * count + ERROR_BOUND * count + count + 1n;
}

/** Largest error of a Galois key, and of a relinearisation key: that one is `s*e0 + u*e1 + e2` (§13.2). */
function keyErrors({ degree, count }: NoiseRing): { galois: bigint; relin: bigint } {
  const error = ERROR_BOUND * count;
  return { galois: error, relin: 2n * degree * count * error + error };
}

/**
 * What a key switch adds: `sum_i d_i e_i / P` with digits `d_i` in [0, q_i), and the rounding of both halves when P is divided out.
 * @param keyError largest coefficient of the key's errors
 */
function switchNoise({ degree, count, dataPrimes, specialPrime }: NoiseRing, keyError: bigint): bigint {
  const digits = dataPrimes.reduce((sum, q) => sum + q, 0n);
  return ceilDiv(degree * digits * keyError, specialPrime) + ceilDiv(1n + degree * count, 2n);
}

/**
 * Most noise of a coefficient of `left * right` after relinearisation. Write both ciphertexts as above, their words in [-Q(1/2 + d), Q(1/2 + d)] (BEHZ's reduction, `d`
 * below 2^-29). Then `k` is at most `NC/2 + 2`, and modulo Q
 *
 *     (t/Q) * left * right = (Q/t) m m' + m v' + m' v + t (k v' + k' v) + (t/Q) v v'
 *
 * Plaintexts count with t/2: no bound on what they hold is used. BEHZ's division by Q takes away less than L, for L data primes, from each of the three parts.
 * @param left sum of the weights of the fresh ciphertexts that the left operand is made of
 * @param right the same of the right operand before its automorphism, whose key switch is counted
 */
export function productNoise(ring: ProductRing, left: bigint, right: bigint): bigint {
  const { degree, count, dataPrimes, q, t } = ring;
  const errors = keyErrors(ring);
  const v = left * freshNoise(ring);
  const w = right * freshNoise(ring) + switchNoise(ring, errors.galois);
  const k = (degree * count) / 2n + 2n;
  const secret = degree * count;
  const scaled = degree * (ceilDiv(t, 2n) + t * k) * (v + w) + ceilDiv(t * degree * v * w, q);
  const floors = BigInt(dataPrimes.length) * (1n + secret + secret * secret);
  return scaled + floors + switchNoise(ring, errors.relin);
}

/**
 * Weight norm of a product: it shows no more noise than a sum of so many fresh ciphertexts, whatever functional is opened. A sum of products has the sum of
 * their norms, also if it is relinearised once at the end.
 */
export function productNorm(ring: ProductRing, left: bigint, right: bigint): bigint {
  return ceilDiv(productNoise(ring, left, right), freshNoise(ring));
}
