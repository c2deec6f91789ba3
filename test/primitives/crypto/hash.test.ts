import { expect } from 'chai';
import { createHash } from 'node:crypto';
import * as fc from 'fast-check';
import { concatBytes, utf8 } from '../../../primitives/crypto/bytes.ts';
import {
  blake2_128,
  blake2b256,
  blake2b512,
  hash32Of,
  hashOf,
  twox128,
  twox64,
} from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';

describe('primitives/crypto/hash', () => {
  it('blake2b-512 gives the digest of RFC 7693, appendix A', () => {
    expect(toHex(blake2b512(utf8('abc')))).to.equal(
      '0xba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923',
    );
  });

  it('blake2b-512 agrees with OpenSSL on any input', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (data) => {
        expect(Buffer.from(blake2b512(data))).to.deep.equal(createHash('blake2b512').update(data).digest());
      }),
    );
  });

  it('blake2b-256 and -128 give the digests Substrate knows', () => {
    expect(toHex(blake2b256(new Uint8Array()))).to.equal(
      '0x0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8',
    );
    expect(toHex(blake2_128(utf8('abc')))).to.equal('0xcf4ab791c62b8d2b2109c90275287816');
  });

  it('twox gives the storage prefixes of Substrate', () => {
    expect(toHex(twox128(utf8('System')))).to.equal('0x26aa394eea5630e07c48ae0c9558cef7');
    expect(toHex(twox128(utf8('Account')))).to.equal('0xb99d880ec681799c0cf30e8886371da9');
    expect(toHex(twox128(utf8('System')).subarray(0, 8))).to.equal(toHex(twox64(utf8('System'))));
  });

  it('hashOf is blake2b over length-prefixed parts', () => {
    const expected = blake2b512(
      concatBytes(
        Uint8Array.of(3, 0, 0, 0),
        utf8('lbl'),
        Uint8Array.of(2, 0, 0, 0, 7, 8),
        Uint8Array.of(8, 0, 0, 0, 5, 1, 0, 0, 0, 0, 0, 0),
        Uint8Array.of(8, 0, 0, 0, 255, 255, 255, 255, 255, 255, 255, 255),
        Uint8Array.of(1, 0, 0, 0),
        utf8('x'),
      ),
    );
    expect(hashOf('lbl', Uint8Array.of(7, 8), 261, (1n << 64n) - 1n, 'x')).to.deep.equal(expected);
    expect(hash32Of('lbl', 'x')).to.deep.equal(hashOf('lbl', 'x').subarray(0, 32));
  });

  it('moving a byte from one part to the next changes the hash', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 20 }), fc.nat(20), (bytes, cut) => {
        const at = cut % bytes.length;
        const split = hashOf('l', bytes.subarray(0, at), bytes.subarray(at));
        expect(split).to.not.deep.equal(hashOf('l', bytes.subarray(0, at + 1), bytes.subarray(at + 1)));
      }),
    );
  });

  it('refuses integers that do not fit', () => {
    for (const bad of [1n << 64n, -1n, -1, 0.5, Number.NaN, 2 ** 60]) {
      expect(() => hashOf('l', bad), String(bad))
        .to.throw()
        .with.property('code')
        .that.matches(/^crypto\//);
    }
  });

  it('results are not overwritten by later hashes', () => {
    const first = blake2b256(utf8('a'));
    const copy = first.slice();
    blake2b256(utf8('b'));
    hashOf('c');
    expect(first).to.deep.equal(copy);
  });
});
