/** Whether the ciphertext of a submission is made of its seeds (§13.7): as §5.3, of a `c0` that has only the coefficients that carry values. */
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { invertMod, modulo } from '../fhe/modulus.ts';
import type { FheParams, RoundContext } from '../fhe/params.ts';
import { ringOf } from '../fhe/ring.ts';
import type { Ciphertext, PublicKey, RnsPoly } from '../fhe/types.ts';
import { dataLevel } from '../proofs/statement.ts';
import { coefficientLabel, FUNCTIONALS } from '../proofs/validity.ts';
import type { LinearShare } from './pieces.ts';

/** Largest number that the kernel's dot product with small numbers takes. */
const MAX_SMALL = 1 << 15;

/** The random functionals of a round for ciphertexts of `values` values. */
export interface CiphertextTables {
  readonly params: FheParams;
  readonly functionals: readonly {
    readonly chi: RnsPoly;
    readonly chiA: RnsPoly;
    /** `chi` without the coefficients that no value has, and its product with the transpose of `b`. */
    readonly used: RnsPoly;
    readonly usedB: RnsPoly;
  }[];
}

/** The first `count` coefficients modulo each prime; zeros behind them. */
export function firstCoefficients(params: FheParams, poly: RnsPoly, count: number): RnsPoly {
  const out = new BigUint64Array(poly.length);
  for (let from = 0; from < poly.length; from += params.degree) out.set(poly.subarray(from, from + count), from);
  return out;
}

/** @param beacon 32 bytes that nobody could predict before the close of the round */
export function ciphertextTables(
  params: FheParams,
  context: RoundContext,
  publicKey: PublicKey,
  beacon: Uint8Array,
  values: number,
): CiphertextTables {
  const ring = ringOf(params);
  const { a, b } = dataLevel(params, publicKey);
  const functionals = Array.from({ length: FUNCTIONALS }, (_, i) => {
    const prg = new Prg(hash32Of('tacit/linear/chi/1', ...coefficientLabel(context, beacon), i));
    const chi = ring.uniform(prg, params.dataPrimes.length);
    const used = firstCoefficients(params, chi, values);
    return { chi, chiA: ring.transposeMultiply(a, chi), used, usedB: ring.transposeMultiply(b, used) };
  });
  return { params, functionals };
}

/**
 * A member's shares of `[prime][functional][c1, c0]`: of zeros, if the ciphertext is what its seeds say.
 * @param plain the public part of the plaintext, reduced modulo t
 */
export function ciphertextShares(
  { params, functionals }: CiphertextTables,
  { c0, c1 }: Ciphertext,
  plain: BigUint64Array,
  share: LinearShare,
): BigUint64Array {
  const ring = ringOf(params);
  const rest = ring.sub(ring.add(share.encoded, ring.encode(plain)), c0);
  const small = [share.u, share.e0, share.e1].every((v) => v.every((x) => x <= MAX_SMALL && x >= -MAX_SMALL));
  const primes = params.dataPrimes.length;
  const dot = (a: RnsPoly, v: Int32Array): BigUint64Array =>
    small ? ring.dotSmall(a, v) : ring.dot(a, ring.fromSmall(v, primes));
  const out = new BigUint64Array(primes * FUNCTIONALS * 2);
  for (const [i, { chi, chiA, used, usedB }] of functionals.entries()) {
    const ofSeeds = [
      [dot(chiA, share.u), dot(chi, share.e1)],
      [dot(usedB, share.u), dot(used, share.e0)],
    ] as const;
    const known = [ring.dot(chi, c1), ring.dot(used, rest)] as const;
    params.dataPrimes.forEach((q, prime) => {
      const inverse = invertMod(share.denominator, q);
      const at = (prime * FUNCTIONALS + i) * 2;
      const part = (side: 0 | 1): bigint =>
        ((ofSeeds[side][0][prime] as bigint) + (ofSeeds[side][1][prime] as bigint)) * inverse;
      out[at] = modulo(part(0) - (known[0][prime] as bigint), q);
      out[at + 1] = modulo(part(1) + (known[1][prime] as bigint), q);
    });
  }
  return out;
}
