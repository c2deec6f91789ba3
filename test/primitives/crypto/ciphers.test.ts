import { expect } from 'chai';
import { createCipheriv } from 'node:crypto';
import * as fc from 'fast-check';
import { AEAD_TAG, openOnce, sealOnce } from '../../../primitives/crypto/aead.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';

const keyOf = (byte: number): Uint8Array => new Uint8Array(32).map((_, i) => (byte + i) & 255);

describe('primitives/crypto/prg', () => {
  it('is the key stream of RFC 8439, appendix A.1', () => {
    expect(toHex(new Prg(new Uint8Array(32)).next(64))).to.equal(
      '0x76b8e0ada0f13d90405d6ae55386bd28bdd219b8a08ded1aa836efcc8b770dc7da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586',
    );
  });

  it('agrees with OpenSSL beyond a megabyte, however the stream is cut', () => {
    const total = 2_500_000;
    const expected = createCipheriv('chacha20', keyOf(3), new Uint8Array(16)).update(new Uint8Array(total));
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1_300_000 }), { minLength: 1, maxLength: 5 }),
        fc.nat(3),
        (cuts, skew) => {
          const prg = new Prg(keyOf(3));
          let at = 0;
          for (const cut of [...cuts, 7]) {
            const n = Math.min(cut, total - at);
            const target = new Uint8Array(n + skew).subarray(skew);
            prg.into(target);
            expect(Buffer.compare(target, expected.subarray(at, at + n))).to.equal(0);
            at += n;
          }
        },
      ),
      { numRuns: 15 },
    );
  });

  it('reads u64 least significant byte first', () => {
    expect(new Prg(new Uint8Array(32)).u64()).to.equal(0x903df1a0ade0b876n);
  });

  it('does not follow later changes of its seed, and refuses short ones', () => {
    const seed = keyOf(1);
    const prg = new Prg(seed);
    const expected = new Prg(seed).next(8);
    seed.fill(0);
    expect(prg.next(8)).to.deep.equal(expected);
    expect(() => new Prg(new Uint8Array(31)))
      .to.throw()
      .with.property('code', 'crypto/seed-length');
  });
});

describe('primitives/crypto/aead', () => {
  function openssl(key: Uint8Array, message: Uint8Array, associated: Uint8Array): Uint8Array {
    const cipher = createCipheriv('chacha20-poly1305', key, new Uint8Array(12), { authTagLength: 16 });
    cipher.setAAD(associated, { plaintextLength: message.length });
    return Buffer.concat([cipher.update(message), cipher.final(), cipher.getAuthTag()]);
  }

  it('agrees with OpenSSL', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 100 }), fc.uint8Array({ maxLength: 40 }), (message, associated) => {
        const expected = openssl(keyOf(9), message, associated);
        expect(Buffer.compare(sealOnce(keyOf(9), message, associated), expected)).to.equal(0);
      }),
    );
  });

  it('agrees with OpenSSL around every step of the kernel, and where carries go furthest', () => {
    for (const length of [0, 1, 15, 16, 17, 63, 64, 65, 255, 256, 257, 511, 512, 513, 484_546]) {
      const ones = new Uint8Array(length).fill(255);
      const associated = ones.subarray(0, length % 999);
      const key = new Uint8Array(32).fill(255);
      const box = sealOnce(key, ones, associated);
      // What ones encrypt to, encrypted again, is ones: every limb of the tag's sum is full.
      const message = box.slice(0, length);
      const full = sealOnce(key, message, associated);
      expect(full.subarray(0, length)).to.deep.equal(ones);
      for (const [plain, sealed] of [
        [ones, box],
        [message, full],
      ] as const) {
        expect(Buffer.compare(sealed, openssl(key, plain, associated)), `${length}`).to.equal(0);
        expect(openOnce(key, sealed, associated)).to.deep.equal(plain);
      }
    }
  });

  it('opens what was sealed, and nothing that differs in one bit', () => {
    const message = Uint8Array.of(1, 2, 3);
    const associated = Uint8Array.of(4);
    const box = sealOnce(keyOf(9), message, associated);
    expect(box.length).to.equal(message.length + AEAD_TAG);
    expect(openOnce(keyOf(9), box, associated)).to.deep.equal(message);
    for (let bit = 0; bit < 8 * box.length; bit++) {
      const bad = box.slice();
      bad[bit >> 3]! ^= 1 << (bit & 7);
      expect(openOnce(keyOf(9), bad, associated), `bit ${bit}`).to.equal(undefined);
    }
    expect(openOnce(keyOf(8), box, associated)).to.equal(undefined);
    expect(openOnce(keyOf(9), box, Uint8Array.of(5))).to.equal(undefined);
    expect(openOnce(keyOf(9), box.subarray(0, 15), associated)).to.equal(undefined);
  });
});
