/** What every node and every auditor evaluates on ciphertexts, and the transform beneath. */
import { Prg } from '../../primitives/crypto/prg.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { weightedSum, type WeightedTerm } from '../../primitives/fhe/evaluate.ts';
import { kernel } from '../../primitives/fhe/kernel.ts';
import { modulusOf, nttTables } from '../../primitives/fhe/modulus.ts';
import { ringOf } from '../../primitives/fhe/ring.ts';
import type { SealEvaluator } from '../../primitives/fhe/seal.ts';
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

const SEAL_BRIDGE = "node-seal through the nodes' bridge: the same, from and to our own form";

interface Evaluation {
  readonly seal: () => unknown;
  readonly kernel: () => unknown;
}

/** An evaluation twice: as the nodes do it, in SEAL, and by our own kernel, which gives the same bytes. */
function twice(name: string, title: string, prepare: (evaluator: SealEvaluator) => Evaluation): BenchCase[] {
  const common = { unit: 'ms', pace: 'processor' } as const;
  const prepared = async () => prepare((await sealYardstick()).evaluator);
  return [
    {
      name: `seal-${name}`,
      title: `${title} in SEAL, from and to our own form`,
      ...common,
      run: async () => timed((await prepared()).seal, { runs: 15, calls: 2 }),
    },
    {
      name: `kernel-${name}`,
      title: `${title} by our ring kernel`,
      ...common,
      reference: SEAL_BRIDGE,
      async run() {
        const { kernel: own, seal: reference } = await prepared();
        return timed(own, { runs: 15, calls: 2, reference });
      },
    },
  ];
}

const sums = twice('sum', 'sum of eight ciphertexts', (evaluator) => {
  const ring = ringOf(params);
  const terms = ciphertexts(PARTIES);
  const add = (sum: Ciphertext, { c0, c1 }: Ciphertext) => ({ c0: ring.add(sum.c0, c0), c1: ring.add(sum.c1, c1) });
  return { seal: () => evaluator.sum(terms), kernel: () => terms.reduce(add) };
});

const weightedSums = twice(
  'weighted-sum',
  'one encrypted score (three ciphertexts times dense weight polynomials, added)',
  (evaluator) => {
    const weights = Int32Array.from({ length: params.degree }, (_, i) => ((i * 7919) % 4001) - 2000);
    const terms: WeightedTerm[] = ciphertexts(TERMS).map((ciphertext) => ({ ciphertext, weights }));
    return { seal: () => evaluator.weightedSum(terms), kernel: () => weightedSum(params, terms) };
  },
);

export const evaluations: readonly BenchCase[] = [...sums, ...weightedSums];

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
