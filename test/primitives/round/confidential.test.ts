import { expect } from 'chai';
import { at } from '../../../primitives/at.ts';
import { hash32Of } from '../../../primitives/crypto/hash.ts';
import { Prg } from '../../../primitives/crypto/prg.ts';
import { cdiCoefficients } from '../../../primitives/fhe/cdi.ts';
import { encryptPlain } from '../../../primitives/fhe/encrypt.ts';
import { encodedShares } from '../../../primitives/fhe/masks.ts';
import { centred, combineOpening, floodedShare, openingShare, requestHash } from '../../../primitives/fhe/open.ts';
import { distanceBits, fheParams, openedNoiseLimit, subsetsWith } from '../../../primitives/fhe/params.ts';
import { SealEvaluator } from '../../../primitives/fhe/seal.ts';
import type { Ciphertext, OpeningRequest } from '../../../primitives/fhe/types.ts';
import { ciphertextHash } from '../../../primitives/fhe/wire.ts';
import {
  confidentialBounds,
  type EncryptedRound,
  encryptedScore,
  encryptedTotal,
  partOperands,
  totalRequest,
} from '../../../primitives/round/confidential.ts';
import { payoutRequest } from '../../../primitives/round/requests.ts';
import { shapleyWeights, totalScore } from '../../../primitives/round/score.ts';
import { ConfidentialCommittee } from '../fhe/confidential-committee.ts';
import { below, codeOf, mod, prgOf } from '../fhe/support.ts';

/** Signed bytes whose squares do not matter here. */
function signed(prg: Prg, count: number): Int8Array {
  return Int8Array.from(prg.next(count), (byte) => (byte % 201) - 100);
}

/** Opens one request by all members, as they would. */
function opened(
  committee: ConfidentialCommittee,
  request: OpeningRequest,
  sources: readonly Ciphertext[],
  masks?: ReadonlyMap<number, bigint[]>,
): bigint[] {
  const { params, members } = committee;
  const posts = members.map((member) => ({
    member,
    shares: openingShare(
      params,
      request,
      member,
      committee.keysOf(member),
      sources,
      masks && encodedShares(params, member, masks),
    ),
  }));
  const bent = posts.map(({ member, shares }) => ({
    member,
    shares: member === 0 ? shares.map((x) => x ^ 1n) : shares,
  }));
  const outcome = combineOpening(params, request, bent);
  if (outcome.status !== 'open') throw new Error(outcome.status);
  expect(outcome.liars).to.deep.equal([0]);
  return outcome.values;
}

interface Played {
  readonly updates: readonly (readonly Int8Array[])[];
  readonly direction: readonly Int8Array[];
  readonly counts: readonly number[];
}

const RULE = { gamma: 3n, normSq: 1n << 20n };
const REPORTS = [{ points: 1000n, total: 1n << 20n }];
const POINTS = REPORTS.map(({ points }) => points);

