import { expect } from 'chai';
import SEAL from 'node-seal';
import { at } from '../../../primitives/at.ts';
import { assembleCiphertext, encryptPlain, prepareKey } from '../../../primitives/fhe/encrypt.ts';
import { type EvaluationKeys, gadget, type SwitchingKey, switchingA } from '../../../primitives/fhe/evaluation-keys.ts';
import { CONFIDENTIAL_PARAMS, type FheParams, fheParams } from '../../../primitives/fhe/params.ts';
import { freshNoise, productNoise } from '../../../primitives/fhe/product-noise.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import { SealEvaluator, type LoadedKeys } from '../../../primitives/fhe/seal.ts';
import type { Ciphertext, PublicKey, RnsPoly } from '../../../primitives/fhe/types.ts';
import { ConfidentialCommittee } from './confidential-committee.ts';
import { plainProduct, plainRelinearised, plainReversed } from './plain-products.ts';
import { below, codeOf, contextOf, mod, prgOf } from './support.ts';

/** Largest noise of a ciphertext under a whole secret, at every coefficient. */
function worstNoise(params: FheParams, { c0, c1 }: Ciphertext, secret: Int16Array): bigint {
  const ring = ringOf(params);
  const y = ring.add(c0, ring.multiplySmall(c1, secret));
  let worst = 0n;
  for (let k = 0; k < params.degree; k++) {
    const residues = params.dataPrimes.map((_, i) => at(y, i * params.degree + k));
    const { noise } = ring.scaleRound(ring.recompose(residues));
    const size = noise < 0n ? -noise : noise;
    if (size > worst) worst = size;
  }
  return worst;
}

const bits = (x: bigint): number => x.toString(2).length;

const boundOf = (params: FheParams, left: bigint, right: bigint): bigint => {
  const [degree, count] = [BigInt(params.degree), BigInt(params.subsets.length)];
  return productNoise({ ...params, degree, count }, left, right);
};

/** Keys and ciphertexts whose every small coefficient is as large as it can be: what no honest party draws, and a grinder could aim for. */
class Extreme {
  readonly params: FheParams;
  readonly secret: Int16Array;
  readonly keys: EvaluationKeys;
  readonly #key: PublicKey;
  readonly #sign: (k: number) => number;

