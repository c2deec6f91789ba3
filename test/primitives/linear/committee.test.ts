import { expect } from 'chai';
import { cdiCoefficients, integerCdi, shareOf } from '../../../primitives/fhe/cdi.ts';
import { modulo } from '../../../primitives/fhe/modulus.ts';
import { fheParams, PLAIN_MODULUS as t, subsetsWith } from '../../../primitives/fhe/params.ts';
import { CHECK_VALUES } from '../../../primitives/linear/functionals.ts';
import { leftSide, rightSide } from '../../../primitives/linear/check.ts';
import { subPlain } from '../../../primitives/linear/field.ts';
import {
  combineShares,
  type CheckValues,
  payloadShares,
  type OpenedSubmission,
  openSealed,
  proofOf,
} from '../../../primitives/linear/member.ts';
import { expandPiece } from '../../../primitives/linear/pieces.ts';
import { sharePieces } from '../../../primitives/linear/shares.ts';
import { buildSubmission } from '../../../primitives/linear/submission.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { completeNorm } from '../../../primitives/proofs/norm.ts';
import { encodeSealed, parseSealed } from '../../../primitives/proofs/sealed.ts';
import { openSeedBoxes } from '../../../primitives/proofs/unseal.ts';
import { seeded } from '../proofs/support/round.ts';
import { judgeLinear, tablesOf } from './support/judge.ts';
import { decryptLinear, linearRound } from './support/wide.ts';

const updateLane: LaneSpec = { lane: 'update', part: 0, values: 70, digits: 2, offset: 128, normSq: 30_000n };
const usageLane: LaneSpec = { lane: 'usage', part: 0, values: 5, digits: 4, offset: 0, total: 500n };
const update = completeNorm(
  Array.from({ length: 66 }, (_, i) => i - 30),
  30_000n,
);
const usage = [100, 300, 0, 40, 60];

