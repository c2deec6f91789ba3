/** Constants of interpolation between consecutive points of `F_t` (§5.5). */
import { modulo } from '../fhe/modulus.ts';
import { PLAIN_MODULUS } from '../fhe/params.ts';

/** Reciprocals of 1..count modulo t. */
export function reciprocals(count: number): bigint[] {
  const out = [0n, 1n];
  for (let i = 2n; i <= BigInt(count); i++) {
    out.push(modulo(-(PLAIN_MODULUS / i) * (out[Number(PLAIN_MODULUS % i)] as bigint), PLAIN_MODULUS));
  }
  return out;
}

/** `1 / prod over x' other than x of (x - x')` for `count` consecutive points: the same wherever they begin. */
export function barycentricWeights(count: number): BigUint64Array {
  const inverse = reciprocals(count);
  const inverses = [1n];
  for (let i = 1; i < count; i++) {
    inverses.push(((inverses[i - 1] as bigint) * (inverse[i] as bigint)) % PLAIN_MODULUS);
  }
  return BigUint64Array.from({ length: count }, (_, i) => {
    const size = (inverses[i] as bigint) * (inverses[count - 1 - i] as bigint);
    return modulo((count - 1 - i) % 2 === 0 ? size : -size, PLAIN_MODULUS);
  });
}
