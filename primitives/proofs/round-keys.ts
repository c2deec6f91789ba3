/** The keys of a round: what a contributor encrypts and seals to. */
import type { FheParams } from '../fhe/params.ts';
import type { PublicKey } from '../fhe/types.ts';

export interface RoundKeys {
  /** At key or data level; ciphertexts use the data primes. */
  readonly publicKey: PublicKey;
  /** `X_A^seal` and `X_A^mask` of every subset, in order. */
  readonly sealKeys: readonly Uint8Array[];
  readonly maskKeys: readonly Uint8Array[];
}

/** The halves of the public key modulo the data primes. */
export function dataLevel(params: FheParams, key: PublicKey): PublicKey {
  const words = params.dataPrimes.length * params.degree;
  return { a: key.a.subarray(0, words), b: key.b.subarray(0, words) };
}
