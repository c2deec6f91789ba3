/** What a submission's proof is about, and the challenges that follow from it (§5). */
import type { Scalar } from '../crypto/ristretto.ts';
import type { FheParams } from '../fhe/params.ts';
import { scalarField, type ScalarVector } from '../fhe/scalar-kernel.ts';
import type { PublicKey } from '../fhe/types.ts';
import { encodeCiphertext } from '../fhe/wire.ts';
import { digitCount } from './lane.ts';
import { encodeDeltas, type Payload } from './payload.ts';
import {
  type Binding,
  challengeOf,
  digitWeights,
  publicKeyDigest,
  type SealedHead,
  type Statement,
  statementHash,
} from './transcript.ts';

/** The keys of a round: what a contributor encrypts and seals to. */
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

/** What a statement has besides ciphertext and deltas. */
export function statementParts(
  params: FheParams,
  binding: Binding,
  keys: RoundKeys,
  head: SealedHead,
): Omit<Statement, 'ciphertext' | 'deltas'> {
  const { a, b } = dataLevel(params, keys.publicKey);
  return {
    binding,
    publicKeyDigest: publicKeyDigest(a, b),
    maskKeys: keys.maskKeys,
    ephemeral: head.ephemeral,
    seedBoxes: head.seedBoxes,
  };
}

/** The statement that a payload's proof is about. */
export function statementOf(
  params: FheParams,
  binding: Binding,
  keys: RoundKeys,
  head: SealedHead,
  { ciphertext, deltas }: Pick<Payload, 'ciphertext' | 'deltas'>,
): Statement {
  return {
    ...statementParts(params, binding, keys, head),
    ciphertext: encodeCiphertext(params, ciphertext),
    deltas: encodeDeltas(deltas),
  };
}

/** `y_k` and `x` of a proof. */
export function challengesOf(statement: Statement, terms: ScalarVector): { weights: ScalarVector; challenge: Scalar } {
  const h0 = statementHash(statement);
  return {
    weights: digitWeights(h0, digitCount(statement.binding.spec)),
    challenge: challengeOf(h0, scalarField.encode(terms)),
  };
}
