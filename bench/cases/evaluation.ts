/** What every node and every auditor evaluates on ciphertexts, and the transform beneath. */
import { Prg } from '../../primitives/crypto/prg.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { weightedSum, type WeightedTerm } from '../../primitives/fhe/evaluate.ts';
import { kernel } from '../../primitives/fhe/kernel.ts';
import { modulusOf, nttTables } from '../../primitives/fhe/modulus.ts';
import { ringOf } from '../../primitives/fhe/ring.ts';
import type { Ciphertext } from '../../primitives/fhe/types.ts';
import { type BenchCase, timed } from '../harness.ts';
import { params } from '../support/committee.ts';
import { sealYardstick } from '../support/seal.ts';

const PARTIES = 8;
/** Update parts and the usage lane: what one party's score is summed from. */
const TERMS = 3;

/** Uniform like any ciphertext; what they decrypt to does not matter to the clock. */
function ciphertexts(count: number): Ciphertext[] {
  const prg = new Prg(hash32Of('tacit/bench/1', 'ciphertexts'));
  const ring = ringOf(params);
  const poly = () => ring.uniform(prg, params.dataPrimes.length);
  return Array.from({ length: count }, () => ({ c0: poly(), c1: poly() }));
}

export const sealSum: BenchCase = {
  name: 'seal-sum',
  title: 'sum of eight ciphertexts in SEAL, from and to our own form',
  unit: 'ms',
  pace: 'processor',
  reference: 'the same sum by our ring kernel',
  async run() {
    const { evaluator } = await sealYardstick();
    const ring = ringOf(params);
    const terms = ciphertexts(PARTIES);
    const own = (): unknown =>
      terms.reduce((sum, { c0, c1 }) => ({ c0: ring.add(sum.c0, c0), c1: ring.add(sum.c1, c1) }));
    return timed(() => evaluator.sum(terms), { runs: 15, calls: 3, reference: own });
  },
};

export const sealWeightedSum: BenchCase = {
  name: 'seal-weighted-sum',
  title:
    'one encrypted score in SEAL: three ciphertexts times dense weight polynomials, added, from and to our own form',
  unit: 'ms',
  pace: 'processor',
  reference: 'the same by our ring kernel',
  async run() {
    const { evaluator } = await sealYardstick();
    const weights = Int32Array.from({ length: params.degree }, (_, i) => ((i * 7919) % 4001) - 2000);
    const terms: WeightedTerm[] = ciphertexts(TERMS).map((ciphertext) => ({ ciphertext, weights }));
    return timed(() => evaluator.weightedSum(terms), { runs: 9, reference: () => weightedSum(params, terms) });
  },
};

export const ntt: BenchCase = {
  name: 'ntt',
  title: 'number-theoretic transform of a ciphertext (2 x 3 primes, N = 8192) and back, in place in the kernel',
  unit: 'ms',
  pace: 'processor',
  reference: 'node-seal: cipherTransformToNtt and back, in place',
  async run() {
    const [ciphertext] = ciphertexts(1) as [Ciphertext];
    const reference = (await sealYardstick()).transformer(ciphertext);
    const k = kernel();
    const limbs = params.dataPrimes.map((q) => ({ q, tables: nttTables(modulusOf(q), params.degree) }));
    return k.frame(() => {
      const rows = [ciphertext.c0, ciphertext.c1].flatMap((half) =>
        limbs.map((limb, i) => ({ ...limb, at: k.put(half.subarray(i * params.degree, (i + 1) * params.degree)) })),
      );
      const transform = (): void => {
        for (const { at, q, tables } of rows) {
          k.run.ntt(at, params.degree, tables.forward, q);
          k.run.intt(at, params.degree, tables.inverse, q, tables.scale, tables.scaleQuotient);
        }
      };
      return timed(transform, { runs: 9, calls: 5, reference });
    });
  },
};
