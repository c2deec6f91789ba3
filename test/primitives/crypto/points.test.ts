import { randomBytes } from 'node:crypto';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { littleEndian } from '../../../primitives/crypto/bytes.ts';
import { fromHex } from '../../../primitives/crypto/hex.ts';
import {
  decodePoints,
  isIdentity,
  MAX_POINTS,
  multiplesOf,
  PointSet,
  sumOfProducts,
} from '../../../primitives/crypto/points.ts';
import {
  decodePoint,
  G,
  H,
  hashToPoint,
  J0,
  modOrder,
  ORDER,
  type Point,
  randomScalar,
  type Scalar,
  times,
  U0,
  ZERO,
} from '../../../primitives/crypto/ristretto.ts';
import { BAD_ENCODINGS } from './encodings.ts';

const random = (n: number): Uint8Array => new Uint8Array(randomBytes(n));
const scalar = fc.bigInt({ min: 0n, max: ORDER - 1n });
const HALF = ORDER >> 1n;
/** Scalars at which digits, signs and carries change. */
const SPECIAL: readonly Scalar[] = [
  0n,
  1n,
  2n,
  ORDER - 1n,
  ORDER - 2n,
  HALF,
  HALF + 1n,
  (1n << 251n) - 1n,
  1n << 251n,
  (1n << 252n) - 1n,
  1n << 252n,
  (1n << 64n) - 1n,
  1n << 64n,
  (1n << 128n) - 1n,
  (1n << 192n) - 1n,
  ORDER - (1n << 192n),
  ORDER - (1n << 128n),
  ORDER - (1n << 64n),
  // Words that equal those of l, and words of zero: where l - s borrows from the next.
  (1n << 251n) + (ORDER % (1n << 128n)) + 1n,
  (1n << 251n) + (1n << 128n) - 1n,
  (1n << 251n) + (ORDER % (1n << 64n)) + 1n,
  (1n << 251n) + (1n << 64n) - 1n,
];
const special = fc.constantFrom(...SPECIAL);
const decoded = (points: readonly Point[]): PointSet => decodePoints(points.map((point) => point.toBytes()));
const sum = (points: readonly Point[], scalars: readonly Scalar[]): Uint8Array =>
  sumOfProducts({ points: decoded(points), scalars });
const expected = (points: readonly Point[], scalars: readonly Scalar[]): Uint8Array =>
  points.reduce((total, point, i) => total.add(times(point, scalars[i]!)), ZERO).toBytes();

/** `(a + i b) G`, cheap to make in any number, and `a + i b`. */
function manyPoints(count: number): { points: Point[]; logs: bigint[] } {
  const [a, b] = [randomScalar(random), randomScalar(random)];
  const step = times(G, b);
  const points = [times(G, a)];
  while (points.length < count) points.push(points.at(-1)!.add(step));
  return { points, logs: points.map((_, i) => modOrder(a + BigInt(i) * b)) };
}

