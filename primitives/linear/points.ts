/** Interpolation between consecutive points of `F_t` (§5.5): tables that depend on the number of rows alone. */
import { PLAIN_MODULUS } from '../fhe/params.ts';
import { barycentricWeights, reciprocals } from './barycentric.ts';
import type { PlainVector } from './field.ts';
import { type LinearShape, wirePoints } from './shape.ts';

/** Tables of a layout's points `1..rows+range`. */
export interface PointTables {
  /** Per point `x`, from `(x-1) * wirePoints` on: what the points of a wire are multiplied by in its value at `x`. */
  readonly coefficients: PlainVector;
  /** Per point of the range quotient `1 / prod over x' = 1..rows of (x - x')`. */
  readonly vanishing: PlainVector;
}

const made = new Map<number, PointTables>();

export function pointTables(shape: LinearShape): PointTables {
  let tables = made.get(shape.rows);
  if (tables === undefined) {
    tables = { coefficients: coefficientsOf(shape), vanishing: vanishingOf(shape) };
    made.set(shape.rows, tables);
  }
  return tables;
}

function coefficientsOf(shape: LinearShape): PlainVector {
  const points = wirePoints(shape);
  const last = shape.rows + shape.range;
  const inverse = reciprocals(last);
  const weights = barycentricWeights(points);
  const out = new BigUint64Array(last * points);
  for (let x = 1; x <= points; x++) out[(x - 1) * points + x - 1] = 1n;
  let product = 1n;
  for (let i = 1; i <= points; i++) product = (product * BigInt(i)) % PLAIN_MODULUS;
  for (let x = points + 1; x <= last; x++) {
    // The product of x - 1..x - points.
    for (let i = 1; i <= points; i++) {
      const coefficient = (product * (inverse[x - i] as bigint)) % PLAIN_MODULUS;
      out[(x - 1) * points + i - 1] = (coefficient * (weights[i - 1] as bigint)) % PLAIN_MODULUS;
    }
    product = (((product * BigInt(x)) % PLAIN_MODULUS) * (inverse[x - points] as bigint)) % PLAIN_MODULUS;
  }
  return out;
}

function vanishingOf({ rows, range }: LinearShape): PlainVector {
  const inverse = reciprocals(rows + range);
  let product = 1n;
  for (let i = 1; i <= rows; i++) product = (product * (inverse[i] as bigint)) % PLAIN_MODULUS;
  return BigUint64Array.from({ length: range }, (_, i) => {
    const own = product;
    product = (((product * BigInt(i + 1)) % PLAIN_MODULUS) * (inverse[rows + i + 1] as bigint)) % PLAIN_MODULUS;
    return own;
  });
}
