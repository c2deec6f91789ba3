import { TacitError } from '../errors.ts';

/** Least integer whose square is at least `value`. Exact for integers of any size. Error `fhe/negative-root`. */
export function ceilSqrt(value: bigint): bigint {
  if (value < 0n) throw new TacitError('fhe/negative-root', 'no root of a negative number');
  if (value < 2n) return value;
  // Newton's iteration from above converges to the floor.
  let root = 1n << BigInt((value.toString(2).length + 1) >> 1);
  for (;;) {
    const next = (root + value / root) >> 1n;
    if (next >= root) break;
    root = next;
  }
  return root * root === value ? root : root + 1n;
}
