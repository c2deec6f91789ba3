/**
 * Canonical bytes of ring elements: residues of each prime in as many bits as the prime has (59, 56 or 37), least significant bit first, prime after
 * prime, each row padded with zero bits to a whole byte. One value has one encoding; decoding is strict. SEAL never sees bytes from outside.
 */
import { at } from '../at.ts';
import { hash32Of } from '../crypto/hash.ts';
import { TacitError } from '../errors.ts';
import { kernel } from './kernel.ts';
import type { FheParams } from './params.ts';
import type { Ciphertext, RnsPoly } from './types.ts';

function bitsOf(q: bigint): number {
  return q.toString(2).length;
}

/** Bytes of `count` residues for each of `moduli`. */
export function residueBytes(moduli: readonly bigint[], count: number): number {
  return moduli.reduce((sum, q) => sum + Math.ceil((count * bitsOf(q)) / 8), 0);
}

/** Residues `[prime][k]`, `count` per prime. Throws `fhe/unreduced` if one is not below its prime. */
export function encodeResidues(moduli: readonly bigint[], residues: BigUint64Array): Uint8Array<ArrayBuffer> {
  const count = residues.length / moduli.length;
  if (!Number.isInteger(count)) throw new TacitError('fhe/length', 'every prime needs the same number of residues');
  const k = kernel();
  const out = new Uint8Array(residueBytes(moduli, count));
  let at = 0;
  moduli.forEach((q, i) => {
    const length = residueBytes([q], count);
    k.frame(() => {
      const words = k.put(residues.subarray(i * count, (i + 1) * count));
      if (k.run.firstUnreduced(words, count, q) >= 0) {
        throw new TacitError('fhe/unreduced', 'a residue is not below its prime', { prime: i });
      }
      const bytes = k.alloc(length);
      k.run.pack(bytes, words, count, BigInt(bitsOf(q)));
      out.set(k.readBytes(bytes, length), at);
    });
    at += length;
  });
  return out;
}

/** Inverse of {@link encodeResidues}; `count` comes from the context, never from the bytes. Throws `fhe/length`, `fhe/unreduced`, `fhe/padding`. */
export function decodeResidues(moduli: readonly bigint[], bytes: Uint8Array, count: number): BigUint64Array {
  const wanted = residueBytes(moduli, count);
  if (bytes.length !== wanted) {
    throw new TacitError('fhe/length', 'residues of a wrong length', { got: bytes.length, wanted });
  }
  const k = kernel();
  const out = new BigUint64Array(moduli.length * count);
  let from = 0;
  moduli.forEach((q, i) => {
    const bits = bitsOf(q);
    const length = residueBytes([q], count);
    const padding = 8 * length - count * bits;
    if (padding > 0 && at(bytes, from + length - 1) >> (8 - padding) !== 0) {
      throw new TacitError('fhe/padding', 'the bits after the last residue must be zero', { prime: i });
    }
    k.frame(() => {
      const source = k.alloc(length + 16);
      k.writeBytes(source, bytes.subarray(from, from + length));
      const words = k.alloc(8 * count);
      k.run.unpack(words, source, count, BigInt(bits));
      const bad = k.run.firstUnreduced(words, count, q);
      if (bad >= 0) throw new TacitError('fhe/unreduced', 'a residue is not below its prime', { prime: i, index: bad });
      out.set(k.read(words, count), i * count);
    });
    from += length;
  });
  return out;
}

/** Bytes of a polynomial at key level (a posted part of the public key). */
export function keyPolyBytes(params: FheParams): number {
  return residueBytes(params.keyPrimes, params.degree);
}

export function encodeKeyPoly(params: FheParams, poly: RnsPoly): Uint8Array<ArrayBuffer> {
  if (poly.length !== params.keyPrimes.length * params.degree) {
    throw new TacitError('fhe/level', 'a key polynomial has residues modulo all key primes');
  }
  return encodeResidues(params.keyPrimes, poly);
}

export function decodeKeyPoly(params: FheParams, bytes: Uint8Array): RnsPoly {
  return decodeResidues(params.keyPrimes, bytes, params.degree);
}

/** Bytes of `polys` polynomials at key level, one behind the other: what a member posts in a pass of the evaluation keys (§13.2). */
export function postingBytes(params: FheParams, polys: number): number {
  return polys * keyPolyBytes(params);
}

export function encodePosting(params: FheParams, polys: readonly RnsPoly[]): Uint8Array<ArrayBuffer> {
  const size = keyPolyBytes(params);
  const out = new Uint8Array(polys.length * size);
  polys.forEach((poly, i) => {
    out.set(encodeKeyPoly(params, poly), i * size);
  });
  return out;
}

/** Inverse of {@link encodePosting}; `polys` comes from the pass, never from the bytes. Codes of {@link decodeResidues}. */
export function decodePosting(params: FheParams, bytes: Uint8Array, polys: number): RnsPoly[] {
  const size = keyPolyBytes(params);
  if (bytes.length !== postingBytes(params, polys)) {
    throw new TacitError('fhe/length', 'a posting of a wrong length', { got: bytes.length, wanted: polys * size });
  }
  return Array.from({ length: polys }, (_, i) => decodeKeyPoly(params, bytes.subarray(i * size, (i + 1) * size)));
}

/** Bytes of a ciphertext: 362,496 for N = 8192, 1,146,880 for N = 16384. */
function ciphertextBytes(params: FheParams): number {
  return 2 * residueBytes(params.dataPrimes, params.degree);
}

/** `c0` and then `c1`. Throws `fhe/transparent` where c1 = 0. */
export function encodeCiphertext(params: FheParams, { c0, c1 }: Ciphertext): Uint8Array<ArrayBuffer> {
  const words = params.dataPrimes.length * params.degree;
  if (c0.length !== words || c1.length !== words) {
    throw new TacitError('fhe/level', 'a ciphertext has residues modulo all data primes');
  }
  refuseTransparent(c1);
  const out = new Uint8Array(ciphertextBytes(params));
  out.set(encodeResidues(params.dataPrimes, c0), 0);
  out.set(encodeResidues(params.dataPrimes, c1), out.length / 2);
  return out;
}

/** Throws `fhe/transparent` where c1 = 0. */
export function refuseTransparent(c1: RnsPoly): void {
  if (c1.every((word) => word === 0n)) {
    throw new TacitError('fhe/transparent', 'a ciphertext with c1 = 0 shows its plaintext');
  }
}

/** What opening requests and the chain know a ciphertext by: a hash of its canonical bytes. */
export function ciphertextHash(params: FheParams, ciphertext: Ciphertext): Uint8Array {
  return hash32Of('tacit/ciphertext/1', params.id, encodeCiphertext(params, ciphertext));
}
