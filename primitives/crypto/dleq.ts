/**
 * Proof that two points have the same logarithm to two bases (Chaum-Pedersen 1992, with Fiat-Shamir): 64 bytes, `c || s`. It shows that a Diffie-Hellman
 * value belongs to a key without showing the key. The nonce is derived from secret and statement and hedged with fresh randomness, as in schnorr.ts.
 */
import { isTacitError } from '../errors.ts';
import { concatBytes } from './bytes.ts';
import { multiScalar } from './msm.ts';
import {
  decodeKeyPoint,
  decodeScalar,
  encodeScalar,
  G,
  hashToScalar,
  modOrder,
  type Point,
  type Scalar,
  times,
} from './ristretto.ts';

export const DLEQ_BYTES = 64;

/** `log_G(publicKey) = log_base(shared)`; all points as 32 canonical bytes. */
export interface SharedPoint {
  readonly publicKey: Uint8Array;
  readonly base: Uint8Array;
  readonly shared: Uint8Array;
}

function challenge({ publicKey, base, shared }: SharedPoint, onG: Point, onBase: Point, message: Uint8Array): Scalar {
  return hashToScalar('tacit/dleq/1', publicKey, base, shared, onG.toBytes(), onBase.toBytes(), message);
}

/**
 * `secret * base` and the proof that it is that of the key `secret * G`.
 * @param message everything the proof is to bind; the caller puts a label and its context there
 * @param hedge 32 fresh random bytes
 * @throws `crypto/bad-point`, `crypto/identity` for a base that is none
 */
export function proveShared(
  secret: Scalar,
  base: Uint8Array,
  message: Uint8Array,
  hedge: Uint8Array,
): { shared: Uint8Array; proof: Uint8Array } {
  const point = decodeKeyPoint(base);
  const shared = times(point, secret).toBytes();
  const statement = { publicKey: times(G, secret).toBytes(), base, shared };
  const nonce = hashToScalar('tacit/dleq-nonce/1', encodeScalar(secret), hedge, base, message);
  const c = challenge(statement, times(G, nonce), times(point, nonce), message);
  return { shared, proof: concatBytes(encodeScalar(c), encodeScalar(modOrder(nonce + c * secret))) };
}

/** Whether `proof` shows the statement. False for any malformed input, and where a point is the identity. */
export function verifyShared(statement: SharedPoint, message: Uint8Array, proof: Uint8Array): boolean {
  if (proof.length !== DLEQ_BYTES) return false;
  try {
    const c = decodeScalar(proof.subarray(0, 32));
    const response = decodeScalar(proof.subarray(32));
    const commitment = (base: Point, power: Uint8Array): Point => {
      return multiScalar([
        { point: base, scalar: response },
        { point: decodeKeyPoint(power), scalar: -c },
      ]);
    };
    const onG = commitment(G, statement.publicKey);
    const onBase = commitment(decodeKeyPoint(statement.base), statement.shared);
    return challenge(statement, onG, onBase, message) === c;
  } catch (error) {
    if (isTacitError(error)) return false;
    throw error;
  }
}
