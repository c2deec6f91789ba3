import { expect } from 'chai';
import * as fc from 'fast-check';
import { distanceBits, fheParams, KEY_TEST_VALUES, SECURE_PARAMS } from '../../../primitives/fhe/params.ts';
import { ceilSqrt } from '../../../primitives/fhe/sqrt.ts';
import { roundingNorm } from '../../../primitives/round/novelty.ts';
import {
  paidBy,
  partWeights,
  paymentOf,
  scoreBounds,
  scoredParts,
  squaredNorm,
  totalScore,
} from '../../../primitives/round/score.ts';
import { MAX_ITEMS } from '../../../primitives/round/limits.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { countHolders, countingItems } from '../../../primitives/round/holders.ts';

const LENGTH = 6;
const update = fc
  .array(fc.integer({ min: -127, max: 127 }), { minLength: LENGTH, maxLength: LENGTH })
  .map((v) => Int8Array.from(v));

const dot = (left: ArrayLike<number>, right: ArrayLike<number>): bigint =>
  Array.from(left).reduce((sum, x, j) => sum + BigInt(x) * BigInt(right[j] as number), 0n);

/** Items that count of a round where each names a holder. */
const counting = (holders: readonly string[], isShared = true): number[] =>
  countingItems({ holders: isShared }, [...holders.keys()], (item) => utf8(holders[item] as string));

/** Scores of a round whose items name holders: of what does not count, nothing. */
function scoresWith(
  updates: readonly Int8Array[],
  holders: readonly string[],
  g: Int8Array,
  past: readonly Int32Array[],
): bigint[] {
  const accepted = counting(holders);
  const aggregate = Int32Array.from(g, (_, j) => accepted.reduce((all, i) => all + (updates[i]?.[j] as number), 0));
  const v = partWeights({ discount: 75 }, accepted.length, { direction: g, aggregate, past });
  return updates.map((u, i) => (accepted.includes(i) ? dot(u, v) : 0n));
}

describe('items of one holder', () => {
  it('count once, the first that has passed; where the rule asks for no holders all count', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom('a', 'b', 'c', 'd'), { maxLength: 40 }), (holders) => {
        const items = counting(holders);
        expect(items).to.deep.equal([...new Set(holders)].map((holder) => holders.indexOf(holder)));
        expect(items.length).to.equal(countHolders(holders.map(utf8)));
        expect(counting(holders, false)).to.deep.equal([...holders.keys()]);
      }),
    );
    const late = countingItems({ holders: true }, [2, 5, 7], (item) => utf8(item === 5 ? 'b' : 'a'));
    expect(late, 'what failed the checks stands for nobody').to.deep.equal([2, 5]);
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
          const notes = counting(holders).map(
            (item) => payment.grains * stake + payment.rate * (scores[item] as bigint),
          );
          expect(notes.every((note) => note >= 0n)).to.equal(true);
          const paid = notes.reduce((sum, note) => sum + note, 0n) - payment.grains * stake * BigInt(notes.length);
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

  it('no weight is longer than 3nB and its rounding, no score is beyond its bound, whatever the past', () => {
    fc.assert(
      fc.property(
        fc.array(vector, { minLength: 1, maxLength: MAX_ITEMS }),
        vector,
        fc.array(past, { maxLength: 4 }),
        fc.integer({ min: 0, max: 100 }),
        (items, g, history, discount) => {
          const aggregate = Int32Array.from(g, (_, j) => items.reduce((sum, u) => sum + (u[j] as number), 0));
          const opened = {
            direction: Int8Array.from(g),
            aggregate,
            past: history.map((one) => Int32Array.from(one)),
          };
          const weights = partWeights({ discount }, items.length, opened);
          const [n, rounding] = [BigInt(items.length), roundingNorm(LENGTH)];
          const most = ceilSqrt(9n * n * n * normSq) + rounding;
          expect(squaredNorm(weights) <= most * most).to.equal(true);
          const rule = { gamma: 1n };
          const scored = scoredParts({ normSq, discount }, items.length, [opened]);
          const { phiBound, weightNorm } = scoreBounds(rule, scored, [], { factors: [1] });
          expect(weightNorm <= most).to.equal(true);
          const scores = items.map((u) => dot(u, weights));
          for (const score of scores) expect(score <= phiBound && -score <= phiBound).to.equal(true);
          // What is added up by the sum is what is added up by items.
          const total = scores.reduce((sum, score) => sum + score, 0n);
          expect(totalScore(rule, scored, 0n, { points: [] })).to.equal(total);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the openings of a round that is held against the past', () => {
  const [parts, items, normSq] = [2, 32, 1_000_000n];
  const [n, perItem] = [BigInt(items), BigInt(parts)];
  // |v'| <= 3nB + rounding: see docs/fairness.md.
  const weightNorm = perItem * (3n * n * ceilSqrt(normSq) + roundingNorm(4_096));
  const phiBound = ceilSqrt(normSq) * weightNorm;

  for (const id of SECURE_PARAMS) {
    it(`stay within noise and modulus, 32 items of two parts, ${id}`, () => {
      const params = fheParams(id);
      expect(n * weightNorm <= params.maxWeightNorm, 'weight norm of the total').to.equal(true);
      expect(2n * n * phiBound < params.t, 'scores').to.equal(true);
      // Counts and payouts are opened at the largest weight norm there is.
      const distance = distanceBits(params, [
        { values: KEY_TEST_VALUES * (params.f + 1), weightNorm: 1n },
        { values: 2 * params.degree, weightNorm: n },
        { values: 1 + items, weightNorm: params.maxWeightNorm },
      ]);
      expect(distance).to.be.at.least(params.lambda);
      // A rate of 32 grains a point, the least that a rule may come to, still fits.
      expect(32n * weightNorm <= params.maxWeightNorm, 'rate').to.equal(true);
    });
  }
});
