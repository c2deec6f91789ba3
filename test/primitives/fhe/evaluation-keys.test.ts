import { expect } from 'chai';
import {
  evaluationKeys,
  firstPassOf,
  gadget,
  inputHash,
  passErrors,
  passPosting,
  type Posting,
  postingLength,
  type SwitchingKey,
} from '../../../primitives/fhe/evaluation-keys.ts';
import { keyAssignment, keyPosters, secretPiece } from '../../../primitives/fhe/keys.ts';
import { judgePass, passCheckCount, passCheckShares, passDigest } from '../../../primitives/fhe/pass-check.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import type { RnsPoly, SharePost } from '../../../primitives/fhe/types.ts';
import { decodePosting, encodePosting, postingBytes } from '../../../primitives/fhe/wire.ts';
import { TestCommittee } from './committee.ts';
import { ConfidentialCommittee } from './confidential-committee.ts';
import { codeOf } from './support.ts';

/** A posting that is off by one at one word of one polynomial. */
function bent(posting: Posting, poly: number, word: number): Posting {
  return posting.map((words, i) => {
    if (i !== poly) return words;
    const copy = words.slice();
    copy[word] = (copy[word] ?? 0n) === 0n ? 1n : (copy[word] ?? 0n) - 1n;
    return copy;
  });
}

const lied = (posts: readonly SharePost[], liar: number): SharePost[] =>
  posts.map(({ member, shares }) => ({ member, shares: member === liar ? shares.map((x) => x ^ 1n) : shares }));

for (const n of [4, 7, 10]) {
  describe(`evaluation keys (n = ${n})`, () => {
    const committee = new ConfidentialCommittee(`tacit-test-confidential-256-n${n}`);
    const { params, context } = committee;
    const ring = ringOf(params);
    const primes = params.keyPrimes.length;
    const assignment = keyAssignment(params);
    const postings = committee.passPostings();
    const first = firstPassOf(params, postings);
    const seconds = committee.passPostings(first);
    const keys = evaluationKeys(params, context, first, seconds);
    const secret = ring.fromSmall(committee.secret(), primes);

    /** Largest error of a key that switches from `target` to `s`: of every digit and every prime, `b + a s - g target`. */
    function worstError({ b, a }: SwitchingKey, target: RnsPoly): bigint {
      let worst = 0n;
      b.forEach((left, digit) => {
        const whole = ring.add(left, ring.multiply(a[digit] ?? left, secret));
        const error = ring.sub(whole, gadget(ring, target, digit));
        params.keyPrimes.forEach((q, prime) => {
          for (const e of error.subarray(prime * params.degree, (prime + 1) * params.degree)) {
            const size = e > q / 2n ? q - e : e;
            if (size > worst) worst = size;
          }
        });
      });
      return worst;
    }

    it('switch to the secret that nobody holds, with errors below their bounds', () => {
      const count = BigInt(params.subsets.length);
      expect(worstError(keys.galois, ring.reversed(secret)) <= 21n * count).to.equal(true);
      const worst = worstError(keys.relin, ring.multiply(secret, secret));
      expect(worst <= 42n * BigInt(params.degree) * count * count + 21n * count).to.equal(true);
      expect(worst > 21n * count, 'the error of two passes is larger than one').to.equal(true);
    });

    if (n === 4)
      it('are the same whoever posts, and missing parts are missed', () => {
        const fallback = keyAssignment(params, new Set([0]));
        const again = committee.passPostings(undefined, fallback);
        expect(again.has(0)).to.equal(false);
        const sums = firstPassOf(params, again, fallback);
        expect(sums).to.deep.equal(first);
        const later = evaluationKeys(params, context, sums, committee.passPostings(sums, fallback), fallback);
        expect(later).to.deep.equal(keys);
        const missing = new Map([...postings].slice(1));
        expect(codeOf(() => firstPassOf(params, missing))).to.equal('fhe/missing-posting');
        expect(codeOf(() => passDigest(params, context, missing, assignment))).to.equal('fhe/missing-posting');
        const short = new Map([...postings].map(([member, posting]) => [member, posting.slice(1)]));
        expect(codeOf(() => firstPassOf(params, short))).to.equal('fhe/length');
      });

    for (const pass of ['first', 'second'] as const) {
      const start = pass === 'first' ? undefined : first;
      const posted = pass === 'first' ? postings : seconds;

      if (n === 4)
        it(`pass their ${pass} check when right, with liars among the checkers named and the crashed not needed`, () => {
          const posts = committee.passShares(posted, start);
          const judge = (heard: readonly SharePost[]) => judgePass(params, context, posted, assignment, heard, start);
          expect(judge(posts)).to.deep.equal({ status: 'judged', wrong: [], liars: [] });
          expect(judge(lied(posts, 1))).to.deep.equal({ status: 'judged', wrong: [], liars: [1] });
          expect(judge(posts.slice(params.f))).to.deep.equal({ status: 'judged', wrong: [], liars: [] });
          expect(judge(posts.slice(params.f + 1)).status).to.equal('waiting');
        });

      it(`name in their ${pass} check who posted a part that is off anywhere`, () => {
        const poster = keyPosters(assignment)[1] ?? 0;
        const length = postingLength(params, pass);
        // Of four members a polynomial of each kind, at a data prime and at the special one.
        const polys = n === 4 ? [0, 5, 10].filter((i) => i < length) : [];
        for (const poly of [...polys, length - 1]) {
          const word = poly % 2 === 0 ? 3 : (primes - 1) * params.degree + 7;
          const bad = new Map(posted).set(poster, bent(posted.get(poster) ?? [], poly, word));
          // A quorum and one that lies: the other members are silent.
          const heard = committee.members.slice(0, 2 * params.f + 2);
          const posts = lied(committee.passShares(bad, start, heard), 0);
          expect(judgePass(params, context, bad, assignment, posts, start)).to.deep.equal({
            status: 'judged',
            wrong: [poster],
            liars: [0],
          });
        }
        if (n > 4) return;
        // Two wrong parts that cancel in the sum are two wrong parts.
        const other = keyPosters(assignment)[0] ?? 0;
        const [mine, theirs] = [posted.get(poster) ?? [], posted.get(other) ?? []];
        const shift = ring.fromSmall(Int8Array.of(1), primes);
        const cancelled = new Map(posted)
          .set(poster, [ring.add(mine[0] ?? shift, shift), ...mine.slice(1)])
          .set(other, [ring.sub(theirs[0] ?? shift, shift), ...theirs.slice(1)]);
        const outcome = judgePass(
          params,
          context,
          cancelled,
          assignment,
          committee.passShares(cancelled, start),
          start,
        );
        expect(outcome).to.deep.equal({ status: 'judged', wrong: [other, poster], liars: [] });
      });
    }

    if (n === 4)
      it('draw their functionals after everything that was posted, and after what it starts from', () => {
        const digest = passDigest(params, context, seconds, assignment, first);
        const other = { ...first, h0: first.h1 };
        expect(passDigest(params, context, seconds, assignment, other)).to.not.deep.equal(digest);
        // The same postings, said to be of other subsets.
        expect(passDigest(params, context, seconds, assignment.toReversed(), first)).to.not.deep.equal(digest);
        const stale = passDigest(params, context, postings, assignment);
        const posts = committee.members.map((member) => ({
          member,
          shares: passCheckShares(params, context, member, committee.keysOf(member), stale, assignment, first),
        }));
        const outcome = judgePass(params, context, seconds, assignment, posts, first);
        expect(outcome.status === 'judged' && outcome.wrong).to.deep.equal(keyPosters(assignment));
        expect(passCheckCount(assignment)).to.equal(2 * keyPosters(assignment).length);
      });
  });
}

