import { expect } from 'chai';
import * as fc from 'fast-check';
import { countedFactors, MAX_FACTOR } from '../../../primitives/round/index.ts';

const many = (factor: number, count: number): number[] => Array.from({ length: count }, () => factor);

describe('factors of counts', () => {
  it('count where each is held by enough, the number 1 included', () => {
    expect(countedFactors(3, [2, 2, 2])).to.deep.equal([2, 2, 2]);
    expect(countedFactors(3, [1, 2, 1, 2, 1, 2])).to.deep.equal([1, 2, 1, 2, 1, 2]);
    expect(countedFactors(3, [])).to.deep.equal([]);
  });

  it('give way at the border: one too few of them, or one too few without', () => {
    for (const k of [1, 2, 3, 8]) {
      const full = [...many(4, k), ...many(1, k)];
      expect(countedFactors(k, full), `${k} of each`).to.deep.equal(full);
      expect(countedFactors(k, [...many(4, k - 1), ...many(1, k)])).to.deep.equal(many(1, 2 * k - 1));
      // Who has none is hidden by who has one: the sum of the few would be the rest.
      expect(countedFactors(k, [...many(4, k), ...many(1, k - 1)]), `${k - 1} without`).to.deep.equal(
        k === 1 ? [4] : many(1, 2 * k - 1),
      );
    }
  });

  it('give way to the next lower one, and to no more than needed', () => {
    expect(countedFactors(2, [16, 4, 4, 1, 1])).to.deep.equal([4, 4, 4, 1, 1]);
    expect(countedFactors(2, [16, 4, 2, 2, 1, 1])).to.deep.equal([4, 4, 2, 2, 1, 1]);
    expect(countedFactors(2, [5, 5, 3, 3, 1])).to.deep.equal([5, 5, 1, 1, 1]);
    expect(countedFactors(3, [9, 7, 5])).to.deep.equal([5, 5, 5]);
  });

  it('leave nobody among fewer than kMin, never rise, and look at nothing but what is stated', () => {
    const rounds = fc.record({
      k: fc.integer({ min: 1, max: 6 }),
      more: fc.array(fc.integer({ min: 1, max: MAX_FACTOR }), { maxLength: 26 }),
      few: fc.array(fc.constantFrom(1, 2, 3), { minLength: 6, maxLength: 6 }),
    });
    let kept = 0;
    fc.assert(
      fc.property(rounds, ({ k, more, few }) => {
        const stated = [...few, ...more];
        const counted = countedFactors(k, stated);
        kept += counted.some((factor) => factor > 1) ? 1 : 0;
        for (const size of Map.groupBy(counted, (factor) => factor).values())
          expect(size.length >= k, `${stated.join()} with ${k}`).to.equal(true);
        counted.forEach((factor, i) => expect(factor >= 1 && factor <= (stated[i] as number)).to.equal(true));
        // The order of items decides nothing.
        expect(countedFactors(k, stated.toReversed()).toReversed()).to.deep.equal(counted);
        for (const [i, one] of stated.entries())
          expect(counted[stated.indexOf(one)], 'who states the same has the same').to.equal(counted[i]);
      }),
      { numRuns: 3_000 },
    );
    expect(kept).to.be.greaterThan(500);
  });
});
