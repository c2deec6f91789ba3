import { expect } from 'chai';
import * as fc from 'fast-check';
import { isTacitError } from '../../../primitives/errors.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import type { Ciphertext } from '../../../primitives/fhe/types.ts';
import {
  ciphertextHash,
  decodeKeyPoly,
  decodeResidues,
  encodeCiphertext,
  encodeKeyPoly,
  encodeResidues,
  keyPolyBytes,
  residueBytes,
} from '../../../primitives/fhe/wire.ts';
import { codeOf, prgOf } from './support.ts';

const params = fheParams('tacit-test-256-n4');
const ring = ringOf(params);
const prg = prgOf('wire');
const ciphertext = { c0: ring.uniform(prg, 3), c1: ring.uniform(prg, 3) };

/** The two halves of an encoded ciphertext. */
function halves(bytes: Uint8Array): Ciphertext {
  const middle = residueBytes(params.dataPrimes, params.degree);
  const half = (of: Uint8Array) => decodeResidues(params.dataPrimes, of, params.degree);
  return { c0: half(bytes.subarray(0, middle)), c1: half(bytes.subarray(middle)) };
}

describe('wire format', () => {
  it('has the sizes the chain reckons with', () => {
    const real = fheParams('tacit-8192-n4');
    expect(2 * residueBytes(real.dataPrimes, real.degree)).to.equal(362_496);
    expect(keyPolyBytes(real)).to.equal(219_136);
    expect(residueBytes(real.dataPrimes, 3)).to.equal(3 * 23);
  });

  it('gives ciphertexts and key polynomials back', () => {
    const bytes = encodeCiphertext(params, ciphertext);
    expect(halves(bytes)).to.deep.equal(ciphertext);
    const key = ring.uniform(prg, 4);
    expect(decodeKeyPoly(params, encodeKeyPoly(params, key))).to.deep.equal(key);
  });

  it('packs residues least significant bit first', () => {
    const q = params.dataPrimes[0] ?? 0n;
    const values = BigUint64Array.of(1n, q - 1n, 0x123456789n);
    let all = 0n;
    values.forEach((v, i) => {
      all |= v << BigInt(59 * i);
    });
    const bytes = encodeResidues([q], values);
    expect(bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n)).to.equal(all);
  });

  it('gives any number of residues back, whatever the padding', () => {
    const moduli = params.keyPrimes;
    fc.assert(
      fc.property(
        fc
          .integer({ min: 0, max: 20 })
          .chain((count) =>
            fc.tuple(...moduli.map((q) => fc.array(fc.bigInt(0n, q - 1n), { minLength: count, maxLength: count }))),
          ),
        (rows) => {
          const residues = BigUint64Array.from(rows.flat());
          const bytes = encodeResidues(moduli, residues);
          expect(decodeResidues(moduli, bytes, rows[0]?.length ?? 0)).to.deep.equal(residues);
        },
      ),
    );
  });

  it('has one encoding per value: other lengths, unreduced residues, padding bits and c1 = 0 are refused', () => {
    const bytes = encodeCiphertext(params, ciphertext);
    const with59 = (at: number, value: bigint): Uint8Array => {
      const poly = ciphertext.c0.slice();
      poly[at] = value;
      // Encoded for a prime of the same width, so that the bytes are what a cheater would send.
      const wide = (1n << 59n) - 1n;
      const out = bytes.slice();
      out.set(encodeResidues([wide, wide, wide], poly), 0);
      return out;
    };
    const q = params.dataPrimes[1] ?? 0n;
    const zero = { c0: ciphertext.c0, c1: ring.zero(3) };
    const cases: [string, () => unknown, string][] = [
      ['empty', () => halves(new Uint8Array(0)), 'fhe/length'],
      ['short', () => halves(bytes.subarray(1)), 'fhe/length'],
      ['long', () => halves(new Uint8Array(bytes.length + 1)), 'fhe/length'],
      ['equal to the prime', () => halves(with59(256 + 5, q)), 'fhe/unreduced'],
      ['largest', () => halves(with59(3 * 256 - 1, (1n << 59n) - 2n)), 'fhe/unreduced'],
      ['c1 = 0 encoded', () => encodeCiphertext(params, zero), 'fhe/transparent'],
      ['wrong level', () => encodeCiphertext(params, { c0: ring.zero(4), c1: ring.zero(4) }), 'fhe/level'],
      ['key at data level', () => encodeKeyPoly(params, ring.zero(3)), 'fhe/level'],
      ['padding', () => decodeResidues([q], Uint8Array.of(0, 0, 0, 0, 0, 0, 0, 0x08), 1), 'fhe/padding'],
      ['unreduced to encode', () => encodeResidues([q], BigUint64Array.of(q)), 'fhe/unreduced'],
      ['residues short', () => decodeResidues([q], new Uint8Array(7), 1), 'fhe/length'],
    ];
    expect(halves(with59(256 + 5, q - 1n)).c0[256 + 5]).to.equal(q - 1n);
    for (const [name, body, code] of cases) expect(codeOf(body), name).to.equal(code);
  });

  it('meets mutated bytes with a code or with the one value they encode', () => {
    const bytes = encodeCiphertext(params, ciphertext);
    let refused = 0;
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(bytes.length - 1), fc.constantFrom(0, 0xff, 0x80, 1)), {
          minLength: 1,
          maxLength: 12,
        }),
        (edits) => {
          const mutated = bytes.slice();
          for (const [at, value] of edits) mutated.fill(value, at, at + 9);
          try {
            expect(encodeCiphertext(params, halves(mutated))).to.deep.equal(mutated);
          } catch (error) {
            if (!isTacitError(error)) throw error;
            refused++;
          }
        },
      ),
    );
    expect(refused).to.be.greaterThan(0);
  });

  it('hashes a ciphertext with its parameter set', () => {
    const hash = ciphertextHash(params, ciphertext);
    const c0 = ciphertext.c0.slice();
    c0[0] = (c0[0] ?? 0n) ^ 1n;
    expect(ciphertextHash(params, { c0, c1: ciphertext.c1 })).to.not.deep.equal(hash);
    expect(ciphertextHash(fheParams('tacit-test-256-n7'), ciphertext)).to.not.deep.equal(hash);
  });
});
