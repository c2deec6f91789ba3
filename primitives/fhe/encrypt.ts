/**
 * Deterministic BFV encryption from small polynomials: `c1 = sum_A (a u_A + e1_A)`, `c0 = sum_A (b u_A + e0_A) + round(Q v / t)`. SEAL reads, evaluates and
 * decrypts the result. Submissions, whose values are shared, are made by primitives/linear/ciphertext.ts.
 */
import { TacitError } from '../errors.ts';
import type { FheParams } from './params.ts';
import { type Prepared, ringOf } from './ring.ts';
import type { Prg } from '../crypto/prg.ts';
import { sampleSmall, sumSmall } from './sample.ts';
import type { Ciphertext, PublicKey, RnsPoly, SmallPieces } from './types.ts';

/** A public key transformed once for many encryptions. */
export interface EncryptionKey {
  readonly a: Prepared;
  readonly b: Prepared;
}

/** From a key of either level. */
export function prepareKey(params: FheParams, { a, b }: PublicKey): EncryptionKey {
  const ring = ringOf(params);
  return { a: ring.prepare(ring.toDataLevel(a)), b: ring.prepare(ring.toDataLevel(b)) };
}

/**
 * The ciphertext of N or fewer values, reduced modulo t.
 * @param pieces one per subset
 */
export function assembleCiphertext(
  params: FheParams,
  key: EncryptionKey,
  pieces: readonly SmallPieces[],
  values: BigUint64Array,
): Ciphertext {
  const ring = ringOf(params);
  const primes = params.dataPrimes.length;
  const small = (select: (piece: SmallPieces) => Int8Array): RnsPoly =>
    ring.fromSmall(sumSmall(pieces.map(select), params.degree), primes);
  for (const piece of pieces) {
    if (piece.u.length !== params.degree || piece.e0.length !== params.degree || piece.e1.length !== params.degree) {
      throw new TacitError('fhe/length', 'small pieces have one value per coefficient');
    }
  }
  const u = small(({ u }) => u);
  const mask = ring.add(
    ring.multiplyPrepared(key.b, u),
    small(({ e0 }) => e0),
  );
  const c0 = ring.add(mask, ring.encode(values));
  const c1 = ring.add(
    ring.multiplyPrepared(key.a, u),
    small(({ e1 }) => e1),
  );
  return { c0, c1 };
}

/** An encryption whose randomness comes from one key stream: public tests of a round's key, and tests. Values are reduced modulo t. */
export function encryptPlain(params: FheParams, key: EncryptionKey, values: BigUint64Array, prg: Prg): Ciphertext {
  return assembleCiphertext(params, key, [sampleSmall(params, prg)], values);
}