for (const id of ['tacit-test-256-n4', 'tacit-test-256-n7', 'tacit-test-256-n10']) {
  describe(`a committee with linear proofs (${id})`, () => {
    const round = linearRound(id);
    const { params, context, keys, beacon } = round;
    const members = Array.from({ length: params.n }, (_, j) => j);

    /** What a member makes of a sealed submission before the close, and of its payload afterwards. */
    function sharesOf(sealed: Uint8Array, submission: OpenedSubmission, member: number): CheckValues {
      const { binding } = submission;
      const secrets = new Map(subsetsWith(params, member).map((A) => [A, round.maskSecrets[A]!]));
      const seeds = openSeedBoxes(params, binding, sealed, secrets);
      const { ephemeral } = parseSealed(params, binding.spec, sealed);
      const tables = tablesOf(round, binding.spec);
      const share = sharePieces(params, binding, tables.linear.shape, ephemeral, seeds, member);
      return payloadShares(tables, submission, share);
    }

    function contribute(spec: LaneSpec, values: ArrayLike<number>, who: number) {
      const binding = { context, spec, account: new Uint8Array(32).fill(who) };
      const { sealed } = buildSubmission({ params, keys, values, random: seeded(`${who}`), ...binding });
      const outcome = openSealed(params, binding, keys, sealed, round.sealSecrets);
      if (outcome.status !== 'open') throw new Error(outcome.reason);
      const { submission } = outcome;
      return { sealed, submission, shares: members.map((member) => sharesOf(sealed, submission, member)) };
    }
    type Contribution = ReturnType<typeof contribute>;
    const posts = (contributions: readonly Contribution[]) =>
      members.map((member) => ({
        member,
        shares: combineShares(
          params,
          context,
          beacon,
          contributions.map(({ submission, shares }) => ({ id: submission.id, shares: shares[member]! })),
        ),
      }));
    const each = ({ shares }: Contribution) => members.map((member) => ({ member, shares: shares[member]! }));
    const lying = (values: CheckValues, how: number): CheckValues =>
      how % 2 === 0
        ? { q: values.q.with(5, (values.q[5]! + 12_345n) % params.dataPrimes[1]!), k: values.k }
        : { q: values.q, k: values.k.with(how % 3, (values.k[how % 3]! + 999n) % t) };

    const honest = [contribute(updateLane, update, 1), contribute(usageLane, usage, 2)] as const;
    const passed = { status: 'passed', failures: [], liars: [] };

    it('decrypts what was submitted', () => {
      for (const [i, values] of [Array.from(update), usage].entries()) {
        const opened = decryptLinear(round, honest[i]!.submission.payload.ciphertext, values.length);
        expect(opened).to.deep.equal(values);
      }
    });

    it('passes honest payloads of different lanes, one by one and combined', () => {
      expect(judgeLinear(params, posts(honest))).to.deep.equal(passed);
      for (const contribution of honest) expect(judgeLinear(params, each(contribution))).to.deep.equal(passed);
    });

    it('needs 2f+1 posts, whoever they are from', () => {
      const all = posts(honest);
      expect(judgeLinear(params, all.slice(0, 2 * params.f)).status).to.equal('waiting');
      expect(judgeLinear(params, all.slice(params.f))).to.deep.equal(passed);
    });

    it('names up to f liars in either field and keeps the verdict', () => {
      for (const from of [0, 1, params.n - params.f]) {
        const liars = members.slice(from, from + params.f);
        const lie = posts(honest).map((post) =>
          liars.includes(post.member) ? { ...post, shares: lying(post.shares, post.member) } : post,
        );
        expect(judgeLinear(params, lie)).to.deep.equal({ ...passed, liars });
      }
    });

    it('lets more than f liars decide nothing', () => {
      for (const how of [0, 1]) {
        const lie = posts(honest).map((post) =>
          post.member <= params.f ? { ...post, shares: lying(post.shares, how) } : post,
        );
        expect(judgeLinear(params, lie).status).to.equal('undecodable');
      }
    });

    it('fails the combination for one bad payload, finds it alone, and names liars beside it', () => {
      const { submission, sealed } = honest[1];
      const { payload } = submission;
      const opened = payload.opened.with(1, (payload.opened[1]! + 1n) % t);
      const bad: OpenedSubmission = { ...submission, payload: { ...payload, opened } };
      const evil = { sealed, submission: bad, shares: members.map((member) => sharesOf(sealed, bad, member)) };
      const liars = [params.n - 1];
      const combined = posts([honest[0], evil]).map((post) =>
        liars.includes(post.member) ? { ...post, shares: lying(post.shares, 1) } : post,
      );
      expect(judgeLinear(params, combined)).to.deep.equal({ status: 'failed', failures: ['proof'], liars });
      expect([honest[0], evil].map((one) => judgeLinear(params, each(one)).status)).to.deep.equal(['passed', 'failed']);
    });

    it('does not let two bad payloads cancel, in either field', () => {
      const moduli = params.dataPrimes.flatMap((q) => Array.from({ length: CHECK_VALUES }, () => q));
      for (const [inQ, inK] of [
        [77n, 0n],
        [0n, 77n],
      ] as const) {
        const off = (sign: bigint): Contribution => ({
          ...honest[0],
          submission: { ...honest[0].submission, id: new Uint8Array(32).fill(sign > 0n ? 1 : 2) },
          shares: honest[0].shares.map(({ q, k }) => ({
            q: q.map((word, at) => modulo(word + sign * inQ, moduli[at]!)),
            k: k.map((word) => modulo(word + sign * inK, t)),
          })),
        });
        const [plus, minus] = [off(1n), off(-1n)];
        const unweighted = members.map((member) => {
          const [x, y] = [plus.shares[member]!, minus.shares[member]!];
          const q = x.q.map((word, at) => (word + y.q[at]!) % moduli[at]!);
          return { member, shares: { q, k: x.k.map((word, i) => (word + y.k[i]!) % t) } };
        });
        expect(judgeLinear(params, unweighted).status).to.equal('passed');
        expect(judgeLinear(params, posts([plus, minus])).status).to.equal('failed');
      }
    });

    it('nor any one error of theirs: each place has a weight of its own, which nobody knew', () => {
      const places = params.dataPrimes.length * CHECK_VALUES;
      /** The weights of one payload, read off a combination of it alone with ones in every place. */
      const weightsOf = (id: Uint8Array, changes: object = {}, seed = beacon): string[] => {
        const ones: CheckValues = { q: new BigUint64Array(places).fill(1n), k: BigUint64Array.of(1n, 0n, 0n) };
        const { q, k } = combineShares(params, { ...context, ...changes }, seed, [{ id, shares: ones }]);
        // `c1` and `c0` under one functional share a weight: they are never added to each other.
        return [...q.filter((_, at) => at % 2 === 0), k].map(String);
      };
      const [id, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
      const all = [
        weightsOf(id),
        weightsOf(other),
        weightsOf(id, {}, beacon.with(0, beacon[0]! ^ 1)),
        weightsOf(id, { genesis: other }),
        weightsOf(id, { term: 99 }),
        weightsOf(id, { round: 99 }),
      ].flat();
      expect(new Set(all).size).to.equal(all.length);
      expect(weightsOf(id)).to.deep.equal(all.slice(0, places / 2 + 1));
    });

    it('refuses to share without the seeds of a subset', () => {
      const { binding, ephemeral } = honest[0].submission;
      const { shape } = tablesOf(round, binding.spec).linear;
      expect(() => sharePieces(params, binding, shape, ephemeral, new Map(), 0))
        .to.throw()
        .with.property('code', 'fhe/missing-piece');
    });

    it('drops a submission with a garbage seed box without any vote', () => {
      const { submission, sealed } = honest[1];
      const parts = parseSealed(params, usageLane, sealed);
      const garbled = encodeSealed(usageLane, { ...parts, seedBoxes: parts.seedBoxes.with(0, new Uint8Array(48)) });
      const shares = members.map((member) => ({ member, shares: sharesOf(garbled, submission, member) }));
      const verdict = judgeLinear(params, shares);
      expect(verdict).to.deep.include({ status: 'failed', liars: [] });
    });

    it('shows a coalition of f nothing that it cannot compute itself', () => {
      // The coalition lacks the seed of one subset. Of an honest payload it knows the sum of all pieces of an equation, hence the one it lacks, hence every post.
      const { submission, sealed, shares } = honest[0];
      const { binding, ephemeral } = submission;
      const { linear } = tablesOf(round, binding.spec);
      const coalition = members.slice(0, params.f);
      const unknown = params.subsets.findIndex((subset) => subset.every((j) => !coalition.includes(j)));
      const known = new Map(round.maskSecrets.entries());
      known.delete(unknown);
      const pieces = new Map(
        Array.from(openSeedBoxes(params, binding, sealed, known), ([A, seed]) => {
          const { words } = expandPiece(params, binding, linear.shape, ephemeral, A, seed);
          return [A, leftSide(linear, submission.point, words)] as const;
        }),
      );
      const proof = proofOf(submission, linear);
      const want = subPlain(rightSide(linear, proof), leftSide(linear, submission.point, proof.deltas));
      const missing = Array.from(pieces.values()).reduce(subPlain, want);
      for (const member of members) {
        const post = want.map((word, i) => {
          const mine = new Map(Array.from(pieces, ([A, piece]) => [A, piece[i]!] as const)).set(unknown, missing[i]!);
          return modulo(shareOf(params, member, mine, t) - word, t);
        });
        expect(shares[member]!.k).to.deep.equal(post);
      }
    });
  });
}

describe('shares as whole numbers over a denominator', () => {
  for (const id of ['tacit-8192-n4', 'tacit-8192-n7', 'tacit-8192-n10']) {
    it(`are those of local conversion, and fit 32 bits (${id})`, () => {
      const params = fheParams(id);
      const [q = 0n] = params.dataPrimes;
      for (let member = 0; member < params.n; member++) {
        const { denominator, factors } = integerCdi(params, member);
        const subsets = subsetsWith(params, member);
        const conversion = cdiCoefficients(params, subsets, member, q);
        expect(factors).to.have.length(subsets.length);
        for (const [i, factor] of factors.entries()) {
          expect(modulo(BigInt(factor), q)).to.equal(modulo(conversion[i]! * denominator, q));
        }
        // The largest coefficient of a piece is 21.
        expect(factors.reduce((sum, factor) => sum + Math.abs(factor), 0) * 21).to.be.lessThan(2 ** 31);
      }
    });
  }
});
