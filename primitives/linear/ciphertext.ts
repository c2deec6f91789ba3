/**
 * The ciphertext of a submission (§5.4): one `c1`, and for each polynomial of the lane a `c0` of its own under a key of its own, with the
 * coefficients that carry values. And the check that it is made of its seeds (§5.7).
 */
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { TacitError } from '../errors.ts';
import { invertMod, modulo } from '../fhe/modulus.ts';
import type { FheParams, RoundContext } from '../fhe/params.ts';
import { ringOf } from '../fhe/ring.ts';
import { sumSmall } from '../fhe/sample.ts';
import type { RnsPoly } from '../fhe/types.ts';
import type { LaneSpec } from '../proofs/lane.ts';
import { dataLevel, type RoundKeys } from '../proofs/round-keys.ts';
import { byPolynomial, type LinearPiece, type LinearShare, valueWords } from './pieces.ts';
import { type LinearShape, polynomialsOf, usedOf } from './shape.ts';
import { coefficientLabel } from './transcript.ts';

/** Functionals per data prime: 59 bits each, so that a wrong polynomial passes with probability below 2^-116. */
const FUNCTIONALS = 2;
/** Values of a check per data prime: of each functional one for `c1` and one for all `c0`. */
export const CHECK_VALUES: number = 2 * FUNCTIONALS;

/** Largest number that the kernel's dot product with small numbers takes. */
const MAX_SMALL = 1 << 15;

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
function firstCoefficients(params: FheParams, poly: RnsPoly, count: number): RnsPoly {
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

/** The random functionals of a round for the ciphertexts of a lane. */
export interface CiphertextTables {
  readonly params: FheParams;
  readonly functionals: readonly {
    readonly chi: RnsPoly;
    readonly chiA: RnsPoly;
    /** Per polynomial `chi` without the coefficients that no value has, and its product with the transpose of `b`. */
    readonly used: readonly { readonly chi: RnsPoly; readonly chiB: RnsPoly }[];
  }[];
}

/** @param beacon 32 bytes that nobody could predict before the close of the round */
export function ciphertextTables(
  params: FheParams,
  context: RoundContext,
  keys: LinearKeys,
  beacon: Uint8Array,
  spec: LaneSpec,
): CiphertextTables {
  const ring = ringOf(params);
  const { a, b } = keysFor(params, keys, spec);
  const used = usedOf(params, spec);
  const functionals = Array.from({ length: FUNCTIONALS }, (_, i) => {
    const draw = (...which: number[]): RnsPoly =>
      ring.uniform(
        new Prg(hash32Of('tacit/linear/chi/1', ...coefficientLabel(context, beacon), i, ...which)),
        params.dataPrimes.length,
      );
    const chi = draw();
    return {
      chi,
      chiA: ring.transposeMultiply(a, chi),
      used: b.map((key, p) => {
        const own = firstCoefficients(params, draw(p), used[p] as number);
        return { chi: own, chiB: ring.transposeMultiply(key, own) };
      }),
    };
  });
  return { params, functionals };
}

/**
 * A member's shares of `[prime][functional][c1, c0]`: of zeros, if the ciphertext is what its seeds say. All polynomials of `c0` are one equation.
 * @param plain the public part of the values, reduced modulo t
 */
export function ciphertextShares(
  { params, functionals }: CiphertextTables,
  { c0, c1 }: LinearCiphertext,
  plain: BigUint64Array,
  share: LinearShare,
): BigUint64Array {
  const ring = ringOf(params);
  const primes = params.dataPrimes.length;
  const rest = byPolynomial(params, plain).map((values, p) =>
    ring.sub(ring.add(share.encoded[p] as RnsPoly, ring.encode(values)), c0[p] as RnsPoly),
  );
  const small = [share.u, share.e1, ...share.e0].every((v) => v.every((x) => x <= MAX_SMALL && x >= -MAX_SMALL));
  const dot = (a: RnsPoly, v: Int32Array): BigUint64Array =>
    small ? ring.dotSmall(a, v) : ring.dot(a, ring.fromSmall(v, primes));
  const out = new BigUint64Array(primes * FUNCTIONALS * 2);
  for (const [i, { chi, chiA, used }] of functionals.entries()) {
    const ofSeeds = [
      [dot(chiA, share.u), dot(chi, share.e1)],
      used.flatMap((own, p) => [dot(own.chiB, share.u), dot(own.chi, share.e0[p] as Int32Array)]),
    ];
    const known = [[ring.dot(chi, c1)], used.map((own, p) => ring.dot(own.chi, rest[p] as RnsPoly))];
    params.dataPrimes.forEach((q, prime) => {
      const inverse = invertMod(share.denominator, q);
      const total = (terms: readonly BigUint64Array[] = []): bigint =>
        terms.reduce((sum, residues) => sum + (residues[prime] as bigint), 0n);
      const at = (prime * FUNCTIONALS + i) * 2;
      out[at] = modulo(total(ofSeeds[0]) * inverse - total(known[0]), q);
      out[at + 1] = modulo(total(ofSeeds[1]) * inverse + total(known[1]), q);
    });
  }
  return out;
}
