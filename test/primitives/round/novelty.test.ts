import { expect } from 'chai';
import * as fc from 'fast-check';
import { ceilSqrt } from '../../../primitives/fhe/sqrt.ts';
import {
  exactInnerProduct,
  MAX_COORDINATE,
  MAX_PAST,
  noveltyWeights,
  roundingNorm,
} from '../../../primitives/round/novelty.ts';
import { scoreBounds, scoredParts, shapleyWeights, squaredNorm } from '../../../primitives/round/score.ts';

const vectorOf = (length: number, most: number): fc.Arbitrary<Int32Array> =>
  fc
    .array(fc.integer({ min: -most, max: most }), { minLength: length, maxLength: length })
    .map((v) => Int32Array.from(v));

/** Weights and up to four aggregates of one length. */
const rounds = fc
  .integer({ min: 1, max: 12 })
  .chain((length) =>
    fc.tuple(
      vectorOf(length, 50_000),
      fc.array(vectorOf(length, 4_000), { maxLength: MAX_PAST }),
      fc.integer({ min: 0, max: 100 }),
    ),
  );

describe('weights of what is new', () => {
  it('are the weights themselves without a past, or if nothing is taken out', () => {
    fc.assert(
      fc.property(rounds, ([weights, past]) => {
        expect([...noveltyWeights(weights, [], 80)]).to.deep.equal([...weights]);
        expect([...noveltyWeights(weights, past, 0)]).to.deep.equal([...weights]);
      }),
    );
  });

  it('pay a replay what is left of the projection, to the rounding: nothing at 100 %', () => {
    fc.assert(
      fc.property(rounds, ([weights, past, discount]) => {
        const news = noveltyWeights(weights, past, discount);
        for (const aggregate of past) {
          // 100 * <a, v'> against (100 - discount) * <a, v>: apart by the rounding of each coordinate, half a unit.
          const apart =
            100n * exactInnerProduct(news, aggregate) - BigInt(100 - discount) * exactInnerProduct(weights, aggregate);
          const sum = aggregate.reduce((all, x) => all + Math.abs(x), 0);
          expect(apart < 0n ? -apart : apart).to.satisfy((size: bigint) => size <= 50n * BigInt(sum));
        }
      }),
      { numRuns: 300 },
    );
  });

  it('leave what is at right angles to the past as it was', () => {
    const past = [Int32Array.of(3, 4, 0, 0)];
    expect([...noveltyWeights(Int32Array.of(-4, 3, 7, -2), past, 100)]).to.deep.equal([-4, 3, 7, -2]);
    expect([...noveltyWeights(Int32Array.of(10, 0, 7, 1), past, 100)]).to.deep.equal([6, -5, 7, 1]); // 10 - 3.6, 0 - 4.8
    expect([...noveltyWeights(Int32Array.of(10, 0, 7, 1), past, 50)]).to.deep.equal([8, -2, 7, 1]); // 10 - 1.8, 0 - 2.4
  });

  it('do not change with the scale of the past, nor with aggregates that are combinations of others, nor with zero', () => {
    fc.assert(
      fc.property(
        rounds,
        fc.integer({ min: -9, max: 9 }).filter((k) => k !== 0),
        ([weights, past, discount], factor) => {
          const news = [...noveltyWeights(weights, past, discount)];
          const scaled = past.map((aggregate) => aggregate.map((x) => x * factor));
          expect([...noveltyWeights(weights, scaled, discount)]).to.deep.equal(news);
          const two = past.slice(0, 2);
          const [a, b] = two;
          const more = a && b ? [...two, a.map((x, j) => x - 2 * (b[j] as number)), a.map(() => 0)] : two;
          expect([...noveltyWeights(weights, more, discount)]).to.deep.equal([
            ...noveltyWeights(weights, two, discount),
          ]);
        },
      ),
    );
  });

  it('round halves up, of negative numbers too', () => {
    // Half of the projection on (1, 1): a fourth of the sum is taken from each.
    const past = [Int32Array.of(1, 1)];
    expect([...noveltyWeights(Int32Array.of(1, 1), past, 50)]).to.deep.equal([1, 1]); // 0.5
    expect([...noveltyWeights(Int32Array.of(-1, -1), past, 50)]).to.deep.equal([0, 0]); // -0.5
    expect([...noveltyWeights(Int32Array.of(-3, -3), past, 50)]).to.deep.equal([-1, -1]); // -1.5
    expect([...noveltyWeights(Int32Array.of(5, 2), past, 50)]).to.deep.equal([3, 0]); // 3.25, 0.25
  });

  it('are no longer than the weights and the rounding: the bounds of scores and noise grow by that alone', () => {
    fc.assert(
      fc.property(rounds, ([weights, past, discount]) => {
        const news = noveltyWeights(weights, past, discount);
        const most = ceilSqrt(squaredNorm(weights)) + roundingNorm(weights.length);
        expect(squaredNorm(news) <= most * most).to.equal(true);
      }),
      { numRuns: 300 },
    );
    for (const values of [1, 4, 5, 4_096, 8_192]) {
      expect(4n * roundingNorm(values) ** 2n >= BigInt(values)).to.equal(true);
    }
  });

  it('keep the bound of a score: no update of the norm passes it', () => {
    const small = vectorOf(6, 127);
    fc.assert(
      fc.property(
        small,
        small,
        vectorOf(6, 127 * 5),
        fc.array(vectorOf(6, 127 * 5), { maxLength: 3 }),
        (u, g, sum, past) => {
          const news = noveltyWeights(shapleyWeights(5, Int8Array.from(g), sum), past, 75);
          const opened = { direction: Int8Array.from(g), aggregate: sum, past };
          const scored = scoredParts({ normSq: squaredNorm(u), discount: 75 }, 5, [opened]);
          const { phiBound } = scoreBounds({ gamma: 1n }, scored, [], { factors: [1] });
          const score = exactInnerProduct(u, news);
          expect(score <= phiBound && -score <= phiBound).to.equal(true);
        },
      ),
    );
  });

  it('inner products are exact at the largest coordinates', () => {
    const most = Int32Array.from({ length: 8_192 }, (_, j) => (j % 3 === 0 ? MAX_COORDINATE : MAX_COORDINATE - 1));
    const exact = most.reduce((sum, x) => sum + BigInt(x) * BigInt(x), 0n);
    expect(exact > 2n ** 53n).to.equal(true);
    expect(exactInnerProduct(most, most)).to.equal(exact);
    expect(
      exactInnerProduct(
        most,
        most.map((x) => -x),
      ),
    ).to.equal(-exact);
  });

  it('are refused with discounts, pasts and sizes out of bounds', () => {
    const v = Int32Array.of(1, 2);
    for (const discount of [-1, 101, 0.5, Number.NaN]) {
      expect(() => noveltyWeights(v, [v], discount)).to.throw('hundredths');
    }
    expect(() => noveltyWeights(v, [v, v, v, v, v], 50)).to.throw('at most 4');
    expect(() => noveltyWeights(v, [Int32Array.of(1)], 50)).to.throw('length');
    expect(() => noveltyWeights(v, [Int32Array.of(1, MAX_COORDINATE + 1)], 50)).to.throw('larger');
    expect(() => noveltyWeights(v, [Int32Array.of(1, -MAX_COORDINATE - 1)], 50)).to.throw('larger');
  });
});
