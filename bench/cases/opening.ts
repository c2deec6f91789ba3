/** Threshold decryption (§6): a member's share of it, and the decoding of the posts. */
import { Prg } from '../../primitives/crypto/prg.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { encryptPlain, prepareKey } from '../../primitives/fhe/encrypt.ts';
import { combineOpening, openingShare } from '../../primitives/fhe/open.ts';
import type { Ciphertext, OpeningRequest, SharePost } from '../../primitives/fhe/types.ts';
import { ciphertextHash } from '../../primitives/fhe/wire.ts';
import { type BenchCase, timed } from '../harness.ts';
import { context, keysOf, members, params, random, roundKeys } from '../support/committee.ts';
import { sealYardstick } from '../support/seal.ts';

const SEAL_DECRYPTION = 'node-seal: decryption of the same ciphertext with the whole secret';

function encrypted(): Ciphertext {
  const plain = BigUint64Array.from({ length: params.degree }, (_, i) => BigInt(i) * 1_000_003n);
  const key = prepareKey(params, roundKeys().publicKey);
  return encryptPlain(params, key, plain, new Prg(hash32Of('tacit/bench/1', random(32))));
}

function requestOf(ciphertext: Ciphertext, count: number): OpeningRequest {
  return {
    context,
    step: 'bench',
    attempt: 0,
    sources: [ciphertextHash(params, ciphertext)],
    slots: [{ source: 0, from: 0, count, scale: 1n, weightNorm: 1n }],
  };
}

function partialDecryption(name: string, title: string, count: number, calls: number): BenchCase {
  return {
    name,
    title,
    unit: 'ms',
    pace: 'processor',
    reference: SEAL_DECRYPTION,
    async run() {
      const ciphertext = encrypted();
      const request = requestOf(ciphertext, count);
      const keys = keysOf(0);
      const reference = (await sealYardstick()).decryptor(ciphertext);
      const share = (): unknown => openingShare(params, request, 0, keys, [ciphertext]);
      return timed(share, { runs: 15, calls, reference });
    },
  };
}

export const decryptAll = partialDecryption(
  'partial-decryption-all',
  "a member's partial decryption of all 8,192 coefficients, flood and hash of the source included, n = 4",
  params.degree,
  4,
);

export const decryptOne = partialDecryption(
  'partial-decryption-one',
  "a member's partial decryption of one coefficient, flood and hash of the source included, n = 4",
  1,
  4,
);

function decoding(name: string, title: string, spoil: (posts: SharePost[]) => SharePost[], liars: number): BenchCase {
  return {
    name,
    title,
    unit: 'ms',
    pace: 'processor',
    reference: SEAL_DECRYPTION,
    async run() {
      const ciphertext = encrypted();
      const request = requestOf(ciphertext, params.degree / 2);
      const posts = spoil(
        members.map((member) => ({
          member,
          shares: openingShare(params, request, member, keysOf(member), [ciphertext]),
        })),
      );
      const decode = (): void => {
        const outcome = combineOpening(params, request, posts);
        if (outcome.status !== 'open' || outcome.liars.length !== liars) throw new Error('the posts did not decode');
      };
      return timed(decode, { runs: 15, calls: 3, reference: (await sealYardstick()).decryptor(ciphertext) });
    },
  };
}

export const decodeHonest = decoding(
  'decode',
  'robust decoding of four posts of 4,096 coefficients: agreement, CRT, rounding, bound of the noise',
  (posts) => posts,
  0,
);

export const decodeWithLiar = decoding(
  'decode-with-liar',
  'the same where one of the four posts is wrong everywhere',
  (posts) => posts.map((post) => (post.member === 1 ? { ...post, shares: post.shares.map((x) => x ^ 1n) } : post)),
  1,
);
