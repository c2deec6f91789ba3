/**
 * Sealing boxes to keys on ristretto255: Diffie-Hellman with an ephemeral key, a KDF that binds both keys and the associated data, and
 * ChaCha20-Poly1305. One ephemeral key `E` may seal boxes to many recipients. The key of a box is a function of (ephemeral secret, recipient, associated data):
 * whoever seals twice with one ephemeral key to one recipient must use different associated data.
 */
import { at } from '../at.ts';
import { isTacitError } from '../errors.ts';
import { AEAD_TAG, openOnce, sealOnce } from './aead.ts';
import { hash32Of } from './hash.ts';
import { multiplesOf } from './points.ts';
import { decodeKeyPoint, G, modOrder, type Scalar, times } from './ristretto.ts';

/** Bytes a box adds to its message. */
export const BOX_OVERHEAD = AEAD_TAG;

/** The public key `secret * G`, 32 bytes. */
export function publicKeyOf(secret: Scalar): Uint8Array {
  return times(G, secret).toBytes();
}

function boxKey(ephemeral: Uint8Array, recipient: Uint8Array, shared: Uint8Array, associated: Uint8Array): Uint8Array {
  return hash32Of('tacit/box/1', ephemeral, recipient, shared, associated);
}

/**
 * Seals `message` to `recipient`; the ephemeral public key (`publicKeyOf(ephemeralSecret)`) travels beside the box.
 * @throws `crypto/bad-point`, `crypto/identity` if the recipient's key is not a key
 */
export function sealTo(
  recipient: Uint8Array,
  message: Uint8Array,
  associated: Uint8Array,
  ephemeralSecret: Scalar,
): Uint8Array {
  const shared = times(decodeKeyPoint(recipient), ephemeralSecret).toBytes();
  return sealOnce(boxKey(publicKeyOf(ephemeralSecret), recipient, shared, associated), message, associated);
}

/** One of the boxes of an ephemeral key, and what opens it. */
export interface BoxToOpen {
  readonly secret: Scalar;
  /** `publicKeyOf(secret)`, where the caller has it already. */
  readonly recipient?: Uint8Array | undefined;
  readonly box: Uint8Array;
  readonly associated: Uint8Array;
}

/**
 * The messages of boxes that one ephemeral key sealed, in their order; undefined where anything about a box is wrong (everywhere if `ephemeral` is
 * no key).
 */
export function openAllWith(ephemeral: Uint8Array, boxes: readonly BoxToOpen[]): (Uint8Array | undefined)[] {
  let shared: Uint8Array[];
  try {
    shared = multiplesOf(
      ephemeral,
      boxes.map(({ secret }) => modOrder(secret)),
    );
  } catch (error) {
    if (isTacitError(error)) return boxes.map(() => undefined);
    throw error;
  }
  return boxes.map(({ secret, recipient, box, associated }, i) =>
    openOnce(boxKey(ephemeral, recipient ?? publicKeyOf(secret), at(shared, i), associated), box, associated),
  );
}

/** The message of a box, or undefined if anything about it is wrong (bad `ephemeral` key included). */
export function openWith(
  secret: Scalar,
  ephemeral: Uint8Array,
  box: Uint8Array,
  associated: Uint8Array,
): Uint8Array | undefined {
  return openAllWith(ephemeral, [{ secret, box, associated }])[0];
}

/**
 * Opens a box from the sealer's side, who remembers or reveals the ephemeral secret: a revealed one lets everyone check what was sealed.
 */
export function openAsSealer(
  ephemeralSecret: Scalar,
  recipient: Uint8Array,
  box: Uint8Array,
  associated: Uint8Array,
): Uint8Array | undefined {
  try {
    const shared = times(decodeKeyPoint(recipient), ephemeralSecret).toBytes();
    return openOnce(boxKey(publicKeyOf(ephemeralSecret), recipient, shared, associated), box, associated);
  } catch (error) {
    if (isTacitError(error)) return undefined;
    throw error;
  }
}

/** Opens a box by its Diffie-Hellman value alone, which its recipient or its sealer has shown; undefined if anything about it is wrong. */
export function openByShared(
  shared: Uint8Array,
  ephemeral: Uint8Array,
  recipient: Uint8Array,
  box: Uint8Array,
  associated: Uint8Array,
): Uint8Array | undefined {
  return openOnce(boxKey(ephemeral, recipient, shared, associated), box, associated);
}
