import { expect } from 'chai';
import * as fc from 'fast-check';
import { ORDER } from '../../../primitives/crypto/ristretto.ts';
import { cdiTable, shareOf, sharePoly, shareSmall } from '../../../primitives/fhe/cdi.ts';
import { decodeIntegers, decodePoint, decodeVectors } from '../../../primitives/fhe/decode.ts';
import { type FheParams, fheParams, subsetsWith } from '../../../primitives/fhe/params.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import { ternary } from '../../../primitives/fhe/sample.ts';
import type { RnsPoly, SharePost } from '../../../primitives/fhe/types.ts';
import { below, codeOf, mod, prgOf } from './support.ts';

const SETS = ['tacit-test-256-n4', 'tacit-test-256-n7', 'tacit-test-256-n10'].map(fheParams);
const members = ({ n }: FheParams) => Array.from({ length: n }, (_, j) => j);
const only = <T>(params: FheParams, member: number, pieces: Map<number, T>): Map<number, T> =>
  new Map([...pieces].filter(([subset]) => subsetsWith(params, member).includes(subset)));

describe('local conversion of shares', () => {
  for (const params of SETS) {
    const { id, f, dataPrimes, degree, subsets } = params;
    it(`gives points of one polynomial of degree ${f} whose value at 0 is the sum of the pieces (${id})`, () => {
      const prg = prgOf(id);
      for (const q of [dataPrimes[0] ?? 0n, params.specialPrime, ORDER]) {
        const pieces = new Map(subsets.map((_, A) => [A, below(prg, 1n << 90n) - (1n << 89n)]));
        const total = mod(
          [...pieces.values()].reduce((sum, v) => sum + v),
          q,
        );
        const points = members(params).map((member) => ({
          member,
          value: shareOf(params, member, only(params, member, pieces), q),
        }));
        // All 3f+1 points on a polynomial of degree f: no error is found, and none would be missed.
        expect(decodePoint(points, f, q, params.n)).to.deep.equal({ value: total, liars: [] });
      }
    });

    it(`converts polynomials as it does single values (${id})`, () => {
      const prg = prgOf(`${id} poly`);
      const ring = ringOf(params);
      const chosen = new Map(subsets.map((_, A) => [A, ternary(prg, degree)]));
      const member = params.n - 1;
      const small = shareSmall(params, member, only(params, member, chosen), 4);
      const polys = new Map([...chosen].map(([A, v]): [number, RnsPoly] => [A, ring.fromSmall(v, 4)]));
      expect(sharePoly(params, member, only(params, member, polys), 4)).to.deep.equal(small);
      params.keyPrimes.forEach((q, i) => {
        const single = new Map([...chosen].map(([A, v]) => [A, BigInt(v[7] ?? 0)]));
        expect(small[i * degree + 7]).to.equal(shareOf(params, member, only(params, member, single), q));
      });
    });
  }

  it('has coefficients that vanish outside the subset, and asks for every piece of a member', () => {
    const [params] = SETS;
    if (!params) throw new Error('a set');
    const table = cdiTable(params, params.dataPrimes[0] ?? 0n);
    params.subsets.forEach((subset, A) => {
      for (const j of members(params)) expect(table[A]?.[j] !== 0n).to.equal(subset.includes(j));
    });
    expect(codeOf(() => shareOf(params, 0, new Map([[0, 1n]]), 97n))).to.equal('fhe/missing-piece');
    expect(codeOf(() => shareOf(params, 4, new Map(), 97n))).to.equal('fhe/member');
  });
});

/** Shares of random vectors, `[modulus][k]`. */
function dealt(params: FheParams, count: number, name: string) {
  const prg = prgOf(name);
  const values = new BigUint64Array(params.dataPrimes.length * count);
  const posts: SharePost[] = members(params).map((member) => ({ member, shares: new BigUint64Array(values.length) }));
  params.dataPrimes.forEach((q, i) => {
    for (let k = 0; k < count; k++) {
      const polynomial = Array.from({ length: params.f + 1 }, () => below(prg, q));
      values[i * count + k] = polynomial[0] ?? 0n;
      for (const { member, shares } of posts) {
        shares[i * count + k] = polynomial.reduceRight((sum, c) => (sum * BigInt(member + 1) + c) % q, 0n);
      }
    }
  });
  return { values, posts };
}

const lie = (params: FheParams, count: number, post: SharePost, prime: number, k: number, by: bigint): SharePost => {
  const shares = post.shares.slice();
  const at = prime * count + k;
  shares[at] = mod((shares[at] ?? 0n) + by, params.dataPrimes[prime] ?? 1n);
  return { member: post.member, shares };
};

