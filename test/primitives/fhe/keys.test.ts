import { expect } from 'chai';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import {
  boxPublicKey,
  boxSecret,
  errorPiece,
  keyAssignment,
  keyPosters,
  keyPosting,
  publicA,
  publicKey,
  publicKeyHash,
  ratchet,
  secretPiece,
} from '../../../primitives/fhe/keys.ts';
import {
  judgeKeyCheck,
  keyCheckCount,
  keyCheckShares,
  keyTest,
  postingsDigest,
} from '../../../primitives/fhe/key-check.ts';
import { combineOpening, openingShare } from '../../../primitives/fhe/open.ts';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import { decodeResidues, encodeResidues } from '../../../primitives/fhe/wire.ts';
import { TestCommittee } from './committee.ts';
import { codeOf, contextOf } from './support.ts';

const IDS = ['tacit-test-256-n4', 'tacit-test-256-n7', 'tacit-test-256-n10'];

describe('round keys', () => {
  it('come from a one-way chain, each bound to its round', () => {
    const dealt = hash32Of('tacit/test/1', 'dealt');
    const first = ratchet(dealt, 1);
    const second = ratchet(first.next, 2);
    const all = [dealt, first.roundKey, first.next, second.roundKey, second.next].map((key) => key.join());
    expect(new Set(all).size).to.equal(5);
    expect(ratchet(dealt, 2).roundKey).to.not.deep.equal(first.roundKey);
    expect(codeOf(() => ratchet(new Uint8Array(31), 1))).to.equal('fhe/key-length');
  });

  it('give pieces, box keys and `a` that differ by label, subset, round, term and genesis', () => {
    const params = fheParams('tacit-test-256-n4');
    const key = hash32Of('tacit/test/1', 'K');
    const context = contextOf(params.id);
    const piece = secretPiece(params, context, 0, key);
    expect(secretPiece(params, context, 0, key)).to.deep.equal(piece);
    const others = [
      errorPiece(params, context, 0, key),
      secretPiece(params, context, 1, key),
      secretPiece(params, { ...context, round: 2 }, 0, key),
      secretPiece(params, { ...context, term: 2 }, 0, key),
      secretPiece(params, { ...context, genesis: hash32Of('tacit/test/1', 'other') }, 0, key),
      secretPiece(params, context, 0, hash32Of('tacit/test/1', 'K2')),
    ];
    for (const other of others) expect(other).to.not.deep.equal(piece);
    expect(publicA(params, { ...context, round: 2 })).to.not.deep.equal(publicA(params, context));
    const boxes = [
      boxPublicKey(context, 'seal', 0, key),
      boxPublicKey(context, 'mask', 0, key),
      boxPublicKey(context, 'seal', 1, key),
    ];
    expect(new Set(boxes.map((box) => box.join())).size).to.equal(3);
    expect(boxSecret(context, 'seal', 0, key)).to.not.equal(boxSecret(context, 'mask', 0, key));
    expect(codeOf(() => secretPiece(params, contextOf('tacit-test-256-n7'), 0, key))).to.equal('fhe/context');
    expect(codeOf(() => publicA(params, { ...context, genesis: new Uint8Array(3) }))).to.equal('fhe/context');
  });

  it('spread the posting of the key evenly, with a fall-back for every absent f', () => {
    for (const params of IDS.map(fheParams)) {
      const assignment = keyAssignment(params);
      const loads = Array.from({ length: params.n }, (_, j) => assignment.filter((poster) => poster === j).length);
      const even = params.subsets.length / params.n;
      expect(Math.min(...loads)).to.be.at.least(1);
      expect(Math.max(...loads)).to.be.at.most(Math.ceil(1.25 * even));
      params.subsets.forEach((members, subset) => expect(members).to.include(assignment[subset] ?? -1));
      const absent = new Set(Array.from({ length: params.f }, (_, j) => j));
      const fallback = keyAssignment(params, absent);
      params.subsets.forEach((members, subset) => {
        expect(members).to.include(fallback[subset] ?? -1);
        expect(absent.has(fallback[subset] ?? 0)).to.equal(false);
        if (!absent.has(assignment[subset] ?? 0)) expect(fallback[subset]).to.equal(assignment[subset]);
      });
    }
    expect(keyAssignment(fheParams('tacit-test-256-n4'))).to.deep.equal([0, 1, 2, 3]);
    const params = fheParams('tacit-test-256-n4');
    expect(codeOf(() => keyAssignment(params, new Set([0, 1, 2])))).to.equal('fhe/subset-absent');
  });
});

