import { expect } from 'chai';
import SEAL from 'node-seal';
import { encryptPlain, prepareKey } from '../../../primitives/fhe/encrypt.ts';
import { weightedSum } from '../../../primitives/fhe/evaluate.ts';
import { fheParams, SECURE_PARAMS } from '../../../primitives/fhe/params.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import { SealEvaluator } from '../../../primitives/fhe/seal.ts';
import { encodeCiphertext } from '../../../primitives/fhe/wire.ts';
import { TestCommittee } from './committee.ts';
import { below, codeOf, mod, prgOf } from './support.ts';

describe('SEAL', () => {
  for (const id of ['tacit-8192-n4', 'tacit-test-256-n7']) {
    describe(id, () => {
      const committee = new TestCommittee(id);
      const { params } = committee;
      const { degree: N, t } = params;
      const ring = ringOf(params);
      const prg = prgOf(id);
      const plain = (count: number) => BigUint64Array.from({ length: count }, () => below(prg, t));
      let seal: SealEvaluator;
      before(async () => {
        seal = await SealEvaluator.create(params);
      });
      after(() => seal.delete());

      const key = committee.publicKey();
      const secret = committee.secret();
      const encryptionKey = prepareKey(params, key);

      it('decrypts our encryptions under the key that the committee made', () => {
        const values = plain(params.degree / 2);
        const ciphertext = encryptPlain(params, encryptionKey, values, prg);
        const opened = seal.decryptWith(secret, ciphertext);
        expect(opened.subarray(0, values.length)).to.deep.equal(values);
        expect(opened.subarray(values.length).every((v) => v === 0n)).to.equal(true);
        expect(seal.noiseBudget(secret, ciphertext)).to.be.greaterThan(params.secure ? 105 : 100);
      });

      it('encrypts for our key, and our ring decrypts it', () => {
        const values = plain(N);
        const { c0, c1 } = seal.encrypt(key, values);
        const y = ring.add(c0, ring.multiplySmall(c1, secret));
        for (const k of [0, 1, N / 2, N - 1]) {
          const residues = params.dataPrimes.map((_, i) => y[i * N + k] ?? 0n);
          expect(ring.scaleRound(ring.recompose(residues)).value).to.equal(values[k]);
        }
        expect(seal.decryptWith(secret, { c0, c1 })).to.deep.equal(values);
      });

      it('sums to the same bytes as our kernel', () => {
        const list = [1, 2, 3, 4].map(() => encryptPlain(params, encryptionKey, plain(10), prg));
        const sum = seal.sum(list);
        const ones = list.map((ciphertext) => ({ ciphertext, weights: Int32Array.of(1) }));
        expect(encodeCiphertext(params, sum)).to.deep.equal(encodeCiphertext(params, weightedSum(params, ones)));
        expect(seal.sum(list.slice(0, 1))).to.deep.equal(list[0]);
        expect(codeOf(() => seal.sum([]))).to.equal('fhe/no-terms');
      });

      it('multiplies by centred integer polynomials to the same bytes as our kernel', () => {
        const [x, y, z] = [plain(20), plain(20), plain(20)];
        const [cx, cy, cz] = [x, y, z].map((values) => encryptPlain(params, encryptionKey, values, prg));
        if (!cx || !cy || !cz) throw new Error('three ciphertexts');
        const dense = Int32Array.from({ length: N }, (_, i) => ((i * 40503) % 255) - 127);
        const half = t / 2n;
        const monomial = (at: number, weight: bigint) => {
          const weights = new BigInt64Array(N);
          weights[at] = weight;
          return weights;
        };
        const cases = {
          'dense signed': [{ ciphertext: cx, weights: dense }],
          'negative constant': [{ ciphertext: cx, weights: Int32Array.of(-3) }],
          'positive monomial': [{ ciphertext: cx, weights: monomial(5, 12n) }],
          'negative monomial at the top': [{ ciphertext: cx, weights: monomial(N - 1, -7n) }],
          'largest weights': [{ ciphertext: cx, weights: BigInt64Array.of(half, -half, 0n, half) }],
          'largest single weight': [{ ciphertext: cx, weights: BigInt64Array.of(-half) }],
          'a royalty score': [
            { ciphertext: cx, weights: dense },
            { ciphertext: cy, weights: dense.map((w) => -w) },
            { ciphertext: cz, weights: monomial(N - 3, -1000n) },
            { ciphertext: cz, weights: Int32Array.of(0, 0) },
          ],
        };
        for (const [name, terms] of Object.entries(cases)) {
          expect(seal.weightedSum(terms), name).to.deep.equal(weightedSum(params, terms));
        }
        const scored = seal.decryptWith(secret, seal.weightedSum(cases['a royalty score']));
        const dot = (values: BigUint64Array, sign: bigint) =>
          values.reduce((sum, v, k) => {
            // Coefficient 0 of w(x) v(x): w_0 v_0 - sum of w_(N-k) v_k.
            const w = k === 0 ? dense[0] : -(dense[N - k] ?? 0);
            return sum + sign * BigInt(w ?? 0) * v;
          }, 0n);
        expect(scored[0]).to.equal(mod(dot(x, 1n) + dot(y, -1n) + 1000n * (z[3] ?? 0n), t));
      });

      it('refuses sums that are not ciphertexts, and goes on', () => {
        const ciphertext = encryptPlain(params, encryptionKey, plain(3), prg);
        const minus = { c0: ring.negate(ciphertext.c0), c1: ring.negate(ciphertext.c1) };
        const cases: [() => unknown, string][] = [
          [() => seal.weightedSum([]), 'fhe/no-terms'],
          [() => seal.weightedSum([{ ciphertext, weights: Int32Array.of(0) }]), 'fhe/transparent'],
          [() => seal.weightedSum([{ ciphertext, weights: new Int32Array(N + 1) }]), 'fhe/coefficient-range'],
          [() => seal.weightedSum([{ ciphertext, weights: BigInt64Array.of(0n, t / 2n + 1n) }]), 'fhe/weight-range'],
          [() => seal.weightedSum([{ ciphertext, weights: BigInt64Array.of(0n, -t / 2n - 1n) }]), 'fhe/weight-range'],
          [() => seal.sum([ciphertext, minus]), 'fhe/seal'],
          [() => weightedSum(params, []), 'fhe/no-terms'],
          [() => weightedSum(params, [{ ciphertext, weights: Int32Array.of(0) }]), 'fhe/transparent'],
        ];
        for (const [body, code] of cases) expect(codeOf(body)).to.equal(code);
        expect(seal.sum([ciphertext])).to.deep.equal(ciphertext);
      });
    });
  }

  it('would choose the same moduli itself', async () => {
    const module = await SEAL();
    const moduli = module.CoeffModulus.Create(8192, Int32Array.of(59, 59, 59, 37));
    const primes = Array.from({ length: moduli.size() }, (_, i) => moduli.get(i)?.value());
    moduli.delete();
    for (const id of SECURE_PARAMS) expect(primes).to.deep.equal(fheParams(id).keyPrimes);
  });

  it('has a parameter set for committees of 4, 7 and 10 that it accepts at 128 bits', async () => {
    for (const id of SECURE_PARAMS.slice(1)) {
      const evaluator = await SealEvaluator.create(fheParams(id));
      evaluator.delete();
    }
    expect(SECURE_PARAMS).to.have.length(3);
  });
});
