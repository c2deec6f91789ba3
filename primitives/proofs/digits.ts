/**
 * The digit proof (§5, after Bootle et al. 2015): with a mask `a` per digit `d` and a challenge `x`, the response `F = a + x*d` reveals nothing,
 * and `prod_{c<16} (F - c*x)` is a polynomial in `x` whose coefficient of `x^16` is `prod_c (d - c)`, zero exactly for a digit. All digits of a
 * submission share one such identity, weighted by `y_k`. All arithmetic is modulo the order `l` of ristretto255.
 */
import { invertScalar, modOrder, type Scalar } from '../crypto/ristretto.ts';
import { scalarField, type ScalarVector } from '../fhe/scalar-kernel.ts';
import { DIGIT_BASE } from './lane.ts';

/** Coefficients sent for the digit identity: `C_0..C_15`; `C_16` is zero for digits, and a proof has no place for it. */
export const DIGIT_TERMS = DIGIT_BASE;

/** `SYMMETRIC[d][j]`: the elementary symmetric polynomial of degree j in the sixteen integers `d - c`, `0 <= c < 16`. */
const SYMMETRIC: readonly (readonly bigint[])[] = Array.from({ length: DIGIT_BASE }, (_, d) => {
  let coefficients = [1n];
  for (let c = 0; c < DIGIT_BASE; c++) {
    const root = BigInt(d - c);
    coefficients = Array.from(
      { length: coefficients.length + 1 },
      (_, j) => (coefficients[j] ?? 0n) + root * (coefficients[j - 1] ?? 0n),
    );
  }
  return coefficients;
});

/**
 * `C_0..C_15` with `sum_k y_k prod_c((a_k + X*d_k) - c*X) = sum_j C_j X^j`, for honest digits.
 *
 * The product over `c` is `sum_j a^(16-j) e_j(d) X^j`: its coefficients depend on the digit only through sixteen tables, so only power sums of the
 * masks per digit value are needed, not sixteen coefficients per digit.
 */
export function digitTerms(digits: Uint8Array, masks: ScalarVector, weights: ScalarVector): Scalar[] {
  const sums = scalarField.powerSums(weights, masks, digits, DIGIT_BASE, DIGIT_BASE);
  return Array.from({ length: DIGIT_TERMS }, (_, j) => {
    let term = 0n;
    for (const [d, symmetric] of SYMMETRIC.entries()) {
      term += symmetric[j]! * scalarField.get(sums, d * (DIGIT_BASE + 1) + DIGIT_BASE - j);
    }
    return modOrder(term);
  });
}

/** `sum_k y_k prod_{c<16}(F_k - c*x)`, for `x` other than zero. */
export function digitProduct(responses: ScalarVector, weights: ScalarVector, x: Scalar): Scalar {
  const quotients = scalarField.mulScalar(responses, invertScalar(x));
  let power = scalarField.vanishingSum(quotients, weights);
  for (let c = 0; c < DIGIT_BASE; c++) power = modOrder(power * x);
  return power;
}

/** `sum_j x^j terms[j]` */
export function evaluateTerms(terms: readonly Scalar[], x: Scalar): Scalar {
  return terms.reduceRight((sum, term) => modOrder(sum * x + term), 0n);
}