for (const { id, values, factors } of [
  { id: 'tacit-test-confidential-256-n4', values: [256, 201], factors: [1, 1, 5] },
  { id: 'tacit-test-confidential-256-n10', values: [40], factors: [2, 2, 1] },
  { id: 'tacit-16384-n4', values: [8192, 8192], factors: [4, 1] },
]) {
  describe(`a confidential round under ${id}`, () => {
    const committee = new ConfidentialCommittee(id);
    const { params, context } = committee;
    const prg = prgOf(id);
    const items = factors.map((_, i) => 2 * i + 1);
    const played: Played = {
      updates: items.map(() => values.map((count) => signed(prg, count))),
      direction: values.map((count) => signed(prg, count)),
      counts: items.map((_, i) => 17 * i + 4),
    };
    const sums = values.map((count, p) =>
      Int32Array.from({ length: count }, (_, j) => played.updates.reduce((sum, parts) => sum + at(at(parts, p), j), 0)),
    );
    const weights = sums.map((sum, p) => shapleyWeights(items.length, at(played.direction, p), sum));
    const scores = played.updates.map((parts, i) => {
      const update = parts.reduce((sum, part, p) => {
        return sum + part.reduce((all, x, j) => all + BigInt(x) * BigInt(at(at(weights, p), j)), 0n);
      }, 0n);
      return RULE.gamma * update + BigInt(at(factors, i)) * 1000n * BigInt(at(played.counts, i));
    });
    const parts = values;
    const bounds = confidentialBounds(params, { ...RULE, parts }, items.length, REPORTS, { factors });
    let seal: SealEvaluator;
    let total: Ciphertext;
    let encrypted: Ciphertext[];

    before(async function () {
      this.timeout(60_000);
      const key = committee.encryptionKey();
      const encrypt = (plain: ArrayLike<number>): Ciphertext =>
        encryptPlain(
          params,
          key,
          BigUint64Array.from(plain, (x) => mod(BigInt(x), params.t)),
          prg,
        );
      const report = new Int32Array(10);
      items.forEach((item, i) => (report[item] = at(played.counts, i)));
      const round: EncryptedRound = {
        updates: played.updates.map((own) => own.map(encrypt)),
        direction: played.direction.map(encrypt),
        counts: [encrypt(report)],
        points: POINTS,
      };
      seal = await SealEvaluator.create(params);
      const keys = seal.loadKeys(committee.evaluationKeys());
      const evaluator = seal.under(keys);
      const operands = partOperands(evaluator, round);
      total = encryptedTotal(params, evaluator, RULE, round, operands, items, { factors });
      encrypted = items.map((item, place) =>
        encryptedScore(params, evaluator, RULE, round, operands, { item, place, factor: at(factors, place) }),
      );
      keys.delete();
    });
    after(() => seal.delete());

    it('opens the total of all scores to the last unit, one liar among the members', () => {
      const request = totalRequest(context, bounds, ciphertextHash(params, total));
      const [value] = opened(committee, request, [total]);
      const counts = scores.reduce((sum, score) => sum + score, 0n);
      expect(centred(params, value ?? 0n)).to.equal(counts);
      const points = played.counts.reduce((sum, count, i) => sum + 1000n * BigInt(at(factors, i) * count), 0n);
      const products = sums.reduce((all, sum, p) => {
        return all + sum.reduce((one, x, j) => one + BigInt(x) * BigInt(at(at(weights, p), j)), 0n);
      }, 0n);
      expect(totalScore(RULE, { products }, points, { points: [] })).to.equal(counts);
    });

    it('opens payouts under masks: each is its plain score to the last unit', () => {
      const masks = new Map(params.subsets.map((_, A) => [A, items.map(() => below(prg, 1n << 130n))]));
      const ids = items.map((item) => ({ id: hash32Of('tacit/test/1', 'mask', item), delta: -5n }));
      const [rate, grains, stake] = [77n, 256n, 2_000_000_000n];
      const points = items.map((_, i) => BigInt(100 + i));
      const hashes = encrypted.map((score) => ciphertextHash(params, score));
      const terms = { scores: hashes, rate, grains, stake, points, weightNorm: bounds.weightNorm };
      const request = payoutRequest(context, terms, ids);
      const values = opened(committee, request, encrypted, masks);
      values.forEach((value, i) => {
        const mask = [...masks.values()].reduce((sum, own) => sum + at(own, i), 0n) - 5n;
        expect(value).to.equal(
          mod(grains * stake + rate * (at(scores, i) + at(points, i)) + mask, params.t),
          `item ${i}`,
        );
      });
    });

    it('shows of the noise of products as little as openings of sums do', () => {
      const { totalNorm, weightNorm, phiBound } = bounds;
      expect(openedNoiseLimit(params, totalNorm) < params.q / (2n * params.t)).to.equal(true);
      const shown = [
        { values: 1, weightNorm: totalNorm },
        { values: items.length, weightNorm: 77n * weightNorm },
      ];
      expect(distanceBits(params, shown)).to.be.at.least(params.lambda);
      expect(phiBound).to.equal(3n * BigInt(parts.length) * 3n * BigInt(items.length) * RULE.normSq);
    });
  });
}

