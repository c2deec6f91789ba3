import { expect } from 'chai';
import * as fc from 'fast-check';
import {
  ByteReader,
  compareBytes,
  concatBytes,
  fromLittleEndian,
  fromSignedLittleEndian,
  littleEndian,
  sameBytes,
  signedLittleEndian,
} from '../../../primitives/crypto/bytes.ts';
import { equalSecret } from '../../../primitives/crypto/equal.ts';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';

describe('primitives/crypto/bytes', () => {
  it('little-endian integers round trip at every length', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 1, maxLength: 70 }), (bytes) => {
        expect(littleEndian(fromLittleEndian(bytes), bytes.length)).to.deep.equal(bytes);
        expect(signedLittleEndian(fromSignedLittleEndian(bytes), bytes.length)).to.deep.equal(bytes);
      }),
    );
    expect(fromLittleEndian(Uint8Array.of(1, 2, 0))).to.equal(513n);
    expect(fromSignedLittleEndian(Uint8Array.of(255, 255))).to.equal(-1n);
  });

  it('refuses integers out of range', () => {
    for (const run of [
      () => littleEndian(256n, 1),
      () => littleEndian(-1n, 8),
      () => signedLittleEndian(128n, 1),
      () => signedLittleEndian(-129n, 1),
    ]) {
      expect(run).to.throw().with.property('code', 'crypto/integer-range');
    }
  });

  it('a reader neither reads past the end nor lets bytes lie', () => {
    const reader = new ByteReader(Uint8Array.of(1, 2, 0, 3, 0, 0, 0, 9), 'some/code');
    expect([reader.u8(), reader.u16(), reader.u32()]).to.deep.equal([1, 2, 3]);
    expect(() => reader.end())
      .to.throw()
      .with.property('code', 'some/code');
    expect(() => reader.u64())
      .to.throw()
      .with.property('code', 'some/code');
    expect(reader.u8()).to.equal(9);
    reader.end();
  });

  it('comparison and order agree with those of the bytes', () => {
    const some = fc.uint8Array({ maxLength: 4, max: 2 });
    fc.assert(
      fc.property(some, some, (a, b) => {
        const order = Buffer.compare(a, b);
        expect(Math.sign(compareBytes(a, b))).to.equal(order);
        expect(sameBytes(a, b)).to.equal(order === 0);
        expect(equalSecret(a, b)).to.equal(order === 0);
      }),
    );
    expect(concatBytes(Uint8Array.of(1), new Uint8Array(), Uint8Array.of(2, 3))).to.deep.equal(Uint8Array.of(1, 2, 3));
  });

  it('hexadecimal texts round trip, others are refused', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => {
        expect(fromHex(toHex(bytes))).to.deep.equal(bytes);
        expect(toHex(bytes)).to.equal(`0x${Buffer.from(bytes).toString('hex')}`);
      }),
    );
    for (const bad of ['', '00', '0x0', '0xzz', '0x00 ', ' 0x00', '0X00', '0x00\n']) {
      expect(() => fromHex(bad), JSON.stringify(bad))
        .to.throw()
        .with.property('code', 'crypto/bad-hex');
    }
  });
});
