/**
 * Hashes of the chain. All of them are synchronous: the WebAssembly hashers are made once, when the module loads.
 *
 * `hashOf` is the project's transcript hash (docs/architecture.md): 64 bytes of blake2b over a label and parts, each preceded by its
 * length as u32 LE. Numbers and bigints are 8 bytes LE, strings UTF-8; the length prefixes make the encoding injective for a fixed shape.
 */
import { createBLAKE2b, createXXHash64 } from 'hash-wasm';
import { TacitError } from '../errors.ts';
import { littleEndian, utf8 } from './bytes.ts';

const [blake512, blake256, blake128, xx0, xx1] = await Promise.all([
  createBLAKE2b(512),
  createBLAKE2b(256),
  createBLAKE2b(128),
  createXXHash64(0),
  createXXHash64(1),
]);

/** blake2b with a digest of 32 bytes (RFC 7693): Substrate's block, extrinsic and trie hash. */
export function blake2b256(data: Uint8Array): Uint8Array {
  return blake256.init().update(data).digest('binary');
}

/** blake2b with a digest of 64 bytes (RFC 7693). */
export function blake2b512(data: Uint8Array): Uint8Array {
  return blake512.init().update(data).digest('binary');
}

/** blake2b with a digest of 16 bytes: the hash in Substrate's `Blake2_128Concat`. */
export function blake2_128(data: Uint8Array): Uint8Array {
  return blake128.init().update(data).digest('binary');
}

/** xxHash64 of seed 0 as 8 bytes, least significant first, as Substrate writes it. Not cryptographic. */
export function twox64(data: Uint8Array): Uint8Array {
  return xx0.init().update(data).digest('binary').reverse();
}

/** xxHash64 of seeds 0 and 1, 16 bytes: Substrate's storage prefixes. Not cryptographic. */
export function twox128(data: Uint8Array): Uint8Array {
  const out = new Uint8Array(16);
  out.set(twox64(data), 0);
  out.set(xx1.init().update(data).digest('binary').reverse(), 8);
  return out;
}

/** What `hashOf` takes: bytes, a text (UTF-8), or a non-negative integer below 2^64. */
export type HashPart = Uint8Array | string | number | bigint;

function partBytes(part: HashPart): Uint8Array {
  if (typeof part === 'string') return utf8(part);
  if (typeof part === 'bigint') return littleEndian(part, 8);
  if (typeof part === 'number') {
    if (!Number.isSafeInteger(part))
      throw new TacitError('crypto/not-an-integer', 'a hashed number must be an integer');
    return littleEndian(BigInt(part), 8);
  }
  return part;
}

/** 64-byte transcript hash of `label` (`tacit/<purpose>/1`) and `parts`. */
export function hashOf(label: string, ...parts: HashPart[]): Uint8Array {
  const encoded = [utf8(label), ...parts.map(partBytes)];
  const lengths = new Uint8Array(4);
  const view = new DataView(lengths.buffer);
  blake512.init();
  for (const bytes of encoded) {
    view.setUint32(0, bytes.length, true);
    blake512.update(lengths).update(bytes);
  }
  return blake512.digest('binary');
}

/** The first 32 bytes of {@link hashOf}. */
export function hash32Of(label: string, ...parts: HashPart[]): Uint8Array {
  return hashOf(label, ...parts).slice(0, 32);
}
