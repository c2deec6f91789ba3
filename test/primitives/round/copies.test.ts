import { expect } from 'chai';
import * as fc from 'fast-check';
import { distanceBits, fheParams, KEY_TEST_VALUES, SECURE_PARAMS } from '../../../primitives/fhe/params.ts';
import { ceilSqrt } from '../../../primitives/fhe/sqrt.ts';
import { noveltyWeights, roundingNorm } from '../../../primitives/round/novelty.ts';
import {
  paidBy,
  partWeights,
  paymentOf,
  publicTerms,
  scoreBounds,
  shapleyWeights,
  squaredNorm,
  totalScore,
} from '../../../primitives/round/score.ts';
import { MAX_ITEMS } from '../../../primitives/round/limits.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import {
  likenessCounts,
  copyWeights,
  copyWeight,
  holderCounts,
  itemWeights,
  WHOLE_WEIGHT,
} from '../../../primitives/round/copies.ts';

const LENGTH = 6;
const update = fc
  .array(fc.integer({ min: -127, max: 127 }), { minLength: LENGTH, maxLength: LENGTH })
  .map((v) => Int8Array.from(v));

const dot = (left: ArrayLike<number>, right: ArrayLike<number>): bigint =>
  Array.from(left).reduce((sum, x, j) => sum + BigInt(x) * BigInt(right[j] as number), 0n);

/** Scores of a round whose items name holders. */
function scoresWith(
  updates: readonly Int8Array[],
  holders: readonly string[],
  g: Int8Array,
  past: readonly Int32Array[],
): bigint[] {
  const { weights, total } = copyWeights(holderCounts(holders));
  const sum = Int32Array.from(g, (_, j) =>
    updates.reduce((all, u, i) => all + Number(weights[i]) * (u[j] as number), 0),
  );
  const v = noveltyWeights(shapleyWeights(Number(total), g, sum), past, 75, WHOLE_WEIGHT);
  return updates.map((u, i) => (weights[i] as bigint) * dot(u, v));
}

describe('shared rewards', () => {
  it('all items of a holder together weigh no more than one, and more than half of it', () => {
    for (let count = 1; count <= 60; count++) {
      const together = copyWeight(count) * BigInt(count);
      expect(together <= WHOLE_WEIGHT && 2n * together > WHOLE_WEIGHT, `${count}`).to.equal(true);
    }
    expect(copyWeight(61)).to.equal(0n);
    for (const count of [0, -1, 1.5]) expect(() => copyWeight(count)).to.throw('itself');
  });

  it('weights add up to the total, at most 60 for each holder', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 }), (holders) => {
        const counts = holderCounts(holders);
        const { weights, total } = copyWeights(counts);
        expect(weights.reduce((sum, weight) => sum + weight, 0n)).to.equal(total);
        expect(total <= WHOLE_WEIGHT * BigInt(new Set(holders).size)).to.equal(true);
        holders.forEach((holder, i) => expect(counts[i]).to.equal(holders.filter((other) => other === holder).length));
      }),
    );
  });

  it('copies of one holder earn exactly what one item earns, and take nothing from others [28 copies took 91 % of the pool]', () => {
    fc.assert(
      fc.property(
        fc.array(update, { minLength: 2, maxLength: 6 }),
        update,
        fc.array(update, { maxLength: 2 }),
        fc.constantFrom(2, 3, 4, 5, 6, 10, 30, 60),
        (updates, g, past, count) => {
          const aggregates = past.map((a) => Int32Array.from(a));
          const others = updates.map((_, i) => `other ${i}`);
          const copied = updates[0] as Int8Array;
          const one = scoresWith([...updates, copied], [...others, 'me'], g, aggregates);
          const copies = Array.from({ length: count }, () => copied);
          const many = scoresWith([...updates, ...copies], [...others, ...copies.map(() => 'me')], g, aggregates);
          expect(many.slice(0, updates.length)).to.deep.equal(one.slice(0, updates.length));
          expect(many.slice(updates.length).reduce((sum, score) => sum + score, 0n)).to.equal(one.at(-1));
        },
      ),
    );
  });

  it('without copies and past, scores are today’s, sixty times', () => {
    fc.assert(
      fc.property(fc.array(update, { minLength: 1, maxLength: 6 }), update, (updates, g) => {
        const sum = Int32Array.from(g, (_, j) => updates.reduce((all, u) => all + (u[j] as number), 0));
        const today = updates.map((u) => dot(u, shapleyWeights(updates.length, g, sum)));
        const holders = updates.map((_, i) => `${i}`);
        expect(scoresWith(updates, holders, g, [])).to.deep.equal(today.map((score) => WHOLE_WEIGHT * score));
      }),
    );
  });

  it('money is conserved: notes of a round with shares and news add up to what the payment takes from the pool', () => {
    fc.assert(
      fc.property(
        fc.array(update, { minLength: 3, maxLength: 8 }),
        update,
        update,
        fc.bigInt({ min: 1n, max: 1n << 40n }),
        (updates, g, past, pool) => {
          const holders = updates.map((_, i) => `${Math.floor(i / 2)}`);
          const scores = scoresWith(updates, holders, g, [Int32Array.from(past)]);
          const total = scores.reduce((sum, score) => sum + score, 0n);
          const phiBound = scores.reduce((most, score) => (score < -most ? -score : most), 1n);
          const stake = 1n << 40n;
          const terms = { tMin: 1n, pool, stake, maxItems: updates.length };
          const payment = paymentOf(terms, total, { phiBound, weightNorm: 1n }, 1n << 42n);
          const notes = scores.map((score) => payment.grains * stake + payment.rate * score);
          expect(notes.every((note) => note >= 0n)).to.equal(true);
          const paid = notes.reduce((sum, note) => sum + note, 0n) - payment.grains * stake * BigInt(updates.length);
          expect(paid).to.equal(payment.rate * total);
          expect(paidBy(payment, total) <= pool).to.equal(true);
        },
      ),
    );
  });
});

