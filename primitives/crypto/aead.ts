/** ChaCha20-Poly1305 (RFC 8439) for keys that encrypt exactly one message, hence with a zero nonce. It does not commit to its key. */
import { TacitError } from '../errors.ts';
import type { Ptr } from '../kernel.ts';
import { equalSecret } from './equal.ts';
import { cryptoKernel } from './kernel.ts';

/** Bytes the authentication tag adds. */
export const AEAD_TAG = 16;

/** The kernel's cipher takes four blocks at a time, the first 32 bytes of block 0 are the key of the tag, and the message begins at block 1. */
const STEP = 256;
const POLY_BLOCK = 16;
const POLY_STATE = 80;

const roundUp = (length: number, to: number): number => Math.ceil(length / to) * to;

function checkKey(key: Uint8Array): void {
  if (key.length !== 32) throw new TacitError('crypto/key-length', 'an AEAD key has 32 bytes');
}

/** Bytes in the kernel with zeros behind them up to a whole step of the cipher. */
function putPadded(bytes: Uint8Array): Ptr {
  const k = cryptoKernel();
  const at = k.alloc(roundUp(bytes.length, STEP));
  k.writeBytes(at, bytes);
  return at;
}

/** The tag of a ciphertext of `length` bytes that lies in the kernel with zeros behind it. */
function tagOf(key: Ptr, ciphertext: Ptr, length: number, associated: Uint8Array): Uint8Array {
  const k = cryptoKernel();
  return k.frame(() => {
    const once = k.alloc(STEP);
    k.run.chacha(once, STEP, key, 0);
    const state = k.alloc(POLY_STATE);
    k.run.polyBegin(state, once);
    k.run.polyBlocks(state, putPadded(associated), roundUp(associated.length, POLY_BLOCK));
    k.run.polyBlocks(state, ciphertext, roundUp(length, POLY_BLOCK));
    const lengths = k.put(BigUint64Array.of(BigInt(associated.length), BigInt(length)));
    k.run.polyBlocks(state, lengths, POLY_BLOCK);
    const tag = k.alloc(AEAD_TAG);
    k.run.polyEnd(tag, state, once);
    return k.readBytes(tag, AEAD_TAG);
  });
}

/** Encrypts `message` under a key that must never be used for another one. `associated` is authenticated. */
export function sealOnce(key: Uint8Array, message: Uint8Array, associated: Uint8Array): Uint8Array {
  checkKey(key);
  const k = cryptoKernel();
  const box = new Uint8Array(message.length + AEAD_TAG);
  k.frame(() => {
    const secret = k.putBytes(key);
    const data = putPadded(message);
    k.run.chacha(data, roundUp(message.length, STEP), secret, 1);
    const sealed = box.subarray(0, message.length);
    k.copyTo(sealed, data);
    // What lies behind the message is key stream by now.
    k.writeBytes(data + message.length, new Uint8Array(roundUp(message.length, STEP) - message.length));
    box.set(tagOf(secret, data, message.length, associated), message.length);
  });
  return box;
}

/** The message of {@link sealOnce}, or undefined if key, box or associated data are not the ones of the sealing. */
export function openOnce(key: Uint8Array, box: Uint8Array, associated: Uint8Array): Uint8Array | undefined {
  checkKey(key);
  const length = box.length - AEAD_TAG;
  if (length < 0) return undefined;
  const k = cryptoKernel();
  return k.frame(() => {
    const secret = k.putBytes(key);
    const data = putPadded(box.subarray(0, length));
    if (!equalSecret(tagOf(secret, data, length, associated), box.subarray(length))) return undefined;
    k.run.chacha(data, roundUp(length, STEP), secret, 1);
    return k.readBytes(data, length);
  });
}
