/** ChaCha20-Poly1305 (RFC 8439) for keys that encrypt exactly one message, hence with a zero nonce. It does not commit to its key. */
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { TacitError } from '../errors.ts';

/** Bytes the authentication tag adds. */
export const AEAD_TAG = 16;

const NONCE = new Uint8Array(12);

/** Encrypts `message` under a key that must never be used for another one. `associated` is authenticated. */
export function sealOnce(key: Uint8Array, message: Uint8Array, associated: Uint8Array): Uint8Array {
  if (key.length !== 32) throw new TacitError('crypto/key-length', 'an AEAD key has 32 bytes');
  return chacha20poly1305(key, NONCE, associated).encrypt(message);
}

/** The message of {@link sealOnce}, or undefined if key, box or associated data are not the ones of the sealing. */
export function openOnce(key: Uint8Array, box: Uint8Array, associated: Uint8Array): Uint8Array | undefined {
  if (key.length !== 32) throw new TacitError('crypto/key-length', 'an AEAD key has 32 bytes');
  if (box.length < AEAD_TAG) return undefined;
  try {
    return chacha20poly1305(key, NONCE, associated).decrypt(box);
  } catch {
    return undefined;
  }
}
