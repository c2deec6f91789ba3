/**
 * The ciphertext of a submission (§5.4): one `c1`, and for each polynomial of the lane a `c0` of its own under a key of its own, with the
 * coefficients that carry values. The check that it is made of its seeds: functionals.ts.
 */
import { TacitError } from '../errors.ts';
import type { FheParams } from '../fhe/params.ts';
import { ringOf } from '../fhe/ring.ts';
import { sumSmall } from '../fhe/sample.ts';
import type { RnsPoly } from '../fhe/types.ts';
import type { LaneSpec } from '../proofs/lane.ts';
import { dataLevel, type RoundKeys } from '../proofs/round-keys.ts';
import { byPolynomial, type LinearPiece, valueWords } from './pieces.ts';
import { type LinearShape, polynomialsOf, usedOf } from './shape.ts';

/** The keys of a round whose submissions may have several polynomials. */
export interface LinearKeys extends RoundKeys {
  /** `b` of the second polynomial and on: `-(a s + e)` for the same `a` and secrets of their own. */
  readonly further?: readonly RnsPoly[];
}

/** `c0_p + c1 s_p` is the plaintext of polynomial `p`. Where no value is, `c0_p` has zeros. */
export interface LinearCiphertext {
  readonly c1: RnsPoly;
  readonly c0: readonly RnsPoly[];
}

/** `a`, and a `b` for each polynomial of the lane, at data level. Code `linear/keys` where the round has fewer. */
export function keysFor(params: FheParams, keys: LinearKeys, spec: LaneSpec): { a: RnsPoly; b: readonly RnsPoly[] } {
  const { a, b } = dataLevel(params, keys.publicKey);
  const further = (keys.further ?? []).map((own) => dataLevel(params, { a: own, b: own }).b);
  const count = polynomialsOf(params, spec);
  if (further.length < count - 1) {
    throw new TacitError('linear/keys', 'the round has fewer keys than the lane has polynomials', { count });
  }
  return { a, b: [b, ...further.slice(0, count - 1)] };
}

/** The first `count` coefficients modulo each prime; zeros behind them. */
export function firstCoefficients(params: FheParams, poly: RnsPoly, count: number): RnsPoly {
  const out = new BigUint64Array(poly.length);
  for (let from = 0; from < poly.length; from += params.degree) out.set(poly.subarray(from, from + count), from);
  return out;
}

/**
 * `c1 = sum_A (a u_A + e1_A)` and `c0_p = sum_A (b_p u_A + e0_A,p + round(Q pad_A / t)) + round(Q plain / t)`.
 * @param plain the public part of the values, reduced modulo t
 */
export function encryptLinear(
  params: FheParams,
  keys: LinearKeys,
  spec: LaneSpec,
  shape: LinearShape,
  pieces: readonly LinearPiece[],
  plain: BigUint64Array,
): LinearCiphertext {
  const ring = ringOf(params);
  const { a, b } = keysFor(params, keys, spec);
  const primes = params.dataPrimes.length;
  const small = (select: (piece: LinearPiece) => Int8Array): RnsPoly =>
    ring.fromSmall(sumSmall(pieces.map(select), params.degree), primes);
  const u = ring.prepare(small((piece) => piece.u));
  const ofPieces = pieces.map(({ words }) => byPolynomial(params, valueWords(shape, words)));
  const known = byPolynomial(params, plain);
  const used = usedOf(params, spec);
  const c0 = b.map((key, p) => {
    let sum = ring.add(
      ring.multiplyPrepared(u, key),
      small(({ e0 }) => e0[p] as Int8Array),
    );
    for (const values of [known, ...ofPieces]) sum = ring.add(sum, ring.encode(values[p] as BigUint64Array));
    return firstCoefficients(params, sum, used[p] as number);
  });
  return {
    c1: ring.add(
      ring.multiplyPrepared(u, a),
      small(({ e1 }) => e1),
    ),
    c0,
  };
}
