/** Confidential mode (§13): keys for products, the product of an item and a part, and the opening of its score. */
import SEAL from 'node-seal';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { passPosting, postingLength } from '../../primitives/fhe/evaluation-keys.ts';
import { encodedShares } from '../../primitives/fhe/masks.ts';
import { openingShare } from '../../primitives/fhe/open.ts';
import { subsetsWith } from '../../primitives/fhe/params.ts';
import { passCheckShares, passDigest } from '../../primitives/fhe/pass-check.ts';
import { ciphertextHash, encodePosting, postingBytes } from '../../primitives/fhe/wire.ts';
import { confidentialBounds } from '../../primitives/round/confidential.ts';
import { payoutRequest } from '../../primitives/round/requests.ts';
import { type BenchCase, timed } from '../harness.ts';
import { contextOf } from '../support/seal.ts';
import { assignment, context, keysOf, madeEvaluation, madePasses, params } from '../support/confidential.ts';

/** SEAL's own keys under the same parameters, by one holder of the secret. */
async function keyGenerator(): Promise<() => void> {
  const seal = await SEAL();
  const own = contextOf(seal, params);
  return () => {
    const generator = new seal.KeyGenerator(own);
    for (const made of [generator.createRelinKeys(), generator]) made.delete();
  };
}

const keys: BenchCase = {
  name: 'confidential-keys',
  title:
    'confidential mode, n = 4: what one member computes of the evaluation keys, posts of both passes and shares of both checks',
  unit: 'ms',
  pace: 'processor',
  reference: 'node-seal: relinearisation key of one holder, same parameters',
  async run() {
    const { firsts, first, seconds } = madePasses();
    const own = keysOf(0);
    const make = (): void => {
      for (const [posted, start] of [
        [firsts, undefined],
        [seconds, first],
      ] as const) {
        encodePosting(params, passPosting(params, context, 0, own, start, assignment) ?? []);
        const digest = passDigest(params, context, posted, assignment, start);
        passCheckShares(params, context, 0, own, digest, assignment, start);
      }
    };
    return timed(make, { runs: 5, reference: await keyGenerator() });
  },
};

const keyBytes: BenchCase = {
  name: 'confidential-key-bytes',
  title: 'bytes that one member posts of the evaluation keys, both passes, N = 16,384',
  unit: 'bytes',
  pace: 'processor',
  run: async () => [{ value: postingBytes(params, postingLength(params, 'first') + postingLength(params, 'second')) }],
};

const product: BenchCase = {
  name: 'confidential-product',
  title:
    'product of an encrypted update part and the encrypted weights, relinearised, N = 16,384: one for each item and part',
  unit: 'ms',
  pace: 'processor',
  reference: 'the same update part times weights in the clear',
  async run() {
    const { evaluator, update, weights } = await madeEvaluation();
    const clear = Int32Array.from({ length: params.degree / 2 }, (_, i) => (i % 255) - 127);
    return timed(() => evaluator.sumOfProducts([[update, weights]]), {
      runs: 7,
      calls: 2,
      reference: () => evaluator.weightedSum([{ ciphertext: update, weights: clear }]),
    });
  },
};

const opening: BenchCase = {
  name: 'confidential-opening',
  title: "a member's share of one masked score, flood and hash of the ciphertext included, N = 16,384, n = 4",
  unit: 'ms',
  pace: 'processor',
  async run() {
    const { update } = await madeEvaluation();
    const { weightNorm } = confidentialBounds(params, { gamma: 1n, normSq: 1n << 24n, parts: [8192] }, 32, [], {
      factors: [],
    });
    const terms = { rate: 1n, grains: 1n, stake: 1n, points: [0n], weightNorm };
    const mask = { id: hash32Of('tacit/bench/1', 'mask'), delta: 0n };
    const masks = new Map(subsetsWith(params, 0).map((subset) => [subset, [BigInt(subset)]]));
    const request = payoutRequest(context, { ...terms, scores: [ciphertextHash(params, update)] }, [mask]);
    const share = (): unknown => openingShare(params, request, 0, keysOf(0), [update], encodedShares(params, 0, masks));
    return timed(share, { runs: 7, calls: 2 });
  },
};

export const confidentialCases: readonly BenchCase[] = [keys, keyBytes, product, opening];
