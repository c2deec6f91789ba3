import { expect } from 'chai';
import * as fc from 'fast-check';
import { ORDER as l } from '../../../primitives/crypto/ristretto.ts';
import { scalarField as F } from '../../../primitives/fhe/scalar-kernel.ts';
import { below, codeOf, mod, prgOf } from './support.ts';

const scalar = fc.oneof(
  fc.bigInt(0n, l - 1n),
  fc.constantFrom(0n, 1n, l - 1n, l - 2n, 1n << 252n, (1n << 252n) - 1n, 0xffffffffn),
);
const pairs = fc.array(fc.tuple(scalar, scalar), { minLength: 1, maxLength: 20 });

describe('scalars modulo l', () => {
  it('add, subtract, multiply and take dot products as big integers do', () => {
    fc.assert(
      fc.property(pairs, scalar, (list, c) => {
        const x = list.map(([a]) => a);
        const y = list.map(([, b]) => b);
        const [a, b] = [F.from(x), F.from(y)];
        const each = (f: (u: bigint, v: bigint) => bigint) => list.map(([u, v]) => mod(f(u, v), l));
        expect(F.toBigInts(F.addVec(a, b))).to.deep.equal(each((u, v) => u + v));
        expect(F.toBigInts(F.subVec(a, b))).to.deep.equal(each((u, v) => u - v));
        expect(F.toBigInts(F.mulVec(a, b))).to.deep.equal(each((u, v) => u * v));
        expect(F.toBigInts(F.mulScalar(a, c))).to.deep.equal(each((u) => u * c));
        expect(F.toBigInts(F.addScalar(a, c))).to.deep.equal(each((u) => u + c));
        expect(F.dot(a, b)).to.equal(
          mod(
            list.reduce((sum, [u, v]) => sum + u * v, 0n),
            l,
          ),
        );
        expect(F.sum(a)).to.equal(
          mod(
            x.reduce((sum, u) => sum + u, 0n),
            l,
          ),
        );
      }),
    );
  });

  it('reduce wide integers', () => {
    const bytes = prgOf('scalars').next(64 * 30);
    bytes.fill(0xff, 0, 64);
    const read = (size: number, i: number) =>
      bytes.subarray(i * size, (i + 1) * size).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    expect(F.toBigInts(F.fromWide(bytes))).to.deep.equal(Array.from({ length: 30 }, (_, i) => read(64, i) % l));
  });

  it('decode reduced scalars only', () => {
    const bytes = F.encode(F.from([0n, 1n, l - 1n]));
    expect(F.toBigInts(F.decode(bytes) ?? F.from([]))).to.deep.equal([0n, 1n, l - 1n]);
    const order = new Uint8Array(BigUint64Array.of(l & (2n ** 64n - 1n), l >> 64n, 0n, l >> 192n).buffer);
    expect(F.decode(order)).to.equal(undefined);
    expect(F.decode(new Uint8Array(32).fill(0xff))).to.equal(undefined);
    expect(F.decode(new Uint8Array(31))).to.equal(undefined);
  });

  it('sum powers by class', () => {
    const prg = prgOf('powers');
    const y = Array.from({ length: 40 }, () => below(prg, l));
    const a = Array.from({ length: 40 }, () => below(prg, l));
    const classes = Uint8Array.from({ length: 40 }, (_, i) => i % 3);
    const got = F.toBigInts(F.powerSums(F.from(y), F.from(a), classes, 4, 16));
    for (let c = 0; c < 4; c++) {
      for (let p = 0; p <= 16; p++) {
        const want = y.reduce(
          (sum, yk, k) => (classes[k] === c ? mod(sum + yk * (a[k] ?? 0n) ** BigInt(p), l) : sum),
          0n,
        );
        expect(got[c * 17 + p]).to.equal(want);
      }
    }
    expect(
      codeOf(() =>
        F.powerSums(
          F.from(y),
          F.from(a),
          classes.map(() => 4),
          4,
          16,
        ),
      ),
    ).to.equal('fhe/scalar-vector');
  });

  it('sum the product that vanishes on digits', () => {
    const prg = prgOf('vanish');
    const digits = Array.from({ length: 32 }, (_, i) => BigInt(i % 16));
    const y = F.from(digits.map(() => below(prg, l)));
    expect(F.vanishingSum(F.from(digits), y)).to.equal(0n);
    const g = digits.map(() => below(prg, l));
    const want = g.reduce((sum, x, k) => {
      let product = F.get(y, k);
      for (let c = 0n; c < 16n; c++) product = mod(product * (x - c), l);
      return mod(sum + product, l);
    }, 0n);
    expect(F.vanishingSum(F.from(g), y)).to.equal(want);
    expect(F.vanishingSum(F.from([16n]), F.from([1n]))).to.equal(20922789888000n);
  });

  it('refuse vectors that do not fit', () => {
    expect(codeOf(() => F.addVec(F.from([1n]), F.from([1n, 2n])))).to.equal('fhe/scalar-vector');
    expect(codeOf(() => F.get(F.from([1n]), 1))).to.equal('fhe/scalar-vector');
  });
});
