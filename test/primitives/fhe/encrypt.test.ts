import { expect } from 'chai';
import { assembleCiphertext, encryptPlain, prepareKey } from '../../../primitives/fhe/encrypt.ts';
import { weightNorm } from '../../../primitives/fhe/evaluate.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import { sampleSmall } from '../../../primitives/fhe/sample.ts';
import { SealEvaluator } from '../../../primitives/fhe/seal.ts';
import { TestCommittee } from './committee.ts';
import { codeOf, prgOf } from './support.ts';

describe('encryption from the seeds of the subsets', () => {
  const committee = new TestCommittee('tacit-test-256-n4');
  const { params } = committee;
  const { t, degree: N } = params;
  const ring = ringOf(params);
  const key = committee.publicKey();
  const prepared = prepareKey(params, key);
  const prg = prgOf('encrypt');
  const pieces = params.subsets.map(() => sampleSmall(params, prg));
  const values = BigUint64Array.from({ length: 100 }, (_, k) => BigInt(k * k) % 256n);
  const ciphertext = assembleCiphertext(params, prepared, pieces, values);

  it('is c1 = sum(a u + e1), c0 = sum(b u + e0) + round(Q v / t), summand by summand', () => {
    let c0 = ring.encode(values);
    let c1 = ring.zero(3);
    const [a, b] = [ring.toDataLevel(key.a), ring.toDataLevel(key.b)];
    for (const { u, e0, e1 } of pieces) {
      c1 = ring.add(c1, ring.add(ring.multiplySmall(a, u), ring.fromSmall(e1, 3)));
      c0 = ring.add(c0, ring.add(ring.multiplySmall(b, u), ring.fromSmall(e0, 3)));
    }
    expect(ciphertext).to.deep.equal({ c0, c1 });
  });

  it('is read, evaluated and decrypted by SEAL', async () => {
    const seal = await SealEvaluator.create(params);
    try {
      const secret = committee.secret();
      expect(seal.decryptWith(secret, ciphertext).subarray(0, 100)).to.deep.equal(values);
      const tripled = seal.weightedSum([
        { ciphertext, weights: Int32Array.of(4) },
        { ciphertext, weights: Int32Array.of(-1) },
      ]);
      expect(seal.decryptWith(secret, tripled).subarray(0, 100)).to.deep.equal(values.map((v) => 3n * v));
      const other = encryptPlain(params, prepared, values, prgOf('other'));
      expect(seal.decryptWith(secret, seal.sum([ciphertext, other])).subarray(0, 100)).to.deep.equal(
        values.map((v) => 2n * v),
      );
    } finally {
      seal.delete();
    }
  });

  it('has noise like the parameters say', () => {
    const secret = committee.secret();
    const y = ring.add(ciphertext.c0, ring.multiplySmall(ciphertext.c1, secret));
    let square = 0;
    for (let k = 0; k < N; k++) {
      const { value, noise } = ring.scaleRound(ring.recompose([0, 1, 2].map((i) => y[i * N + k] ?? 0n)));
      expect(value).to.equal(values[k] ?? 0n);
      square += Number(noise) ** 2;
    }
    expect(Math.sqrt(square / N) / Number(params.freshSigma)).to.be.within(0.7, 1.3);
  });

  it('has the noise of the real parameter set, for a committee of 4', () => {
    const real = new TestCommittee('tacit-8192-n4');
    const big = ringOf(real.params);
    const small = real.params.subsets.map(() => sampleSmall(real.params, prg));
    const { c0, c1 } = assembleCiphertext(real.params, real.encryptionKey(), small, new BigUint64Array(0));
    const y = big.add(c0, big.multiplySmall(c1, real.secret()));
    let square = 0;
    for (let k = 0; k < real.params.degree; k++) {
      const { noise } = big.scaleRound(big.recompose([0, 1, 2].map((i) => y[i * real.params.degree + k] ?? 0n)));
      square += Number(noise) ** 2;
    }
    expect(Math.sqrt(square / real.params.degree) / Number(real.params.freshSigma)).to.be.within(0.9, 1.1);
  });

  it('refuses pieces of another ring and values that are not reduced', () => {
    const short = { u: new Int8Array(3), e0: new Int8Array(3), e1: new Int8Array(3) };
    expect(codeOf(() => assembleCiphertext(params, prepared, [short], values))).to.equal('fhe/length');
    expect(codeOf(() => assembleCiphertext(params, prepared, pieces, BigUint64Array.of(t)))).to.equal(
      'fhe/plain-range',
    );
    expect(codeOf(() => assembleCiphertext(params, prepared, pieces, new BigUint64Array(N + 1)))).to.equal(
      'fhe/coefficient-range',
    );
  });
});

describe('weight norms', () => {
  it('are the 2-norm, rounded up', () => {
    expect(weightNorm(Int32Array.of(3, -4))).to.equal(5n);
    expect(weightNorm(Int32Array.of(1, 1))).to.equal(2n);
    expect(weightNorm(new Int32Array(4))).to.equal(0n);
    expect(weightNorm(BigInt64Array.of(-(1n << 49n)))).to.equal(1n << 49n);
    for (let square = 1; square < 400; square++) {
      expect(weightNorm(Int32Array.from({ length: square }, () => -1))).to.equal(BigInt(Math.ceil(Math.sqrt(square))));
    }
  });
});