describe('robust decoding', () => {
  for (const params of SETS) {
    const { id, n, f, dataPrimes } = params;
    const count = 5;
    const { values, posts } = dealt(params, count, `${id} decode`);

    it(`gives the values and names up to f=${f} liars wherever they lie, each at its own places (${id})`, () => {
      fc.assert(
        fc.property(
          fc.uniqueArray(fc.nat(n - 1), { maxLength: f }),
          fc.array(fc.tuple(fc.nat(2), fc.nat(count - 1), fc.bigInt(1n, 1n << 58n)), { minLength: f, maxLength: f }),
          (liars, lies) => {
            const sent = posts.map((post) => {
              const index = liars.indexOf(post.member);
              const [prime, k, by] = lies[index] ?? [0, 0, 0n];
              return index < 0 ? post : lie(params, count, post, prime, k, by);
            });
            expect(decodeVectors(params, dataPrimes, sent, count)).to.deep.equal({
              status: 'decoded',
              values,
              liars: [...liars].sort((a, b) => a - b),
            });
          },
        ),
        { numRuns: 40 },
      );
    });

    it(`gives no value where f+1 lie at random, and none before 2f+1 agree (${id})`, () => {
      const many = posts.map((post) =>
        post.member <= f ? lie(params, count, post, 1, 2, BigInt(post.member * post.member + 12_345)) : post,
      );
      expect(decodeVectors(params, dataPrimes, many, count).status).to.equal('undecodable');
      expect(decodeVectors(params, dataPrimes, posts.slice(0, 2 * f), count).status).to.equal('waiting');
      expect(decodeVectors(params, dataPrimes, posts.slice(0, 2 * f + 1), count).status).to.equal('decoded');
      // One liar among 2f+1: they cannot be told apart yet. One more honest post settles it.
      const early = many.slice(f, 3 * f + 1);
      expect(decodeVectors(params, dataPrimes, early, count).status).to.equal('waiting');
      const later = [...early, posts[0] ?? early[0]].filter((post) => post !== undefined);
      expect(decodeVectors(params, dataPrimes, later, count)).to.deep.equal({ status: 'decoded', values, liars: [f] });
    });

    it(`[f liars and one honest member always lie on one polynomial] the rule of 2f+1 is what keeps them out (${id})`, () => {
      const forged = posts
        .slice(0, f + 1)
        .map((post) => (post.member < f ? lie(params, count, post, 0, 0, 99n ** BigInt(post.member + 1)) : post));
      expect(decodeVectors(params, dataPrimes, forged, count).status).to.equal('waiting');
      const unguarded = decodeVectors(params, dataPrimes, forged, count, f + 1);
      expect(unguarded.status).to.equal('decoded');
      if (unguarded.status === 'decoded') expect(unguarded.values[0]).to.not.equal(values[0]);
    });
  }

  it('works modulo the order of ristretto255', () => {
    for (const params of SETS) {
      const prg = prgOf(`${params.id} l`);
      const polynomials = [0, 1].map(() => Array.from({ length: params.f + 1 }, () => below(prg, ORDER)));
      const posts = members(params).map((member) => ({
        member,
        shares: polynomials.map((p) => p.reduceRight((sum, c) => (sum * BigInt(member + 1) + c) % ORDER, 0n)),
      }));
      const values = polynomials.map((p) => p[0]);
      expect(decodeIntegers(params, ORDER, posts, 2)).to.deep.equal({ status: 'decoded', values, liars: [] });
      const lied = posts.map(({ member, shares }) =>
        member < params.f ? { member, shares: [shares[0] ?? 0n, 5n] } : { member, shares },
      );
      const liars = members(params).slice(0, params.f);
      expect(decodeIntegers(params, ORDER, lied, 2)).to.deep.equal({ status: 'decoded', values, liars });
      expect(decodeIntegers(params, ORDER, lied.slice(0, -1), 2).status).to.equal('waiting');
    }
  });

  it('refuses posts that the door should not have let in', () => {
    const [params] = SETS;
    if (!params) throw new Error('a set');
    const { posts } = dealt(params, 2, 'door');
    const [first] = posts;
    if (!first) throw new Error('a post');
    const decode = (list: SharePost[]) => () => decodeVectors(params, params.dataPrimes, list, 2);
    expect(codeOf(decode([first, first]))).to.equal('fhe/member');
    expect(codeOf(decode([{ member: 4, shares: first.shares }]))).to.equal('fhe/member');
    expect(codeOf(decode([{ member: 0, shares: first.shares.subarray(1) }]))).to.equal('fhe/length');
    expect(codeOf(decode([{ member: 0, shares: new BigUint64Array(6).fill(1n << 60n) }]))).to.equal('fhe/unreduced');
  });
});
