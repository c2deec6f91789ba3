/** Masks of openings (§6): how numbers that are known by pieces enter one. */
import { at } from '../at.ts';
import { TacitError } from '../errors.ts';
import { memberPieces, type Pieces, sharePoly } from './cdi.ts';
import { modulo } from './modulus.ts';
import type { FheParams } from './params.ts';
import { ringOf } from './ring.ts';

/**
 * Shares `[data prime][k]` of `sum over subsets of round(Q v_A,k / t)`: how masks known by pieces enter an opening. Each subset's values are
 * any integers, as many as there are payouts.
 */
export function encodedShares(params: FheParams, member: number, pieces: Pieces<readonly bigint[]>): BigUint64Array {
  const ring = ringOf(params);
  const { degree, t } = params;
  const primes = params.dataPrimes.length;
  const { subsets, values } = memberPieces(params, member, pieces);
  const count = at(values, 0).length;
  if (values.some((piece) => piece.length !== count)) {
    throw new TacitError('fhe/length', 'every subset has the same number of values');
  }
  const out = new BigUint64Array(primes * count);
  // A polynomial carries N of them.
  for (let from = 0; from < count; from += degree) {
    const encoded = values.map((piece, i): [number, BigUint64Array] => {
      const part = BigUint64Array.from(piece.slice(from, from + degree), (v) => modulo(v, t));
      return [at(subsets, i), ring.encode(part)];
    });
    const shares = sharePoly(params, member, new Map(encoded), primes);
    const length = Math.min(degree, count - from);
    for (let i = 0; i < primes; i++) out.set(shares.subarray(i * degree, i * degree + length), i * count + from);
  }
  return out;
}
