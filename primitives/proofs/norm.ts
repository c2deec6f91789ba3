/**
 * Completing a vector to a public squared norm: by Lagrange's theorem every natural number is a sum of four squares, so four spare
 * coordinates bring any shorter vector up to the norm exactly (§5).
 */
import { TacitError } from '../errors.ts';
import { SPARE_COORDINATES } from './lane.ts';

/** A spare coordinate must fit two digits with offset 128, like every other. */
const LARGEST = 127;

/** Four numbers in 0..127 whose squares add up to `rest`, or undefined. */
function fourSquares(rest: number): [number, number, number, number] | undefined {
  const root = (value: number): number => Math.min(LARGEST, Math.floor(Math.sqrt(value)));
  // In descending order a >= b >= c >= d: the first must then carry at least a quarter, the second a third of what is left, and so on.
  for (let a = root(rest); 4 * a * a >= rest; a--) {
    const afterA = rest - a * a;
    for (let b = Math.min(a, root(afterA)); 3 * b * b >= afterA; b--) {
      const afterB = afterA - b * b;
      for (let c = Math.min(b, root(afterB)); 2 * c * c >= afterB; c--) {
        const d = Math.sqrt(afterB - c * c);
        if (Number.isInteger(d)) return [a, b, c, d];
        if (c === 0) break;
      }
      if (b === 0) break;
    }
    if (a === 0) break;
  }
  return undefined;
}

/**
 * `coordinates` with four spare coordinates appended so that the squares add up to `normSq`.
 * Throws `proofs/norm-out-of-reach` where the coordinates are already longer, or shorter than four numbers up to 127 can mend.
 */
export function completeNorm(coordinates: ArrayLike<number>, normSq: bigint): Int32Array {
  const out = new Int32Array(coordinates.length + SPARE_COORDINATES);
  let sum = 0n;
  for (let i = 0; i < coordinates.length; i++) {
    const x = coordinates[i] ?? 0;
    out[i] = x;
    sum += BigInt(x) * BigInt(x);
  }
  const rest = normSq - sum;
  const spare = rest >= 0n && rest <= BigInt(4 * LARGEST * LARGEST) ? fourSquares(Number(rest)) : undefined;
  if (spare === undefined) {
    throw new TacitError('proofs/norm-out-of-reach', 'four spare coordinates cannot bring the vector to this norm', {
      missing: `${rest}`,
    });
  }
  out.set(spare, coordinates.length);
  return out;
}
