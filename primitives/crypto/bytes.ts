/** Byte strings: little-endian integers, concatenation, comparison, text. */
import { TacitError } from '../errors.ts';

const encoder = new TextEncoder();

/** Source of randomness of a pure function: `n` bytes of the platform's CSPRNG. */
export type RandomBytes = (n: number) => Uint8Array;

export function utf8(text: string): Uint8Array {
  return encoder.encode(text);
}

export function concatBytes(...parts: readonly Uint8Array[]): Uint8Array {
  let length = 0;
  for (const part of parts) length += part.length;
  const out = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

/** `value` as `length` bytes, least significant first. Throws `crypto/integer-range` if it does not fit or is negative. */
export function littleEndian(value: bigint, length: number): Uint8Array {
  if (value < 0n || value >> BigInt(8 * length) !== 0n) {
    throw new TacitError('crypto/integer-range', `integer does not fit ${length} bytes`);
  }
  const out = new Uint8Array(length);
  const view = new DataView(out.buffer);
  let rest = value;
  let at = 0;
  for (; at + 8 <= length; at += 8) {
    view.setBigUint64(at, BigInt.asUintN(64, rest), true);
    rest >>= 64n;
  }
  for (; at < length; at++) {
    out[at] = Number(rest & 255n);
    rest >>= 8n;
  }
  return out;
}

/** The non-negative integer whose bytes are `bytes`, least significant first. */
export function fromLittleEndian(bytes: Uint8Array): bigint {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const words = bytes.length >> 3;
  let value = 0n;
  for (let i = bytes.length - 1; i >= words * 8; i--) value = (value << 8n) | BigInt(bytes[i]!);
  for (let w = words - 1; w >= 0; w--) value = (value << 64n) | view.getBigUint64(8 * w, true);
  return value;
}

/** Signed integer in two's complement, `length` bytes, least significant first. */
export function signedLittleEndian(value: bigint, length: number): Uint8Array {
  const bits = BigInt(8 * length);
  const half = 1n << (bits - 1n);
  if (value < -half || value >= half) {
    throw new TacitError('crypto/integer-range', `signed integer does not fit ${length} bytes`);
  }
  return littleEndian(BigInt.asUintN(Number(bits), value), length);
}

/** Inverse of {@link signedLittleEndian}; every byte string is the encoding of exactly one integer. */
export function fromSignedLittleEndian(bytes: Uint8Array): bigint {
  return BigInt.asIntN(8 * bytes.length, fromLittleEndian(bytes));
}

/** Whether two byte strings are the same; for public data (returns early). Secrets: `equalSecret` of equal.ts. */
export function sameBytes(a: Uint8Array, b: Uint8Array): boolean {
  if (a.length !== b.length) return false;
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false;
  return true;
}

/** Lexicographic order of byte strings: negative, zero or positive. */
export function compareBytes(a: Uint8Array, b: Uint8Array): number {
  const n = Math.min(a.length, b.length);
  for (let i = 0; i < n; i++) {
    const difference = a[i]! - b[i]!;
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/** Reads a byte string from front to back; every read is bounded, errors have the reader's code. */
export class ByteReader {
  readonly bytes: Uint8Array;
  readonly code: string;
  at = 0;

  constructor(bytes: Uint8Array, code: string) {
    this.bytes = bytes;
    this.code = code;
  }

  take(n: number): Uint8Array {
    if (n > this.bytes.length - this.at) {
      throw new TacitError(this.code, `input ends early: ${n} bytes wanted at ${this.at} of ${this.bytes.length}`);
    }
    this.at += n;
    return this.bytes.subarray(this.at - n, this.at);
  }

  u8(): number {
    return this.take(1)[0]!;
  }

  u16(): number {
    return Number(fromLittleEndian(this.take(2)));
  }

  u32(): number {
    return Number(fromLittleEndian(this.take(4)));
  }

  u64(): bigint {
    return fromLittleEndian(this.take(8));
  }

  end(): void {
    if (this.at !== this.bytes.length) {
      throw new TacitError(this.code, `${this.bytes.length - this.at} bytes too many`);
    }
  }
}
