/**
 * ristretto255 (RFC 9496): the group of keys, commitments, notes and tags. Written additively.
 *
 * Scalars are bigints in [0, l). Big integers are not constant-time; secret scalars go through `times`, whose sequence of group
 * operations does not depend on the scalar, and never through `multiScalar`.
 */
import { ristretto255, ristretto255_hasher } from '@noble/curves/ed25519.js';
import { TacitError } from '../errors.ts';
import { fromLittleEndian, littleEndian, type RandomBytes } from './bytes.ts';
import { type HashPart, hashOf } from './hash.ts';

const { Point: RistrettoPoint } = ristretto255;

/** An element of the group. */
export type Point = InstanceType<typeof ristretto255.Point>;
/** An integer in [0, l). */
export type Scalar = bigint;

/** Bytes of an encoded point or scalar. */
export const POINT_BYTES = 32;
export const SCALAR_BYTES = 32;

/** The group's order, 2^252 + 27742317777372353535851937790883648493. */
export const ORDER: bigint = RistrettoPoint.Fn.ORDER;

export const ZERO: Point = RistrettoPoint.ZERO;

/** A generator whose discrete logarithm to every other is unknown: RFC 9496 §4.3.4 applied to `hashOf(label, ...parts)`. */
export function hashToPoint(label: string, ...parts: HashPart[]): Point {
  const derive = ristretto255_hasher.deriveToCurve;
  if (derive === undefined) throw new TacitError('crypto/no-hash-to-group', 'the curve library cannot derive elements');
  return derive(hashOf(label, ...parts));
}

/** Base of values and of encryption keys. */
export const G: Point = RistrettoPoint.BASE;
/** Base of blindings. */
export const H: Point = hashToPoint('tacit/generator/1', 'H');
/** Base of one-time note keys. */
export const J0: Point = hashToPoint('tacit/generator/1', 'J0');
/** Base of tags (key images). */
export const U0: Point = hashToPoint('tacit/generator/1', 'U0');

// Fixed bases get precomputed multiples: proofs and enrolments multiply them often.
for (const base of [H, J0, U0]) base.precompute(8);

/** The representative of `value` in [0, l). */
export function modOrder(value: bigint): Scalar {
  const rest = value % ORDER;
  return rest < 0n ? rest + ORDER : rest;
}

/** 64 uniform bytes, least significant first, reduced mod l: a scalar with bias below 2^-250. */
export function reduce64(bytes: Uint8Array): Scalar {
  if (bytes.length !== 64) throw new TacitError('crypto/scalar-length', 'a wide scalar has 64 bytes');
  return fromLittleEndian(bytes) % ORDER;
}

/** The transcript hash as a scalar. */
export function hashToScalar(label: string, ...parts: HashPart[]): Scalar {
  return reduce64(hashOf(label, ...parts));
}

export function randomScalar(random: RandomBytes): Scalar {
  return reduce64(random(64));
}

export function encodeScalar(scalar: Scalar): Uint8Array {
  if (scalar < 0n || scalar >= ORDER) throw new TacitError('crypto/scalar-range', 'scalar is not reduced');
  return littleEndian(scalar, SCALAR_BYTES);
}

/** Strict: exactly 32 bytes, below l. Throws `crypto/bad-scalar`. */
export function decodeScalar(bytes: Uint8Array): Scalar {
  if (bytes.length !== SCALAR_BYTES) throw new TacitError('crypto/bad-scalar', 'a scalar has 32 bytes');
  const scalar = fromLittleEndian(bytes);
  if (scalar >= ORDER) throw new TacitError('crypto/bad-scalar', 'scalar is not below the group order');
  return scalar;
}

/** The inverse mod l. Throws `crypto/zero-scalar` for 0. */
export function invertScalar(scalar: Scalar): Scalar {
  if (modOrder(scalar) === 0n) throw new TacitError('crypto/zero-scalar', 'zero has no inverse');
  return RistrettoPoint.Fn.inv(modOrder(scalar));
}

/** Strict: the canonical encoding of a group element, the identity included. Throws `crypto/bad-point`. */
export function decodePoint(bytes: Uint8Array): Point {
  if (bytes.length !== POINT_BYTES) throw new TacitError('crypto/bad-point', 'a point has 32 bytes');
  try {
    return RistrettoPoint.fromBytes(bytes);
  } catch {
    throw new TacitError('crypto/bad-point', 'not the canonical encoding of a group element');
  }
}

/** As {@link decodePoint}, and refuses the identity (`crypto/identity`): for keys and tags. */
export function decodeKeyPoint(bytes: Uint8Array): Point {
  const point = decodePoint(bytes);
  if (point.is0()) throw new TacitError('crypto/identity', 'the identity is not a key');
  return point;
}

/** `scalar * point`, for secret scalars too; any integer, zero included. */
export function times(point: Point, scalar: bigint): Point {
  const reduced = modOrder(scalar);
  return reduced === 0n ? ZERO : point.multiply(reduced);
}

/** `scalar * point` for a PUBLIC scalar in [0, l): short ones take less time. */
export function timesPublic(point: Point, scalar: bigint): Point {
  return point.multiplyUnsafe(scalar);
}

/** A Pedersen commitment `value * G + blinding * H`. */
export function commit(value: bigint, blinding: bigint): Point {
  return times(G, value).add(times(H, blinding));
}