describe('weights at the bounds', () => {
  const extreme = fc.constantFrom(-127, -126, 0, 1, 126, 127);
  const vector = fc.array(extreme, { minLength: LENGTH, maxLength: LENGTH });
  const past = fc.array(fc.constantFrom(-(2 ** 25), -243_840, 0, 1, 243_840, 2 ** 25), {
    minLength: LENGTH,
    maxLength: LENGTH,
  });
  /** The same squared norm for all: that of a vector of which every coordinate has the largest size. */
  const normSq = BigInt(LENGTH * 127 * 127);

  it('no weight is longer than 3nB and its rounding, no score is beyond its bound, whatever the past and whoever shares', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(vector, fc.constantFrom('a', 'b', 'c', 'd')), { minLength: 1, maxLength: MAX_ITEMS }),
        vector,
        fc.array(past, { maxLength: 4 }),
        fc.integer({ min: 0, max: 100 }),
        fc.boolean(),
        (items, g, history, discount, holders) => {
          const names = items.map(([, name], i) => utf8(holders ? name : `${i}`));
          const copies = itemWeights({ holders }, names);
          expect(copies.weights.every((weight) => weight > 0n)).to.equal(true);
          const aggregate = Int32Array.from(g, (_, j) =>
            items.reduce((sum, [u], i) => sum + Number(copies.weights[i]) * (u[j] as number), 0),
          );
          const opened = {
            direction: Int8Array.from(g),
            aggregate,
            past: history.map((one) => Int32Array.from(one)),
          };
          const weights = partWeights({ discount, holders }, copies.total, opened);
          const [n, rounding] = [BigInt(items.length), roundingNorm(LENGTH)];
          const most = ceilSqrt(9n * n * n * normSq) + rounding;
          expect(squaredNorm(weights) <= most * most).to.equal(true);
          const rule = { gamma: 1n, normSq };
          const { phiBound, weightNorm } = scoreBounds(rule, [weights], [], { factors: [1], copies });
          expect(weightNorm <= (holders ? 60n : 1n) * most).to.equal(true);
          items.forEach(([u], i) => {
            const score = (copies.weights[i] as bigint) * dot(u, weights);
            expect(score <= phiBound && -score <= phiBound).to.equal(true);
          });
          // What is added up by the sum is what is added up by items.
          const total = items.reduce((sum, [u], i) => sum + (copies.weights[i] as bigint) * dot(u, weights), 0n);
          expect(totalScore(rule, [weights], [aggregate], 0n, { points: [] })).to.equal(total);
        },
      ),
      { numRuns: 300 },
    );
  });

  it('a base is shared too, and rules that share nothing have whole ones', () => {
    const items = ['a', 'a', 'a', 'b'].map((name) => ({ holder: utf8(name), standing: 7n, factor: 1 }));
    const rule = { base: 100n, kMin: 1 };
    expect(publicTerms({ ...rule, holders: true }, items).points).to.deep.equal([40n, 40n, 40n, 107n]);
    const apart = items.map((item, i) => ({ ...item, holder: utf8(`${i}`) }));
    expect(publicTerms({ ...rule, holders: false }, apart).points).to.deep.equal([107n, 107n, 107n, 107n]);
  });
});