for (const id of IDS) {
  describe(`the public key of a round (${id})`, () => {
    const committee = new TestCommittee(id);
    const { params, context, members } = committee;
    const ring = ringOf(params);
    const assignment = keyAssignment(params);
    const postings = committee.postings();
    const digest = postingsDigest(params, context, postings, assignment);
    const shares = (checked = digest, plan = assignment) =>
      members.map((member) => ({
        member,
        shares: keyCheckShares(params, context, member, committee.keysOf(member), checked, plan),
      }));

    it('is b = -(a s + e) with a small error, the same whoever posts', () => {
      const key = committee.publicKey();
      const error = ring.negate(ring.add(key.b, ring.multiplySmall(key.a, committee.secret())));
      const bound = BigInt(21 * params.subsets.length);
      const q = params.specialPrime;
      error.subarray(3 * params.degree).forEach((e) => expect(e <= bound || e >= q - bound).to.equal(true));
      const absent = new Set([0]);
      const fallback = keyAssignment(params, absent);
      const later = publicKey(params, context, committee.postings(fallback), fallback);
      expect(publicKeyHash(params, context, later)).to.deep.equal(publicKeyHash(params, context, key));
      expect(keyPosting(params, context, 0, committee.keysOf(0), fallback)).to.equal(undefined);
      const missing = new Map([...postings].slice(1));
      expect(codeOf(() => publicKey(params, context, missing))).to.equal('fhe/missing-posting');
    });

    it('is accepted when right, with liars among the checkers named', () => {
      const posts = shares();
      expect(judgeKeyCheck(params, context, postings, assignment, posts)).to.deep.equal({
        status: 'judged',
        wrong: [],
        liars: [],
      });
      const lied = posts.map((post) => {
        const bytes = encodeResidues(params.keyPrimes, post.shares);
        const copy = decodeResidues(params.keyPrimes, bytes, keyCheckCount(assignment));
        if (post.member === 1) copy[0] = (copy[0] ?? 0n) ^ 1n;
        return { member: post.member, shares: copy };
      });
      expect(judgeKeyCheck(params, context, postings, assignment, lied)).to.deep.equal({
        status: 'judged',
        wrong: [],
        liars: [1],
      });
      expect(judgeKeyCheck(params, context, postings, assignment, posts.slice(0, 2 * params.f)).status).to.equal(
        'waiting',
      );
    });

    it('names who posted a wrong part, even one coefficient off in the special prime alone', () => {
      for (const at of [5, 3 * params.degree + 1]) {
        const poster = keyPosters(assignment)[1] ?? 0;
        const bad = new Map(postings);
        const part = bad.get(poster)?.slice() ?? ring.zero(4);
        part[at] = (part[at] ?? 0n) === 0n ? 1n : (part[at] ?? 0n) - 1n;
        bad.set(poster, part);
        const posts = shares(postingsDigest(params, context, bad, assignment));
        const outcome = judgeKeyCheck(params, context, bad, assignment, posts);
        expect(outcome).to.deep.equal({ status: 'judged', wrong: [poster], liars: [] });
        // The functionals are drawn after the postings: shares for another digest convict nobody in particular.
        const stale = judgeKeyCheck(params, context, bad, assignment, shares());
        expect(stale.status === 'judged' && stale.wrong.length).to.equal(keyPosters(assignment).length);
      }
    });

    it('opens its public test encryption, which a wrong key does not', () => {
      const key = committee.publicKey();
      const test = keyTest(params, context, key);
      const open = ({ request, ciphertext }: typeof test) =>
        combineOpening(
          params,
          request,
          members.map((member) => ({
            member,
            shares: openingShare(params, request, member, committee.keysOf(member), [ciphertext]),
          })),
        );
      expect(open(test)).to.deep.equal({ status: 'open', values: test.values, liars: [] });
      expect(keyTest(params, context, key)).to.deep.equal(test);
      const wrong = { a: key.a, b: ring.add(key.b, key.a) };
      // The flood is nearly as wide as the modulus: a random value may look like an opened one, but is not the one encrypted.
      const other = keyTest(params, context, wrong);
      const outcome = open(other);
      expect(outcome.status === 'open' && outcome.values.some((value, i) => value === other.values[i])).to.equal(false);
    });
  });
}
