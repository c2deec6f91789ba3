/**
 * The binary format of Microsoft SEAL 4.1 without compression, little endian, as far as the bridge needs it. Only bytes that this process made are
 * given to SEAL: its loader accepts trailing bytes, flipped flags and c1 = 0.
 */
import { concatBytes, littleEndian, sameBytes } from '../crypto/bytes.ts';
import { TacitError } from '../errors.ts';

const MAGIC = 0xa15en;
const HEADER = 16;
const VERSION = [4n, 1n] as const;

/** Parameters id of SEAL: a hash of scheme, degree and moduli, four words. */
export type ParmsId = BigUint64Array;

/** Of a plaintext that is not transformed. */
export const PLAIN_PARMS_ID: ParmsId = new BigUint64Array(4);

function wordBytes(words: BigUint64Array): Uint8Array {
  return new Uint8Array(words.buffer, words.byteOffset, words.byteLength);
}

function header(size: number): Uint8Array {
  return concatBytes(
    littleEndian(MAGIC, 2),
    Uint8Array.of(HEADER, Number(VERSION[0]), Number(VERSION[1]), 0, 0, 0),
    littleEndian(BigInt(size), 8),
  );
}

/** `f64` 1.0, the scale of everything in BFV. */
const UNIT_SCALE = new Uint8Array(Float64Array.of(1).buffer);

function dynamicArray(data: BigUint64Array): Uint8Array {
  return concatBytes(header(HEADER + 8 + data.byteLength), littleEndian(BigInt(data.length), 8), wordBytes(data));
}

/** A ciphertext or public key of two polynomials, `[poly][prime][coefficient]`: everything before the data is fixed by level and form. */
export function writeCiphertext(
  parmsId: ParmsId,
  transformed: boolean,
  degree: number,
  primes: number,
  data: BigUint64Array,
): Uint8Array {
  const body = concatBytes(
    wordBytes(parmsId),
    Uint8Array.of(transformed ? 1 : 0),
    ...[2, degree, primes].map((x) => littleEndian(BigInt(x), 8)),
    UNIT_SCALE,
    littleEndian(1n, 8),
    dynamicArray(data),
  );
  return concatBytes(header(HEADER + body.length), body);
}

/** The words of a ciphertext of the expected form. Throws `fhe/seal-format` for any other. */
export function readCiphertext(
  bytes: Uint8Array,
  parmsId: ParmsId,
  transformed: boolean,
  degree: number,
  primes: number,
): BigUint64Array {
  const words = 2 * degree * primes;
  const model = writeCiphertext(parmsId, transformed, degree, primes, new BigUint64Array(0));
  const prefix = model.length;
  const expected = writeCiphertext(parmsId, transformed, degree, primes, new BigUint64Array(words)).subarray(0, prefix);
  if (bytes.length !== prefix + 8 * words || !sameBytes(bytes.subarray(0, prefix), expected)) {
    throw new TacitError('fhe/seal-format', 'SEAL wrote a ciphertext of another form', { bytes: bytes.length });
  }
  return new BigUint64Array(bytes.slice(prefix).buffer);
}

/** A plaintext (id {@link PLAIN_PARMS_ID}) or a secret key (transformed, at key level). */
export function writePlaintext(parmsId: ParmsId, data: BigUint64Array): Uint8Array {
  const body = concatBytes(wordBytes(parmsId), littleEndian(BigInt(data.length), 8), UNIT_SCALE, dynamicArray(data));
  return concatBytes(header(HEADER + body.length), body);
}

/** Coefficients of a plaintext, as SEAL saves it. Throws `fhe/seal-format`. */
export function readPlaintext(bytes: Uint8Array): BigUint64Array {
  const prefix = writePlaintext(PLAIN_PARMS_ID, new BigUint64Array(0)).length;
  if (bytes.length < prefix || (bytes.length - prefix) % 8 !== 0) {
    throw new TacitError('fhe/seal-format', 'SEAL wrote a plaintext of another form', { bytes: bytes.length });
  }
  return new BigUint64Array(bytes.slice(prefix).buffer);
}

/**
 * Keys for key switching, as SEAL saves Galois and relinearisation keys: a list of entries, each empty or one public key for each digit.
 * @param entries length of the list: N for Galois keys, 1 for a relinearisation key of `s^2`
 * @param index of the one entry that is not empty: `(element - 1) / 2` for a Galois element
 * @param digits transformed, `[poly][prime][coefficient]` each
 */
export function writeSwitchingKeys(
  parmsId: ParmsId,
  degree: number,
  primes: number,
  entries: number,
  index: number,
  digits: readonly BigUint64Array[],
): Uint8Array {
  const empty = littleEndian(0n, 8);
  const body = concatBytes(
    wordBytes(parmsId),
    littleEndian(BigInt(entries), 8),
    ...Array.from({ length: index }, () => empty),
    littleEndian(BigInt(digits.length), 8),
    ...digits.map((data) => writeCiphertext(parmsId, true, degree, primes, data)),
    ...Array.from({ length: entries - index - 1 }, () => empty),
  );
  return concatBytes(header(HEADER + body.length), body);
}