  /** @param sign of coefficient k: products of all ones add up at the ends, alternating ones in the middle */
  constructor(paramsId: string, sign: (k: number) => number) {
    this.params = fheParams(paramsId);
    this.#sign = sign;
    const { params } = this;
    const ring = ringOf(params);
    const context = contextOf(paramsId);
    this.secret = this.#all(params.subsets.length);
    const s = ring.fromSmall(this.secret, params.keyPrimes.length);
    const e = this.#error();
    const u = s;
    const h1 = switchingA(params, context, 'relin').map((a) => ring.add(ring.multiply(a, s), e));
    const h0 = switchingA(params, context, 'relin').map((a, i) =>
      ring.add(ring.sub(gadget(ring, s, i), ring.multiply(a, u)), e),
    );
    const b = h0.map((left, i) =>
      ring.add(ring.add(ring.multiply(left, s), ring.multiply(at(h1, i), ring.sub(u, s))), e),
    );
    this.keys = { galois: this.#galois(switchingA(params, context, 'galois'), s), relin: { b, a: h1 } };
    const [a] = switchingA(params, contextOf(paramsId, 2), 'galois');
    if (!a) throw new Error('a digit');
    this.#key = { a, b: ring.negate(ring.add(ring.multiply(a, s), e)) };
  }

  #all(size: number): Int16Array {
    return Int16Array.from({ length: this.params.degree }, (_, k) => size * this.#sign(k));
  }

  #error(): RnsPoly {
    return ringOf(this.params).fromSmall(this.#all(21 * this.params.subsets.length), this.params.keyPrimes.length);
  }

  #galois(a: RnsPoly[], s: RnsPoly): SwitchingKey {
    const ring = ringOf(this.params);
    const b = a.map((poly, i) => {
      return ring.sub(gadget(ring, ring.reversed(s), i), ring.add(ring.multiply(poly, s), this.#error()));
    });
    return { b, a };
  }

  /** Every subset's `u` and errors at their largest, and of the signs that let them add up. */
  encrypt(values: BigUint64Array): Ciphertext {
    const piece = (size: number): Int8Array =>
      Int8Array.from({ length: this.params.degree }, (_, k) => size * this.#sign(k));
    const pieces = this.params.subsets.map(() => ({ u: piece(1), e0: piece(-21), e1: piece(-21) }));
    return assembleCiphertext(this.params, prepareKey(this.params, this.#key), pieces, values);
  }

  /** A ciphertext with this noise, whose `c1` is as far from zero as words can be: `k` in `c0 + c1 s = (Q/t) m + v + Q k` is at its largest. */
  crafted(values: BigUint64Array, noise: readonly bigint[]): Ciphertext {
    const { params } = this;
    const ring = ringOf(params);
    const primes = params.dataPrimes.length;
    const words = (of: (k: number) => bigint): RnsPoly =>
      BigUint64Array.from({ length: primes * params.degree }, (_, i) =>
        mod(of(i % params.degree), at(params.dataPrimes, Math.floor(i / params.degree))),
      );
    const c1 = words((k) => ((params.q * 499n) / 1000n) * BigInt(this.#sign(k)));
    const hidden = ring.multiplySmall(c1, this.secret);
    return {
      c0: ring.sub(
        ring.add(
          ring.encode(values),
          words((k) => at(noise, k)),
        ),
        hidden,
      ),
      c1,
    };
  }
}

describe('products of ciphertexts', () => {
  const committee = new ConfidentialCommittee('tacit-test-confidential-256-n4');
  const { params } = committee;
  const { degree: N, t } = params;
  const prg = prgOf('products');
  const key = committee.encryptionKey();
  const secret = committee.secret();
  const keys = committee.evaluationKeys();
  const plain = (count: number): BigUint64Array => BigUint64Array.from({ length: count }, () => below(prg, t));
  let seal: SealEvaluator;
  let loaded: LoadedKeys;
  before(async () => {
    seal = await SealEvaluator.create(params);
    loaded = seal.loadKeys(keys);
  });
  after(() => {
    loaded.delete();
    seal.delete();
  });

  it('are what SEAL computes, word for word, and so is x -> 1/x', () => {
    const [left, right] = [plain(N), plain(N)].map((values) => encryptPlain(params, key, values, prg));
    if (!left || !right) throw new Error('two ciphertexts');
    const parts = plainProduct(params, left, right);
    expect(seal.sumOfProducts([[left, right]], loaded)).to.deep.equal(plainRelinearised(params, parts, keys));
    // The sum of a product with itself is relinearised once.
    const doubled = parts.map((part) => ringOf(params).scale(part, 2n));
    const pair = [left, right] as const;
    expect(seal.sumOfProducts([pair, pair], loaded)).to.deep.equal(plainRelinearised(params, doubled, keys));
    expect(seal.reversed(left, loaded)).to.deep.equal(plainReversed(params, left, keys));
  });

  it('decrypt to products and reversals of plaintexts', () => {
    const [x, y] = [plain(N), plain(N)];
    const [left, right] = [x, y].map((values) => encryptPlain(params, key, values, prg)) as [Ciphertext, Ciphertext];
    const turned = seal.reversed(right, loaded);
    expect(seal.decryptWith(secret, turned)).to.deep.equal(
      BigUint64Array.from({ length: N }, (_, k) => (k === 0 ? at(y, 0) : mod(-at(y, N - k), t))),
    );
    const product = seal.decryptWith(secret, seal.sumOfProducts([[left, turned]], loaded));
    expect(product[0]).to.equal(
      mod(
        x.reduce((sum, value, k) => sum + value * at(y, k), 0n),
        t,
      ),
    );
  });

  for (const [name, sign] of [
    ['all of one sign', () => 1],
    ['of alternating signs', (k: number) => (k % 2 === 0 ? 1 : -1)],
  ] as const) {
    for (const n of [4, 10]) {
      it(`never show more noise than the bound, with secrets, seeds and keys at their largest, ${name}, n = ${n}`, async () => {
        const extreme = new Extreme(`tacit-test-confidential-256-n${n}`, sign);
        const evaluator = await SealEvaluator.create(extreme.params);
        const own = evaluator.loadKeys(extreme.keys);
        try {
          const { params: set } = extreme;
          const fresh = freshNoise({ degree: BigInt(N), count: BigInt(set.subsets.length) });
          const honest = extreme.encrypt(plain(N));
          const shown = worstNoise(set, honest, extreme.secret);
          expect(shown <= fresh && shown * 2n > fresh, 'a ciphertext of extreme seeds').to.equal(true);
          // v = 2n g - U with 1,000 items of one seed each: noises add up; reversed, they have one sign where the left operand's `k` changes its own.
          const sums = Array.from({ length: N }, (_, k) => (k === 0 ? 1n : -1n) * BigInt(sign(k)) * 3_000n * fresh);
          const left = extreme.crafted(
            plain(N),
            Array.from({ length: N }, (_, k) => BigInt(sign(k)) * fresh),
          );
          const turned = evaluator.reversed(extreme.crafted(plain(N), sums), own);
          const noise = worstNoise(set, evaluator.sumOfProducts([[left, turned]], own), extreme.secret);
          const bound = boundOf(set, 1n, 3_000n);
          expect(noise <= bound).to.equal(true);
          expect(
            noise * 8n > bound,
            `${bits(noise)} of ${bits(bound)} bits: the rest would be taken from the flood`,
          ).to.equal(true);
          // What rounds multiply is far from it: words of ciphertexts are uniform.
          const usual = worstNoise(set, evaluator.sumOfProducts([[honest, turned]], own), extreme.secret);
          expect(usual < noise).to.equal(true);
        } finally {
          own.delete();
          evaluator.delete();
        }
      });
    }
  }

  it('are refused where there are none, and SEAL would choose the same moduli', async () => {
    expect(codeOf(() => seal.sumOfProducts([], loaded))).to.equal('fhe/no-terms');
    const module = await SEAL();
    const moduli = module.CoeffModulus.Create(16384, Int32Array.of(56, 56, 56, 56, 56, 56));
    const primes = Array.from({ length: moduli.size() }, (_, i) => moduli.get(i)?.value());
    moduli.delete();
    for (const id of CONFIDENTIAL_PARAMS) expect(primes).to.deep.equal(fheParams(id).keyPrimes);
  });
});
