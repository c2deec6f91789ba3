import { expect } from 'chai';
import * as fc from 'fast-check';
import { minimalRoot, powMod } from '../../../primitives/fhe/modulus.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import { centredBinomial, ternary } from '../../../primitives/fhe/sample.ts';
import type { RnsPoly } from '../../../primitives/fhe/types.ts';
import { below, codeOf, mod, prgOf } from './support.ts';

const params = fheParams('tacit-test-256-n4');
const ring = ringOf(params);
const N = params.degree;

/** Schoolbook product in Z_q[x]/(x^N+1) of one limb. */
function schoolbook(a: RnsPoly, b: RnsPoly, prime: number): bigint[] {
  const q = params.keyPrimes[prime] ?? 0n;
  const out = Array.from({ length: N }, () => 0n);
  for (let i = 0; i < N; i++) {
    for (let j = 0; j < N; j++) {
      const term = (a[prime * N + i] ?? 0n) * (b[prime * N + j] ?? 0n);
      const k = (i + j) % N;
      out[k] = (out[k] ?? 0n) + (i + j < N ? term : -term);
    }
  }
  return out.map((x) => mod(x, q));
}

const limbOf = (a: RnsPoly, prime: number): bigint[] => [...a.subarray(prime * N, (prime + 1) * N)];

describe('ring kernel', () => {
  const prg = prgOf('ring');
  const a = ring.uniform(prg, 4);
  const b = ring.uniform(prg, 4);

  it('takes the least primitive 2N-th root of unity, as SEAL does', () => {
    const q = params.keyPrimes[3] ?? 0n;
    const root = minimalRoot(q, N);
    expect(powMod(root, BigInt(N), q)).to.equal(q - 1n);
    for (let power = root, i = 0; i < N; i++, power = (power * root * root) % q) expect(power >= root).to.equal(true);
  });

  it('multiplies as the schoolbook does, at every prime', () => {
    const product = ring.multiply(a, b);
    for (let i = 0; i < 4; i++) expect(limbOf(product, i)).to.deep.equal(schoolbook(a, b, i));
  });

  it('adds, subtracts, negates and scales modulo each prime', () => {
    for (let i = 0; i < 4; i++) {
      const q = params.keyPrimes[i] ?? 0n;
      const [x, y] = [limbOf(a, i), limbOf(b, i)];
      const want = (f: (u: bigint, v: bigint) => bigint) => x.map((u, k) => mod(f(u, y[k] ?? 0n), q));
      expect(limbOf(ring.add(a, b), i)).to.deep.equal(want((u, v) => u + v));
      expect(limbOf(ring.sub(a, b), i)).to.deep.equal(want((u, v) => u - v));
      expect(limbOf(ring.negate(a), i)).to.deep.equal(want((u) => -u));
      expect(limbOf(ring.scale(a, -(1n << 70n)), i)).to.deep.equal(want((u) => -(1n << 70n) * u));
    }
    expect(ring.negate(ring.zero(3))).to.deep.equal(ring.zero(3));
  });

  it('multiplies by small signed polynomials', () => {
    const small = Int16Array.from({ length: N }, (_, i) => ((i * 7919) % 4001) - 2000);
    const product = ring.multiplySmall(a, small);
    expect(product).to.deep.equal(ring.multiply(a, ring.fromSmall(small, 4)));
    expect(ring.fromSmall(Int8Array.of(-1, 2), 3)[0]).to.equal((params.dataPrimes[0] ?? 0n) - 1n);
  });

  it('transposes multiplication: <chi, a u> = <a^T chi, u>', () => {
    const u = ternary(prgOf('u'), N);
    const left = ring.dot(b, ring.multiplySmall(a, u));
    expect(ring.dotSmall(ring.transposeMultiply(a, b), u)).to.deep.equal(left);
    expect(ring.dot(ring.transposeMultiply(a, b), ring.fromSmall(u, 4))).to.deep.equal(left);
  });

  it('takes dot products with the largest words it admits', () => {
    const top = new BigUint64Array(3 * N);
    for (let i = 0; i < 3; i++) top.fill((params.dataPrimes[i] ?? 0n) - 1n, i * N, (i + 1) * N);
    const v = Int32Array.from({ length: N }, (_, i) => (i % 2 ? 32767 : -32767));
    const all = Int32Array.from({ length: N }, () => 32767);
    expect([...ring.dotSmall(top, v)]).to.deep.equal([0n, 0n, 0n]);
    expect([...ring.dotSmall(top, all)]).to.deep.equal(params.dataPrimes.map((q) => mod(-32767n * BigInt(N), q)));
    expect(codeOf(() => ring.dotSmall(top, Int32Array.of(32769)))).to.equal('fhe/not-small');
    expect([...ring.dot(top, top)]).to.deep.equal(params.dataPrimes.map(() => BigInt(N)));
  });

  it('gives single coefficients of a product, few or many', () => {
    const product = ring.multiply(a, b);
    for (const [from, count] of [
      [0, 1],
      [N - 1, 1],
      [5, 8],
      [3, 40],
      [0, N],
      [N, 0],
    ] as const) {
      const got = ring.productCoefficients(a, b, from, count);
      for (let i = 0; i < 4; i++) {
        expect([...got.subarray(i * count, (i + 1) * count)]).to.deep.equal(
          limbOf(product, i).slice(from, from + count),
        );
      }
    }
    expect(codeOf(() => ring.productCoefficients(a, b, N, 1))).to.equal('fhe/coefficient-range');
  });

  it('encodes round(Q v / t) exactly, and scaleRound undoes it', () => {
    fc.assert(
      fc.property(fc.bigInt(0n, params.t - 1n), (v) => {
        const encoded = ring.encode(BigUint64Array.of(v));
        const coefficient = ring.encodeCoefficient(v);
        const exact = (2n * params.q * v + params.t) / (2n * params.t);
        params.dataPrimes.forEach((q, i) => {
          expect(encoded[i * N]).to.equal(exact % q);
          expect(coefficient[i]).to.equal(exact % q);
        });
        expect(ring.recompose(coefficient)).to.equal(exact);
        expect(ring.scaleRound(exact)).to.deep.equal({ value: v, noise: 0n });
      }),
    );
    expect(codeOf(() => ring.encode(BigUint64Array.of(params.t)))).to.equal('fhe/plain-range');
    expect([...ring.encodeCoefficient(-1n)]).to.deep.equal([...ring.encodeCoefficient(params.t - 1n)]);
  });

  it('rounds around zero: a little below Q is 0 with negative noise', () => {
    expect(ring.scaleRound(params.q - 5n)).to.deep.equal({ value: 0n, noise: -5n });
    expect(ring.scaleRound(5n)).to.deep.equal({ value: 0n, noise: 5n });
  });

  it('reduces wide integers modulo t', () => {
    const stream = prgOf('wide');
    const wide = stream.next(16 * 50);
    const read = (bytes: Uint8Array, size: number, i: number) =>
      bytes.subarray(i * size, (i + 1) * size).reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    ring.plainFromWide(wide).forEach((v, i) => expect(v).to.equal(read(wide, 16, i) % params.t));
  });

  it('finds the first word that is not reduced', () => {
    expect(ring.firstUnreduced(a)).to.equal(-1);
    const bad = a.slice();
    bad[2 * N + 7] = params.dataPrimes[2] ?? 0n;
    expect(ring.firstUnreduced(bad)).to.equal(2 * N + 7);
  });

  it('refuses operands of different levels', () => {
    expect(codeOf(() => ring.add(a, ring.zero(3)))).to.equal('fhe/level');
    expect(codeOf(() => ring.add(new BigUint64Array(5), new BigUint64Array(5)))).to.equal('fhe/level');
    expect(codeOf(() => ring.fromSmall(new Int8Array(N + 1), 3))).to.equal('fhe/coefficient-range');
  });
});

