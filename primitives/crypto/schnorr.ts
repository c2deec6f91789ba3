/**
 * Proof of knowledge of a discrete logarithm over a message (Schnorr 1991, with Fiat-Shamir): 64 bytes, `R || s`.
 * The challenge covers label, base, key, R and message; the nonce is derived from secret and message and hedged with fresh randomness, so that
 * neither a repeated nor a poor random source reveals the secret.
 */
import { concatBytes } from './bytes.ts';
import { isTacitError } from '../errors.ts';
import { multiScalar } from './msm.ts';
import {
  decodeKeyPoint,
  decodePoint,
  decodeScalar,
  encodeScalar,
  G,
  hashToScalar,
  J0,
  modOrder,
  type Point,
  type Scalar,
  times,
} from './ristretto.ts';

export const SCHNORR_BYTES = 64;

function challenge(base: Point, publicKey: Uint8Array, nonce: Uint8Array, message: Uint8Array): Scalar {
  return hashToScalar('tacit/schnorr/1', base.toBytes(), publicKey, nonce, message);
}

/**
 * Proves knowledge of `secret` with `publicKey = secret * base`.
 * @param message everything the proof is to bind; the caller puts a label and its context there
 * @param hedge 32 fresh random bytes
 */
export function proveSchnorr(secret: Scalar, message: Uint8Array, hedge: Uint8Array, base: Point = G): Uint8Array {
  const publicKey = times(base, secret).toBytes();
  const nonce = hashToScalar('tacit/schnorr-nonce/1', encodeScalar(secret), hedge, base.toBytes(), message);
  const commitment = times(base, nonce).toBytes();
  const response = modOrder(nonce + challenge(base, publicKey, commitment, message) * secret);
  return concatBytes(commitment, encodeScalar(response));
}

/** Whether `proof` shows knowledge of the logarithm of `publicKey` (not the identity) to `base`. False for any malformed input. */
export function verifySchnorr(publicKey: Uint8Array, message: Uint8Array, proof: Uint8Array, base: Point = G): boolean {
  if (proof.length !== SCHNORR_BYTES) return false;
  try {
    const key = decodeKeyPoint(publicKey);
    const commitment = decodePoint(proof.subarray(0, 32));
    const response = decodeScalar(proof.subarray(32));
    const c = challenge(base, publicKey, proof.subarray(0, 32), message);
    return multiScalar([
      { point: base, scalar: response },
      { point: key, scalar: -c },
    ]).equals(commitment);
  } catch (error) {
    if (isTacitError(error)) return false;
    throw error;
  }
}

/** Bases a verification task may name; the fourth part of its bytes. */
const TASK_BASES: readonly Point[] = [G, J0];

/** The parts of a verification task of kind `schnorr`; `base` 0 is `G` (the default, and then left out), 1 is `J0`. */
export function schnorrTask(
  publicKey: Uint8Array,
  message: Uint8Array,
  proof: Uint8Array,
  base: 0 | 1 = 0,
): Uint8Array[] {
  return base === 0 ? [publicKey, message, proof] : [publicKey, message, proof, Uint8Array.of(base)];
}

/** {@link verifySchnorr} on the parts of {@link schnorrTask}. False for anything malformed. */
export function verifySchnorrTask(parts: readonly Uint8Array[]): boolean {
  const [publicKey, message, proof, named] = parts;
  if (parts.length > 4 || publicKey === undefined || message === undefined || proof === undefined) return false;
  const base = named === undefined ? G : named.length === 1 && named[0] !== 0 ? TASK_BASES[named[0]!] : undefined;
  return base !== undefined && verifySchnorr(publicKey, message, proof, base);
}
