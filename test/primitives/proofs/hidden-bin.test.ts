import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  decodeHiddenBin,
  encodeHiddenBin,
  type HiddenBin,
  LEAST_MODULUS,
  openHiddenBin,
} from '../../../primitives/proofs/hidden-bin.ts';
import { strangers } from './support/hidden.ts';
import { random, T } from './support/notes.ts';

const bin: HiddenBin = {
  genesis: new Uint8Array(32).fill(7),
  modulus: T,
  grains: 32n,
  index: 5,
  digits: 3,
  notes: strangers(5),
};
const failing = (body: () => unknown, code = 'hidden/bad-bin'): void => {
  expect(body).to.throw().with.property('code', code);
};

describe('primitives/proofs/hidden-bin', () => {
  it('bytes round trip, and every field changes the root', () => {
    const bytes = encodeHiddenBin(bin);
    expect(bytes).to.have.length(55 + 64 * 5);
    expect(decodeHiddenBin(bytes)).to.deep.equal(bin);
    const variants: HiddenBin[] = [
      bin,
      { ...bin, genesis: random(32) },
      { ...bin, modulus: T - 1n },
      { ...bin, grains: 64n },
      { ...bin, index: 6 },
      { ...bin, digits: 5 },
      { ...bin, notes: bin.notes.slice(1) },
      { ...bin, notes: bin.notes.toReversed() },
      { ...bin, notes: bin.notes.map(({ key, commitment }) => ({ key: commitment, commitment: key })) },
    ];
    expect(new Set(variants.map((one) => openHiddenBin(one).root.join())).size).to.equal(variants.length);
  });

  it('refuses what is no bin', () => {
    for (const wrong of [
      { genesis: new Uint8Array(31) },
      { modulus: LEAST_MODULUS },
      { modulus: 1n << 64n },
      { grains: 0n },
      { grains: 3n },
      { grains: 1n << 48n },
      { digits: 4 },
      { digits: 7 },
      { notes: [] },
      { notes: strangers(65) },
      { notes: [{ key: new Uint8Array(31), commitment: new Uint8Array(33) }] },
    ]) {
      failing(() => encodeHiddenBin({ ...bin, ...wrong }));
    }
    failing(() => encodeHiddenBin({ ...bin, index: 2 ** 32 }), 'crypto/integer-range');
    const [note] = bin.notes;
    const withKey = (key: Uint8Array): HiddenBin => ({ ...bin, notes: [{ ...note!, key }] });
    failing(() => openHiddenBin(withKey(new Uint8Array(32))), 'crypto/identity');
    failing(() => openHiddenBin(withKey(new Uint8Array(32).fill(255))), 'crypto/bad-point');
    failing(
      () => openHiddenBin({ ...bin, notes: [{ ...note!, commitment: new Uint8Array(32).fill(255) }] }),
      'crypto/bad-point',
    );
  });

  it('two notes of one key do not make a bin unusable: anyone can copy a key that is seen', () => {
    const [note, other] = bin.notes;
    const open = openHiddenBin({ ...bin, notes: [note!, { ...other!, key: note!.key }, note!] });
    expect(open.ring.keys.count).to.equal(3);
  });

  it('decoding takes any bytes: a bin or its error, never more room than the bytes have', () => {
    const bytes = encodeHiddenBin(bin);
    const attempt = (input: Uint8Array): void => {
      try {
        expect(encodeHiddenBin(decodeHiddenBin(input))).to.deep.equal(input);
      } catch (error) {
        expect(error).to.have.property('code', 'hidden/bad-bin');
      }
    };
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), attempt));
    fc.assert(
      fc.property(fc.nat(bytes.length - 1), fc.nat(255), (at, value) => attempt(bytes.with(at, value))),
      { numRuns: 300 },
    );
    failing(() => decodeHiddenBin(bytes.slice(0, -1)));
    failing(() => decodeHiddenBin(new Uint8Array([...bytes, 0])));
  });
});
