import { expect } from 'chai';
import { modOrder, ORDER } from '../../../primitives/crypto/ristretto.ts';
import { shareOf } from '../../../primitives/fhe/cdi.ts';
import { modulo } from '../../../primitives/fhe/modulus.ts';
import { subsetsWith } from '../../../primitives/fhe/params.ts';
import { combineShares, PER_PRIME, payloadShares, shareExpansions } from '../../../primitives/proofs/checkshares.ts';
import { expandSeed } from '../../../primitives/proofs/expand.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { completeNorm } from '../../../primitives/proofs/norm.ts';
import { parseSealed, encodeSealed } from '../../../primitives/proofs/sealed.ts';
import { buildSubmission } from '../../../primitives/proofs/submission.ts';
import { type OpenedSubmission, openSealed, openSeedBoxes } from '../../../primitives/proofs/unseal.ts';
import {
  type CheckValues,
  checkTables,
  linearExpansion,
  publicSide,
  secretSide,
} from '../../../primitives/proofs/validity.ts';
import { judgeCheck } from './support/judge.ts';
import { seeded, testRound } from './support/round.ts';

const updateLane: LaneSpec = { lane: 'update', part: 0, values: 20, digits: 2, offset: 128, normSq: 20_000n };
const usageLane: LaneSpec = { lane: 'usage', part: 0, values: 5, digits: 4, offset: 0, total: 500n };

