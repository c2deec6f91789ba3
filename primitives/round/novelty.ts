/**
 * Weights of what is new: a part of the weights' projection onto aggregates that were opened before is taken out of them, part by part, in exact integers.
 * A rule names them, or none (specification §9.6, decision 033).
 *
 * ```ts
 * const weights = noveltyWeights(shapleyWeights(n, direction, aggregate), past, 75); // past: the last opened aggregate of this part first
 * ```
 */
import { at } from '../at.ts';
import { TacitError } from '../errors.ts';
import { ceilSqrt } from '../fhe/sqrt.ts';

/** A discount is counted in hundredths: 100 takes the whole projection out. */
export const WHOLE_DISCOUNT = 100;
/** Past aggregates that weights are held against, at most. */
export const MAX_PAST = 4;
/** Magnitude of a coordinate of weights and aggregates, at most (in the code's own inner products they are exact in a double). Weights of 1,000 items stay below 2^19. */
export const MAX_COORDINATE: number = 2 ** 25;
/** Sums of products, each 2^50 at most, go over into a whole number of any size beyond this. */
const CARRY = 2 ** 51;

/**
 * `<left, right>`, exactly.
 * @throws `tally/novelty-length` if the lengths differ, `tally/novelty-range` if a coordinate passes {@link MAX_COORDINATE}
 */
export function exactInnerProduct(left: Int32Array, right: Int32Array): bigint {
  if (left.length !== right.length) {
    throw new TacitError('tally/novelty-length', 'weights and past aggregates differ in length');
  }
  let carried = 0n;
  let sum = 0;
  for (let j = 0; j < left.length; j++) {
    const [x, y] = [left[j] as number, right[j] as number];
    if (Math.max(Math.abs(x), Math.abs(y)) > MAX_COORDINATE) {
      throw new TacitError('tally/novelty-range', 'a coordinate is larger than that of any round');
    }
    sum += x * y;
    if (Math.abs(sum) > CARRY) {
      carried += BigInt(sum);
      sum = 0;
    }
  }
  return carried + BigInt(sum);
}

/** Determinant of an integer matrix of a few rows, by expansion along the first. */
function determinant(matrix: readonly (readonly bigint[])[]): bigint {
  const [first, ...rest] = matrix;
  if (first === undefined) return 1n;
  return first.reduce((sum, entry, column) => {
    const minor = rest.map((row) => row.filter((_, other) => other !== column));
    return sum + (column % 2 === 0 ? entry : -entry) * determinant(minor);
  }, 0n);
}

/** Gram matrix of vectors. */
const gram = (vectors: readonly Int32Array[]): bigint[][] =>
  vectors.map((row) => vectors.map((column) => exactInnerProduct(row, column)));

/** Those vectors, the first ones first, that no earlier ones are combined to: their Gram matrix has an inverse. */
function independent(vectors: readonly Int32Array[]): Int32Array[] {
  return vectors.reduce<Int32Array[]>((chosen, vector) => {
    const more = [...chosen, vector];
    return determinant(gram(more)) === 0n ? chosen : more;
  }, []);
}

/** `numerator / denominator` to the nearest whole number, halves up. @param denominator above zero */
function nearest(numerator: bigint, denominator: bigint): bigint {
  const doubled = 2n * numerator + denominator;
  const quotient = doubled / (2n * denominator);
  return doubled < 0n && quotient * 2n * denominator !== doubled ? quotient - 1n : quotient;
}

/** Cramer's rule: numerators of the coefficients of the projection of `weights` on `basis`, and their denominator, above zero. */
function coefficients(
  weights: Int32Array,
  basis: readonly Int32Array[],
): { numerators: bigint[]; denominator: bigint } {
  const matrix = gram(basis);
  const products = basis.map((vector) => exactInnerProduct(vector, weights));
  const numerators = basis.map((_, k) =>
    determinant(matrix.map((row, i) => row.map((entry, column) => (column === k ? (products[i] as bigint) : entry)))),
  );
  return { numerators, denominator: determinant(matrix) };
}

function checkTerms(past: readonly Int32Array[], discount: number): void {
  if (!Number.isInteger(discount) || discount < 0 || discount > WHOLE_DISCOUNT) {
    throw new TacitError('tally/novelty-discount', 'a discount is a whole number of hundredths, 0 to 100');
  }
  if (past.length > MAX_PAST) throw new TacitError('tally/novelty-past', `at most ${MAX_PAST} past aggregates count`);
}

/**
 * `v - discount/100 * P v`, each coordinate to the nearest whole number, halves up; `P` projects onto the span of `past`, by Cramer's rule on its Gram matrix.
 * An aggregate that is zero, or a combination of those before it, counts for nothing. What `past` is multiplied by does not matter.
 * @param weights `v` of one part, of magnitude {@link MAX_COORDINATE} at most
 * @param past opened aggregates of the same part, the last first, at most {@link MAX_PAST}
 * @param discount hundredths of the projection, 0 to {@link WHOLE_DISCOUNT}
 * @returns weights whose norm is at most `|v|` plus {@link roundingNorm}
 * @throws `tally/novelty-discount`, `tally/novelty-past` outside these bounds; `tally/novelty-length`, `tally/novelty-range`
 */
export function noveltyWeights(weights: Int32Array, past: readonly Int32Array[], discount: number): Int32Array {
  checkTerms(past, discount);
  if (discount === 0 || past.length === 0) return weights;
  const basis = independent(past);
  const { numerators, denominator } = coefficients(weights, basis);
  const whole = BigInt(WHOLE_DISCOUNT) * denominator;
  return weights.map((weight, j) => {
    const projection = numerators.reduce(
      (sum, numerator, k) => sum + numerator * BigInt((basis[k] as Int32Array)[j] as number),
      0n,
    );
    return Number(nearest(BigInt(weight) * whole - BigInt(discount) * projection, whole));
  });
}

/**
 * `floor(|x|^2 - discount/100 * |P x|^2)`: what of a vector's square is new, `P` as in {@link noveltyWeights}. Never below zero.
 * @param vector of magnitude {@link MAX_COORDINATE} at most; `past` and `discount` as there
 * @throws as there
 */
export function newSquare(vector: Int32Array, past: readonly Int32Array[], discount: number): bigint {
  checkTerms(past, discount);
  const square = exactInnerProduct(vector, vector);
  if (discount === 0 || past.length === 0) return square;
  const basis = independent(past);
  const { numerators, denominator } = coefficients(vector, basis);
  const inSpan = basis.reduce((sum, one, k) => sum + at(numerators, k) * exactInnerProduct(one, vector), 0n);
  const whole = BigInt(WHOLE_DISCOUNT) * denominator;
  return (square * whole - BigInt(discount) * inSpan) / whole;
}

/** How much rounding may lengthen the weights of a part: half a unit in every coordinate, `ceil(ceil(sqrt(values)) / 2)`. */
export function roundingNorm(values: number): bigint {
  return (ceilSqrt(BigInt(values)) + 1n) / 2n;
}