describe('the openings of a round with shared rewards', () => {
  const [parts, items, normSq] = [2, 32, 1_000_000n];
  const [n, perItem] = [BigInt(items), WHOLE_WEIGHT * BigInt(parts)];
  // |v'| <= 3nB + rounding: see docs/fairness.md.
  const weightNorm = perItem * (3n * n * ceilSqrt(normSq) + roundingNorm(4_096));
  const phiBound = ceilSqrt(normSq) * weightNorm;

  for (const id of SECURE_PARAMS) {
    it(`stay within noise and modulus, 32 items of two parts, ${id}`, () => {
      const params = fheParams(id);
      expect(n * weightNorm <= params.maxWeightNorm, 'weight norm of the total').to.equal(true);
      expect(2n * n * phiBound < params.t, 'scores').to.equal(true);
      // The aggregate weighs each item sixty times; total and payouts are opened at the largest weight norm there is.
      const distance = distanceBits(params, [
        { values: KEY_TEST_VALUES * (params.f + 1), weightNorm: 1n },
        { values: 2 * params.degree, weightNorm: WHOLE_WEIGHT * n },
        { values: 1 + items, weightNorm: params.maxWeightNorm },
      ]);
      expect(distance).to.be.at.least(params.lambda);
      // A rate of 32 grains a point, the least that a rule may come to, still fits.
      expect(32n * weightNorm <= params.maxWeightNorm, 'rate').to.equal(true);
    });
  }
});

describe('likeness', () => {
  const products = (updates: readonly Int8Array[]): bigint[][] => updates.map((u) => updates.map((w) => dot(u, w)));

  it('counts copies, whatever their scale, and nothing that is opposite or at right angles', () => {
    const items = [
      Int8Array.of(3, 4),
      Int8Array.of(6, 8),
      Int8Array.of(-3, -4),
      Int8Array.of(4, -3),
      Int8Array.of(0, 0),
    ];
    expect(likenessCounts(products(items), 97)).to.deep.equal([2, 2, 1, 1, 1]);
  });

  it('has its threshold where it says: cosines of 0.6 and 0.8', () => {
    const items = [Int8Array.of(5, 0), Int8Array.of(3, 4)];
    expect(likenessCounts(products(items), 60)).to.deep.equal([2, 2]);
    expect(likenessCounts(products(items), 61)).to.deep.equal([1, 1]);
    const others = [Int8Array.of(5, 0), Int8Array.of(4, 3)];
    expect(likenessCounts(products(others), 80)).to.deep.equal([2, 2]);
    expect(likenessCounts(products(others), 81)).to.deep.equal([1, 1]);
  });

  it('an item between two others does not put them together', () => {
    const [left, between, right] = [Int8Array.of(100, 0), Int8Array.of(90, 43), Int8Array.of(62, 78)];
    expect(likenessCounts(products([left, between, right]), 85)).to.deep.equal([2, 3, 2]);
  });

  it('refuses what is no matrix of inner products', () => {
    expect(() => likenessCounts([[1n, 2n]], 90)).to.throw('inner products');
    expect(() =>
      likenessCounts(
        [
          [1n, 2n],
          [3n, 1n],
        ],
        90,
      ),
    ).to.throw('inner products');
    expect(() => likenessCounts([[-1n]], 90)).to.throw('inner products');
    expect(() => likenessCounts([[1n], [2n, 1n]], 90)).to.throw('inner products');
    expect(() => likenessCounts([[1n, 2n], [2n]], 90)).to.throw('inner products');
    for (const likeness of [0, 101, 1.5]) expect(() => likenessCounts([[1n]], likeness)).to.throw('hundredths');
  });
});