describe('samplers', () => {
  it('make the same numbers from the same stream, with the right range and variance', () => {
    const n = 20_000;
    const u = ternary(prgOf('t'), n);
    expect(u).to.deep.equal(ternary(prgOf('t'), n));
    for (const value of [-1, 0, 1]) {
      expect(u.filter((x) => x === value).length / n).to.be.closeTo(1 / 3, 0.02);
    }
    const e = centredBinomial(prgOf('e'), n);
    const variance = e.reduce((sum, x) => sum + x * x, 0) / n;
    expect(variance).to.be.closeTo(10.5, 0.6);
    expect(Math.max(...e)).to.be.at.most(21);
    expect(Math.min(...e)).to.be.at.least(-21);
  });

  it('count the bits SEAL counts', () => {
    const bytes = prgOf('bits').next(6 * 64);
    const popcount = (x: number) => x.toString(2).replaceAll('0', '').length;
    const want = Array.from({ length: 64 }, (_, i) => {
      const [p0, p1, p2, p3, p4, p5] = bytes.subarray(6 * i, 6 * i + 6) as unknown as [
        number,
        number,
        number,
        number,
        number,
        number,
      ];
      return popcount(p0) + popcount(p1) + popcount(p2 & 31) - popcount(p3) - popcount(p4) - popcount(p5 & 31);
    });
    expect([...centredBinomial(prgOf('bits'), 64)]).to.deep.equal(want);
  });

  it('give the uniform polynomial all residues', () => {
    const poly = ring.uniform(prgOf('uniform'), 4);
    params.keyPrimes.forEach((q, i) => {
      const mean = limbOf(poly, i).reduce((sum, x) => sum + Number(x), 0) / N / Number(q);
      expect(mean).to.be.closeTo(0.5, 0.1);
    });
    expect(below(prgOf('x'), 10n) < 10n).to.equal(true);
  });
});