for (const id of ['tacit-test-256-n4', 'tacit-test-256-n7', 'tacit-test-256-n10']) {
  describe(`the check by a committee (${id})`, () => {
    const round = testRound(id);
    const { params, context, keys } = round;
    const tables = checkTables(params, context, keys.publicKey, round.beacon);
    const members = Array.from({ length: params.n }, (_, j) => j);

    /** What a member makes of a sealed submission before the close, and of its payload afterwards. */
    function sharesOf(sealed: Uint8Array, submission: OpenedSubmission, member: number): CheckValues {
      const { binding } = submission;
      const secrets = new Map(subsetsWith(params, member).map((A) => [A, round.maskSecrets[A]!]));
      const seeds = openSeedBoxes(params, binding, sealed, secrets);
      const { ephemeral } = parseSealed(params, binding.spec, sealed);
      return payloadShares(tables, submission, shareExpansions(params, binding, ephemeral, seeds, member));
    }

    /** A sealed submission and how the committee sees it. */
    function contribute(
      spec: LaneSpec,
      values: ArrayLike<number>,
      who: number,
      tamper?: (bytes: Uint8Array) => Uint8Array,
    ) {
      const account = new Uint8Array(32).fill(who);
      const binding = { context, spec, account };
      const honest = buildSubmission({ params, keys, values, random: seeded(`${who}`), ...binding }).sealed;
      const sealed = tamper?.(honest) ?? honest;
      const outcome = openSealed(params, binding, keys, sealed, round.sealSecrets);
      if (outcome.status !== 'open') throw new Error(outcome.reason);
      const shares = members.map((member) => sharesOf(sealed, outcome.submission, member));
      return { binding, sealed, submission: outcome.submission, shares };
    }
    type Contribution = ReturnType<typeof contribute>;
    const posts = (contributions: readonly Contribution[], from = members) =>
      from.map((member) => ({
        member,
        shares: combineShares(
          tables,
          contributions.map(({ submission, shares }) => ({ id: submission.id, shares: shares[member]! })),
        ),
      }));

    const honest = [
      contribute(
        updateLane,
        completeNorm(
          Array.from({ length: 16 }, (_, i) => 3 * i - 20),
          20_000n,
        ),
        1,
      ),
      contribute(usageLane, [100, 300, 0, 40, 60], 2),
    ];
    /** A payload whose responses were computed for another statement: one digit moved. */
    const evilSubmission = (original: Contribution): Contribution => {
      const payload = { ...original.submission.payload };
      const deltas = payload.deltas.with(3, payload.deltas[3]! + 1n);
      const submission: OpenedSubmission = { ...original.submission, payload: { ...payload, deltas } };
      const shares = members.map((member) => sharesOf(original.sealed, submission, member));
      return { ...original, submission, shares };
    };
    const lying = (values: CheckValues, how: number): CheckValues =>
      how % 2 === 0
        ? { q: values.q.with(5, (values.q[5]! + 12_345n) % params.dataPrimes[1]!), l: values.l }
        : { q: values.q, l: modOrder(values.l + 999n) };

    it('passes honest payloads, one by one and combined', () => {
      expect(judgeCheck(params, posts(honest))).deep.equal({ status: 'passed', liars: [] });
      for (const { shares } of honest) {
        const each = members.map((member) => ({ member, shares: shares[member]! }));
        expect(judgeCheck(params, each)).deep.equal({ status: 'passed', liars: [] });
      }
    });

    it('needs 2f+1 posts, whoever they are from', () => {
      const all = posts(honest);
      expect(judgeCheck(params, all.slice(0, 2 * params.f)).status).equal('waiting');
      expect(judgeCheck(params, all.slice(params.f))).deep.equal({ status: 'passed', liars: [] });
    });

    it('names up to f liars and keeps the verdict', () => {
      const liars = members.slice(1, 1 + params.f);
      const lie = posts(honest).map((post) =>
        liars.includes(post.member) ? { ...post, shares: lying(post.shares, post.member) } : post,
      );
      expect(judgeCheck(params, lie)).deep.equal({ status: 'passed', liars });
    });

    it('lets more than f liars decide nothing', () => {
      const lie = posts(honest).map((post) =>
        post.member <= params.f ? { ...post, shares: lying(post.shares, 0) } : post,
      );
      expect(judgeCheck(params, lie).status).equal('undecodable');
    });

    it('fails the combination for one bad payload, and then finds it alone', () => {
      const evil = evilSubmission(honest[1]!);
      const liars = [params.n - 1];
      const combined = posts([honest[0]!, evil]).map((post) =>
        liars.includes(post.member) ? { ...post, shares: lying(post.shares, 1) } : post,
      );
      expect(judgeCheck(params, combined)).deep.equal({ status: 'failed', liars });
      const verdicts = [honest[0]!, evil].map(
        ({ shares }) =>
          judgeCheck(
            params,
            members.map((member) => ({ member, shares: shares[member]! })),
          ).status,
      );
      expect(verdicts).deep.equal(['passed', 'failed']);
    });

    it('does not let two bad payloads cancel', () => {
      // The second carries the negative of the first one's error: plain addition passes, the weighted combination does not.
      const [good] = honest as [Contribution];
      const off = (sign: bigint): Contribution => ({
        ...good,
        submission: { ...good.submission, id: new Uint8Array(32).fill(sign > 0n ? 1 : 2) },
        shares: good.shares.map((shares) => ({
          q: shares.q.map((value, at) => modulo(value + sign * 77n, params.dataPrimes[Math.floor(at / PER_PRIME)]!)),
          l: modOrder(shares.l + sign * 77n),
        })),
      });
      const [plus, minus] = [off(1n), off(-1n)];
      const unweighted = members.map((member) => {
        const [x, y] = [plus.shares[member]!, minus.shares[member]!];
        const q = x.q.map((value, at) => (value + y.q[at]!) % params.dataPrimes[Math.floor(at / PER_PRIME)]!);
        return { member, shares: { q, l: modOrder(x.l + y.l) } };
      });
      expect(judgeCheck(params, unweighted).status).equal('passed');
      expect(judgeCheck(params, posts([plus, minus])).status).equal('failed');
    });

    it('nor any one error of theirs: each place has a weight of its own, which nobody knew', () => {
      const places = params.dataPrimes.length * PER_PRIME;
      /** The weights of one payload, read off a combination of it alone with ones in every place. */
      const weightsOf = (of: typeof tables, id: Uint8Array): bigint[] => {
        const ones: CheckValues = { q: new BigUint64Array(places).fill(1n), l: 1n };
        const { q, l } = combineShares(of, [{ id, shares: ones }]);
        return [...q, l];
      };
      const [id, other] = [new Uint8Array(32).fill(1), new Uint8Array(32).fill(2)];
      const anew = (changes: object, seed = round.beacon): typeof tables =>
        checkTables(params, { ...round.context, ...changes }, round.keys.publicKey, seed);
      const all = [
        weightsOf(tables, id),
        weightsOf(tables, other),
        weightsOf(anew({}, round.beacon.with(0, round.beacon[0]! ^ 1)), id),
        weightsOf(anew({ genesis: other }), id),
        weightsOf(anew({ term: 99 }), id),
        weightsOf(anew({ round: 99 }), id),
      ];
      // `c1` and `c0` under one functional share a weight: they are never added to each other.
      const own = all.map((weights) => weights.filter((_, at) => at % 2 === 0));
      expect(new Set(own.flat()).size).equal(own.flat().length);
      expect(own.flat().every((weight) => weight > 1n << 30n)).equal(true);
      expect(weightsOf(anew({}), id)).deep.equal(all[0]);
    });

    it('drops a submission with a garbage seed box without any vote', () => {
      const dropSeed = (bytes: Uint8Array): Uint8Array => {
        const parts = parseSealed(params, usageLane, bytes);
        return encodeSealed(usageLane, { ...parts, seedBoxes: parts.seedBoxes.with(0, new Uint8Array(48)) });
      };
      // The payload's associated data covers the boxes: whoever garbles one must seal anew. Here only the members' view is garbled.
      const original = honest[1]!;
      const sealed = dropSeed(original.sealed);
      const each = members.map((member) => ({ member, shares: sharesOf(sealed, original.submission, member) }));
      expect(judgeCheck(params, each)).deep.equal({ status: 'failed', liars: [] });
    });

    it('shows a coalition of f nothing that it cannot compute itself', () => {
      // The coalition lacks one seed; from the public side of an honest payload it knows that piece of every equation all the same, hence every post.
      const { submission, shares, binding, sealed } = honest[0]!;
      const coalition = members.slice(0, params.f);
      const unknown = params.subsets.findIndex((subset) => subset.every((j) => !coalition.includes(j)));
      const known = new Map(round.maskSecrets.entries());
      known.delete(unknown);
      const seeds = openSeedBoxes(params, binding, sealed, known);
      const pieces = new Map(
        Array.from(seeds, ([A, seed]) => {
          const expansion = expandSeed(params, binding, submission.ephemeral, A, seed);
          return [A, secretSide(tables, submission, linearExpansion(params, binding.spec, expansion))];
        }),
      );
      const want = publicSide(tables, submission);
      const predicted = (pick: (v: CheckValues) => bigint, modulus: bigint, member: number): bigint => {
        const mine = new Map(Array.from(pieces, ([A, piece]) => [A, pick(piece)]));
        const rest = Array.from(mine.values()).reduce((sum, piece) => sum + piece, 0n);
        mine.set(unknown, modulo(pick(want) - rest, modulus));
        return modulo(shareOf(params, member, mine, modulus) - pick(want), modulus);
      };
      for (const member of members) {
        const post = shares[member]!;
        expect(predicted((v) => v.l, ORDER, member)).equal(post.l);
        for (let at = 0; at < post.q.length; at++) {
          expect(predicted((v) => v.q[at]!, params.dataPrimes[Math.floor(at / PER_PRIME)]!, member)).equal(post.q[at]);
        }
      }
    });

    it('refuses to post without the seeds of a subset', () => {
      const { binding, submission } = honest[0]!;
      expect(() => shareExpansions(params, binding, submission.ephemeral, new Map(), 0)).to.throw('lacks a piece');
    });
  });
}
