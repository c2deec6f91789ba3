/** Hexadecimal texts as JSON-RPC writes them. */
import { TacitError } from '../errors.ts';

const digits = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, '0'));

/** `0x` and two lower-case digits per byte. */
export function toHex(bytes: Uint8Array): string {
  let text = '0x';
  for (const byte of bytes) text += digits[byte];
  return text;
}

/** Bytes of `text`: `0x` is required, an even number of digits, either case. Throws `crypto/bad-hex`. */
export function fromHex(text: string): Uint8Array {
  if (!/^0x(?:[0-9a-fA-F]{2})*$/.test(text))
    throw new TacitError('crypto/bad-hex', 'not a 0x-prefixed hexadecimal text');
  const out = new Uint8Array(text.length / 2 - 1);
  for (let i = 0; i < out.length; i++) out[i] = Number.parseInt(text.slice(2 * i + 2, 2 * i + 4), 16);
  return out;
}
