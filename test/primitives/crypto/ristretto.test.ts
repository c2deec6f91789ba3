import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import * as fc from 'fast-check';
import { fromHex, toHex } from '../../../primitives/crypto/hex.ts';
import { multiScalar } from '../../../primitives/crypto/msm.ts';
import {
  commit,
  decodeKeyPoint,
  decodePoint,
  decodeScalar,
  encodeScalar,
  G,
  H,
  hashToPoint,
  invertScalar,
  J0,
  modOrder,
  ORDER,
  randomScalar,
  reduce64,
  times,
  U0,
  ZERO,
} from '../../../primitives/crypto/ristretto.ts';
import { BAD_ENCODINGS } from './encodings.ts';

const random = (n: number): Uint8Array => new Uint8Array(randomBytes(n));
const scalar = fc.bigInt({ min: 0n, max: ORDER - 1n });

describe('primitives/crypto/ristretto', () => {
  it('multiples of the base are those of RFC 9496, appendix A.1', () => {
    const multiples = [
      '0x0000000000000000000000000000000000000000000000000000000000000000',
      '0xe2f2ae0a6abc4e71a884a961c500515f58e30b6aa582dd8db6a65945e08d2d76',
      '0x6a493210f7499cd17fecb510ae0cea23a110e8d5b901f8acadd3095c73a3b919',
      '0x94741f5d5d52755ece4f23f044ee27d5d1ea1e2bd196b462166b16152a9d0259',
    ];
    multiples.forEach((text, k) => {
      expect(toHex(times(G, BigInt(k)).toBytes())).to.equal(text);
      expect(decodePoint(fromHex(text)).equals(times(G, BigInt(k)))).to.equal(true);
    });
  });

  it('refuses the non-canonical and invalid encodings of RFC 9496, appendix A.2', () => {
    for (const text of BAD_ENCODINGS) {
      expect(() => decodePoint(fromHex(text)), text)
        .to.throw()
        .with.property('code', 'crypto/bad-point');
    }
  });

  it('any 32 bytes either are refused or are the encoding of what they decode to', () => {
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        try {
          expect(decodePoint(bytes).toBytes()).to.deep.equal(bytes);
        } catch (error) {
          expect(error).to.have.property('code', 'crypto/bad-point');
        }
      }),
    );
  });

  it('the identity is a point, but no key', () => {
    expect(decodePoint(new Uint8Array(32)).is0()).to.equal(true);
    expect(() => decodeKeyPoint(new Uint8Array(32)))
      .to.throw()
      .with.property('code', 'crypto/identity');
  });

  it('scalars: strict decoding, reduction, inverse', () => {
    expect(decodeScalar(encodeScalar(ORDER - 1n))).to.equal(ORDER - 1n);
    const tooLarge = encodeScalar(ORDER - 1n);
    tooLarge[0]! += 1;
    expect(() => decodeScalar(tooLarge))
      .to.throw()
      .with.property('code', 'crypto/bad-scalar');
    expect(() => decodeScalar(new Uint8Array(33)))
      .to.throw()
      .with.property('code', 'crypto/bad-scalar');
    expect(() => encodeScalar(ORDER))
      .to.throw()
      .with.property('code', 'crypto/scalar-range');
    expect(() => encodeScalar(-1n))
      .to.throw()
      .with.property('code', 'crypto/scalar-range');
    expect(reduce64(new Uint8Array(64).fill(255))).to.equal(((1n << 512n) - 1n) % ORDER);
    expect(() => invertScalar(ORDER))
      .to.throw()
      .with.property('code', 'crypto/zero-scalar');
    fc.assert(
      fc.property(scalar, (s) => {
        if (s !== 0n) expect(modOrder(s * invertScalar(s))).to.equal(1n);
        expect(modOrder(s - 3n * ORDER)).to.equal(s);
      }),
    );
  });

  it('generators are fixed and differ', () => {
    const names = [G, H, J0, U0, hashToPoint('tacit/generator/1', 'h')].map((p) => toHex(p.toBytes()));
    expect(new Set(names).size).to.equal(names.length);
    // Fixed for ever: stored commitments depend on them.
    expect(names.slice(1, 4)).to.deep.equal(FIXED_GENERATORS);
  });

  it('times takes zero, negative and unreduced integers', () => {
    expect(times(H, 0n).is0()).to.equal(true);
    expect(times(H, ORDER).is0()).to.equal(true);
    expect(times(H, -1n).add(H).is0()).to.equal(true);
    expect(
      commit(3n, 5n).equals(
        G.add(G)
          .add(G)
          .add(times(H, ORDER + 5n)),
      ),
    ).to.equal(true);
  });

  it('multi-scalar multiplication equals the sum of products', () => {
    const special = fc.constantFrom(
      0n,
      1n,
      -1n,
      ORDER,
      ORDER - 1n,
      ORDER >> 1n,
      (ORDER >> 1n) + 1n,
      1n << 251n,
      (1n << 252n) - 1n,
    );
    const term = fc.tuple(
      fc.oneof(scalar, special, fc.bigInt({ min: -1000n, max: 1000n })),
      fc.constantFrom(G, H, J0, U0, ZERO),
    );
    fc.assert(
      fc.property(fc.array(term, { maxLength: 6 }), (terms) => {
        const expected = terms.reduce((sum, [s, p]) => sum.add(times(p, s)), ZERO);
        expect(multiScalar(terms.map(([s, point]) => ({ point, scalar: s }))).equals(expected)).to.equal(true);
      }),
      { numRuns: 60 },
    );
    const many = Array.from({ length: 40 }, () => ({
      point: times(G, randomScalar(random)),
      scalar: randomScalar(random),
    }));
    const expected = many.reduce((sum, { point, scalar: s }) => sum.add(times(point, s)), ZERO);
    expect(multiScalar(many).equals(expected)).to.equal(true);
  });
});

const FIXED_GENERATORS: string[] = [
  '0x6252332e970134e8a217668611f712733d6ef9ac753d28b3937d71bdac013345',
  '0x80e763480259d9560e888a657e52ab35123ae22acc78282fb4f88e87dec7676c',
  '0x3c5ee17b7cf94938edb2442a7f8ca0cb2347c88cb6a0a78dc1ec22045f05b75e',
];
