/** Parameters of a request, checked one by one. `name` is what the client reads in the error. */
import { fromAddress } from '../../primitives/crypto/ss58.ts';
import { isTacitError } from '../../primitives/errors.ts';
import { Reader } from '../../primitives/scale/index.ts';
import type { HexHash } from '../base/types.ts';
import { invalidParams } from './errors.ts';

const HEX = /^0x[0-9a-f]*$/i;

/** Bytes in hexadecimal. */
export function bytesParam(value: unknown, name: string, maxBytes = 16 << 20): Uint8Array {
  if (typeof value !== 'string' || value.length > 2 + 2 * maxBytes || value.length % 2 || !HEX.test(value)) {
    throw invalidParams(`${name} is to be hexadecimal bytes with 0x, at most ${maxBytes} of them`);
  }
  return Uint8Array.from(Buffer.from(value.slice(2), 'hex'));
}

/** Arguments of a runtime API; an empty text stands for none, as PAPI writes it. */
export function callInputParam(value: unknown): Uint8Array {
  return value === undefined || value === null || value === ''
    ? new Uint8Array(0)
    : bytesParam(value, 'the call parameters', 2 << 20);
}

/** An extrinsic begins with the length of what follows: without that, bytes after it would be taken for its own. */
export function isExtrinsic(bytes: Uint8Array): boolean {
  try {
    const reader = new Reader(bytes);
    reader.advance(reader.compactUpTo(bytes.length));
    return true;
  } catch (error) {
    if (isTacitError(error)) return false;
    throw error;
  }
}

export function hexOf(bytes: Uint8Array): string {
  return `0x${Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')}`;
}

export function hashParam(value: unknown, name = 'the block hash'): HexHash {
  if (typeof value !== 'string' || !/^0x[0-9a-f]{64}$/i.test(value)) throw invalidParams(`${name} is to be 32 bytes`);
  return value.toLowerCase();
}

/** Undefined for what was left out or null. */
export function optional<T>(value: unknown, parse: (value: unknown) => T): T | undefined {
  return value === undefined || value === null ? undefined : parse(value);
}

export function textParam(value: unknown, name: string): string {
  if (typeof value !== 'string' || value.length > 256) throw invalidParams(`${name} is to be a text`);
  return value;
}

/** A block number, as a number or in hexadecimal. */
export function numberParam(value: unknown, name: string): number {
  const number = typeof value === 'string' && /^0x[0-9a-f]{1,8}$/i.test(value) ? Number(value) : value;
  if (typeof number !== 'number' || !Number.isInteger(number) || number < 0 || number > 0xffff_ffff) {
    throw invalidParams(`${name} is to be a number`);
  }
  return number;
}

export function listParam<T>(value: unknown, name: string, max: number, parse: (item: unknown) => T): T[] {
  if (!Array.isArray(value) || value.length > max) throw invalidParams(`${name} is to be a list of at most ${max}`);
  return value.map((item) => parse(item));
}

/** An account by its SS58 address or its 32 bytes. */
export function accountParam(value: unknown): Uint8Array {
  if (typeof value === 'string' && value.startsWith('0x')) {
    const bytes = bytesParam(value, 'the account', 32);
    if (bytes.length === 32) return bytes;
  } else if (typeof value === 'string' && value.length < 64) {
    try {
      return fromAddress(value);
    } catch (error) {
      if (!isTacitError(error)) throw error;
    }
  }
  throw invalidParams('the account is to be an SS58 address or 32 bytes');
}