describe('openings of confidential rounds', () => {
  it('have floods wider than one run of the stream, cut to their width and centred', () => {
    const committee = new ConfidentialCommittee('tacit-test-confidential-256-n4');
    const { params, context } = committee;
    const request: OpeningRequest = {
      context,
      step: 'test',
      attempt: 0,
      sources: [new Uint8Array(32)],
      slots: [{ source: 0, from: 0, count: 3, scale: 1n, weightNorm: 1n }],
    };
    const nothing = new BigUint64Array(3 * params.dataPrimes.length);
    const shares = floodedShare(params, request, 1, committee.keysOf(1), [nothing]);
    const wide = (bytes: Uint8Array): bigint => bytes.reduceRight((sum, byte) => (sum << 8n) | BigInt(byte), 0n);
    const subsets = subsetsWith(params, 1);
    const pieces = subsets.map((subset) => {
      const key = committee.keys.get(subset) ?? new Uint8Array(32);
      const stream = new Prg(hash32Of('tacit/flood/1', key, requestHash(request), subset));
      const [low, high] = [stream.next(48), stream.next(48)];
      return [0, 1, 2].map((slot) => {
        const word = (bytes: Uint8Array): bigint => wide(bytes.subarray(16 * slot, 16 * slot + 16));
        const piece = (word(low) | (word(high) << 128n)) % (1n << BigInt(params.floodBits + 1));
        return piece - (1n << BigInt(params.floodBits));
      });
    });
    params.dataPrimes.forEach((q, prime) => {
      const weights = cdiCoefficients(params, subsets, 1, q);
      for (const slot of [0, 1, 2]) {
        const share = pieces.reduce((sum, own, i) => sum + at(own, slot) * at(weights, i), 0n);
        expect(shares[3 * prime + slot]).to.equal(mod(share, q));
      }
    });
    expect(params.floodBits).to.be.greaterThan(128);
  });

  it('are asked for under sets that have room for products only', () => {
    const plain = fheParams('tacit-8192-n4');
    const asked = () => confidentialBounds(plain, { ...RULE, parts: [10] }, 3, REPORTS, { factors: [1] });
    expect(codeOf(asked)).to.equal('tally/not-confidential');
  });

  it('[a total that wraps pays more than the pool]: rounds whose total could pass half of t have no bounds', () => {
    const params = fheParams('tacit-16384-n4');
    const n = 16n;
    const wraps = (gamma: bigint, reports: typeof REPORTS = []) =>
      codeOf(() =>
        confidentialBounds(params, { gamma, normSq: 1n << 20n, parts: [10] }, 16, reports, { factors: [1, 4] }),
      );
    // All updates against the direction: T = -3 n^2 normSq gamma.
    const total = (gamma: bigint): bigint => -3n * gamma * n * n * (1n << 20n);
    const shown = (gamma: bigint): bigint => centred(params, mod(total(gamma), params.t));
    const last = params.t / 2n / (3n * n * n * (1n << 20n));
    expect([shown(last), wraps(last)]).to.deep.equal([total(last), 'no error']);
    expect(shown(last + 1n) > 0n, 'what is lost is opened as a gain').to.equal(true);
    expect(wraps(last + 1n)).to.equal('tally/total-wraps');
    // 4 is the largest factor.
    const room = params.t / 2n - n * n * (1n << 20n);
    expect(wraps(1n, [{ points: 1n, total: room / 4n }])).to.equal('no error');
    expect(wraps(1n, [{ points: 1n, total: room / 4n + 1n }])).to.equal('tally/total-wraps');
  });
});