describe('the passes of evaluation keys', () => {
  const committee = new ConfidentialCommittee('tacit-test-confidential-256-n4');
  const { params, context } = committee;
  const ring = ringOf(params);
  const first = firstPassOf(params, committee.passPostings());

  it('[one error over two inputs would show s in the difference]: errors of the second pass belong to its input', () => {
    const shifted = { ...first, h0: first.h0.map((poly) => ring.add(poly, ring.fromSmall(Int8Array.of(1), 6))) };
    expect(inputHash(params, context, shifted)).to.not.deep.equal(inputHash(params, context, first));
    const key = committee.keys.get(0) ?? new Uint8Array(32);
    const errors = (start: typeof first) =>
      passErrors(params, context, 0, key, 'second', inputHash(params, context, start));
    expect(errors(shifted)[0]).to.not.deep.equal(errors(first)[0]);
  });

  it('[a poster that chooses its part last has the second pass show secrets, if it does not wait for the check]', () => {
    const assignment = keyAssignment(params);
    const honest = committee.passPostings();
    // Member 0 makes the sums h0 = 2^40 and h1 = 0.
    const others = firstPassOf(
      params,
      new Map(honest).set(
        0,
        (honest.get(0) ?? []).map(() => ring.zero(6)),
      ),
    );
    const wanted = ring.fromSmall(Int8Array.of(1), 6);
    const crafted = [
      ...(honest.get(0) ?? []).slice(0, 5),
      ...others.h0.map((poly) => ring.sub(ring.scale(wanted, 1n << 40n), poly)),
      ...others.h1.map((poly) => ring.negate(poly)),
    ];
    const bad = new Map(honest).set(0, crafted);
    const start = firstPassOf(params, bad);
    const [shown] = passPosting(params, context, 1, committee.keysOf(1), start) ?? [];
    const piece = secretPiece(
      params,
      context,
      assignment.indexOf(1),
      committee.keys.get(assignment.indexOf(1)) ?? new Uint8Array(32),
    );
    const q = params.dataPrimes[0] ?? 0n;
    const rounded = Array.from({ length: params.degree }, (_, k) => {
      const word = shown?.[k] ?? 0n;
      const signed = word > q / 2n ? word - q : word;
      return Number((signed + (1n << 39n)) >> 40n);
    });
    expect(rounded).to.deep.equal([...piece]);
    const posts = committee.passShares(bad);
    expect(judgePass(params, context, bad, assignment, posts)).to.deep.equal({
      status: 'judged',
      wrong: [0],
      liars: [],
    });
  });

  it('have one encoding, which is strict', () => {
    const posting = committee.passPostings(first).get(2) ?? [];
    const bytes = encodePosting(params, posting);
    expect(bytes.length).to.equal(postingBytes(params, 5));
    expect(decodePosting(params, bytes, 5)).to.deep.equal(posting);
    expect(codeOf(() => decodePosting(params, bytes, 4))).to.equal('fhe/length');
    expect(codeOf(() => decodePosting(params, bytes.fill(255, 0, 7), 5))).to.equal('fhe/unreduced');
  });

  it('are made under sets that have room for products only', () => {
    const plain = new TestCommittee('tacit-test-256-n4');
    expect(codeOf(() => passPosting(plain.params, plain.context, 0, plain.keysOf(0)))).to.equal('fhe/no-products');
    expect(codeOf(() => passPosting(params, plain.context, 0, committee.keysOf(0)))).to.equal('fhe/context');
  });
});