describe('primitives/crypto/points', function () {
  it('sums equal those of the library: any and special scalars, the identity, repeated points', () => {
    const term = fc.tuple(fc.oneof(scalar, special), fc.constantFrom(G, H, J0, U0, ZERO, hashToPoint('test/points')));
    fc.assert(
      fc.property(fc.array(term, { maxLength: 7 }), (terms) => {
        const [points, scalars] = [terms.map(([, point]) => point), terms.map(([s]) => s)];
        expect(sum(points, scalars)).to.deep.equal(expected(points, scalars));
      }),
      { numRuns: 80 },
    );
  });

  it('each special scalar alone, at every width', () => {
    for (const s of SPECIAL) {
      const alone = sum([H], [s]);
      expect(alone, `${s}`).to.deep.equal(times(H, s).toBytes());
      for (const others of [20, 200]) {
        const points = [H, ...Array.from({ length: others }, () => ZERO)];
        expect(sum(points, [s, ...points.slice(1).map(() => s)]), `${s}, ${others}`).to.deep.equal(alone);
      }
    }
  });

  it('every width of digits gives the same: one to some thousand points', () => {
    for (const count of [1, 2, 3, 5, 9, 17, 40, 90, 200, 700, 2500]) {
      const { points, logs } = manyPoints(count);
      const scalars = logs.map((_, i) => (i % 7 === 3 ? ORDER - 1n - BigInt(i) : randomScalar(random)));
      const log = logs.reduce((total, value, i) => modOrder(total + value * scalars[i]!), 0n);
      expect(sum(points, scalars), `${count} points`).to.deep.equal(times(G, log).toBytes());
    }
  });

  it('one scalar for all fills one bucket; scalars that cancel give the identity', () => {
    const { points, logs } = manyPoints(300);
    const same = randomScalar(random);
    const total = logs.reduce((a, b) => a + b, 0n);
    const all = points.map(() => same);
    expect(sum(points, all)).to.deep.equal(times(G, total * same).toBytes());
    const opposite = sum([...points, ...points], [...all, ...all.map((s) => ORDER - s)]);
    expect(isIdentity(opposite)).to.equal(true);
  });

  it('every representative of a class counts as the same: l - 1 times a point and the point are the identity', () => {
    // A decoded representative may differ from a point of order l by one of order 4: then the sum is that, which encodes as the identity.
    for (let i = 0; i < 40; i++) {
      const point = hashToPoint('test/points', i);
      expect(isIdentity(sum([point, point], [ORDER - 1n, 1n]))).to.equal(true);
      const pair = sum([point, point], [HALF, HALF + 1n]);
      expect(isIdentity(pair)).to.equal(true);
      expect(decodePoint(sum([point], [1n])).equals(point)).to.equal(true);
    }
  });

  it('nothing summed, zero scalars and the identity are the identity', () => {
    expect(sumOfProducts()).to.deep.equal(new Uint8Array(32));
    expect(sum([], [])).to.deep.equal(new Uint8Array(32));
    expect(isIdentity(sum([G, H], [0n, 0n]))).to.equal(true);
    expect(isIdentity(sum([ZERO, ZERO], [5n, ORDER - 1n]))).to.equal(true);
    expect(isIdentity(sum([G], [1n]))).to.equal(false);
  });

  it('many multiples of one point equal those of the library: any and special scalars, none, and any number of them', () => {
    fc.assert(
      fc.property(
        fc.array(fc.oneof(scalar, special), { maxLength: 12 }),
        fc.constantFrom(G, H, U0),
        (scalars, base) => {
          const point = times(base, scalars.at(-1) || 7n);
          const products = multiplesOf(point.toBytes(), scalars);
          expect(products).to.deep.equal(scalars.map((one) => times(point, one).toBytes()));
        },
      ),
      { numRuns: 40 },
    );
    expect(multiplesOf(G.toBytes(), SPECIAL)).to.deep.equal(SPECIAL.map((one) => times(G, one).toBytes()));
  });

  it('multiples are of keys: the identity and what is no point are refused, and scalars that are not reduced', () => {
    const refused = (encoding: Uint8Array, scalars: Scalar[]) =>
      expect(() => multiplesOf(encoding, scalars)).to.throw();
    refused(new Uint8Array(32), [1n]).with.property('code', 'crypto/identity');
    for (const bad of BAD_ENCODINGS) refused(fromHex(bad), [1n]).with.property('code', 'crypto/bad-point');
    refused(G.toBytes().subarray(1), [1n]).with.property('code', 'crypto/bad-point');
    for (const scalarOut of [ORDER, -1n])
      refused(G.toBytes(), [scalarOut]).with.property('code', 'crypto/scalar-range');
  });

  it('decodes what the library decodes and refuses what it refuses', () => {
    const accepted = (bytes: Uint8Array): boolean => {
      try {
        decodePoints([bytes]);
        return true;
      } catch (error) {
        expect(error).to.have.property('code', 'crypto/bad-point');
        return false;
      }
    };
    const byLibrary = (bytes: Uint8Array): boolean => {
      try {
        decodePoint(bytes);
        return true;
      } catch {
        return false;
      }
    };
    for (const text of BAD_ENCODINGS) expect(accepted(fromHex(text)), text).to.equal(false);
    const p = 2n ** 255n - 19n;
    const edges = Array.from({ length: 80 }, (_, i) => [BigInt(i), p - 40n + BigInt(i), (1n << 255n) + BigInt(i)]);
    const near = [28n, 29n, 57n, 58n, 87n, 116n, 145n, 174n, 203n, 232n, 254n].flatMap((bit) => [
      (1n << bit) - 2n,
      1n << bit,
      (1n << bit) + 2n,
    ]);
    let good = 0;
    for (const s of [...edges.flat(), ...near].map((value) => littleEndian(value, 32))) {
      expect(accepted(s), s.join()).to.equal(byLibrary(s));
      if (!byLibrary(s)) continue;
      good++;
      expect(sumOfProducts({ points: decodePoints([s]), scalars: [1n] })).to.deep.equal(s);
    }
    expect(good).to.be.greaterThan(15);
    fc.assert(
      fc.property(fc.uint8Array({ minLength: 32, maxLength: 32 }), (bytes) => {
        bytes[0]! &= 0xfe;
        bytes[31]! &= 0x7f;
        expect(accepted(bytes)).to.equal(byLibrary(bytes));
      }),
      { numRuns: 300 },
    );
  });

  it('names the first encoding that is none', () => {
    const bad = new Uint8Array(32).fill(255);
    expect(() => decodePoints([G.toBytes(), H.toBytes(), bad, bad]))
      .to.throw()
      .with.deep.include({ code: 'crypto/bad-point', details: { index: 2 } });
    expect(() => decodePoints([G.toBytes(), new Uint8Array(31)]))
      .to.throw()
      .with.property('code', 'crypto/bad-point');
  });

  it('refuses unreduced scalars, another number of scalars, and more points than there is room for', () => {
    const points = decoded([G, H]);
    for (const [scalars, code] of [
      [[1n, ORDER], 'crypto/scalar-range'],
      [[-1n, 1n], 'crypto/scalar-range'],
      [[1n], 'crypto/scalar-count'],
      [[1n, 2n, 3n], 'crypto/scalar-count'],
    ] as const) {
      expect(() => sumOfProducts({ points, scalars }))
        .to.throw()
        .with.property('code', code);
    }
    const one = G.toBytes();
    const many = Array.from({ length: MAX_POINTS + 1 }, () => one);
    expect(() => decodePoints(many))
      .to.throw()
      .with.property('code', 'crypto/too-many-points');
    const large = new PointSet(new Uint8Array(108 * (MAX_POINTS + 1)));
    expect(() => sumOfProducts({ points: large, scalars: Array.from({ length: MAX_POINTS + 1 }, () => 0n) }))
      .to.throw()
      .with.property('code', 'crypto/too-many-points');
  });

  it('sets are cut and put together without being decoded again', () => {
    const { points, logs } = manyPoints(10);
    const all = decoded(points);
    const log = logs.slice(2, 5).reduce((a, b) => a + b, 0n);
    expect(all.slice(2, 5).count).to.equal(3);
    const scalars = [1n, 1n, 1n];
    const two = sumOfProducts({ points: all.slice(2, 5), scalars }, { points: decoded([H]), scalars: [7n] });
    expect(two).to.deep.equal(times(G, log).add(times(H, 7n)).toBytes());
  });
});
