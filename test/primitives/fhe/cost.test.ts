import { expect } from 'chai';
import * as fc from 'fast-check';
import { checkBlocksOf, isCheckable, MAX_CHECK_BLOCKS, stepBlocksOf } from '../../../pallets/committee/deadlines.ts';
import { checkCost, type CheckWork } from '../../../primitives/fhe/cost.ts';
import { fheParamsFor } from '../../../primitives/fhe/params.ts';

/** A round of `items` contributors with `parts` full parts each and one usage report. */
const round = (items: number, parts: number): CheckWork => ({
  lanes: [
    { count: items * parts, values: 8192, digits: 2 },
    { count: 1, values: items, digits: 8 },
  ],
  items,
});

describe('the cost of a check', () => {
  it('bounds what was measured of a full payload, and not by far', () => {
    // Milliseconds of a core per payload of 8,192 values and two digits, on the machine of docs/figures.md.
    for (const [n, measured] of [
      [4, 26],
      [7, 80],
      [10, 345],
    ] as const) {
      const cost = checkCost(fheParamsFor(n), { lanes: [{ count: 1, values: 8192, digits: 2 }], items: 0 }) / 1_000;
      expect(cost, `n = ${n}`).to.be.within(measured, 1.5 * measured);
    }
  });

  it('gives a demonstration of seven validators the time that two loaded cores need', () => {
    const params = fheParamsFor(7);
    const work = round(8, 2);
    // Seven members share two cores: each takes three and a half times as long as on a core of its own.
    const needed = (3.5 * checkCost(params, work)) / 2_000_000;
    expect(stepBlocksOf(params, 15) + checkBlocksOf(params, work)).to.be.greaterThan(2 * needed);
    expect(stepBlocksOf(params, 15)).to.equal(27);
    expect(stepBlocksOf(fheParamsFor(4), 15)).to.equal(15);
  });

  it('takes what four and seven members can check, and refuses what ten cannot', () => {
    expect(isCheckable(fheParamsFor(4), round(1_000, 1))).to.equal(true);
    expect(isCheckable(fheParamsFor(7), round(1_000, 1))).to.equal(true);
    expect(isCheckable(fheParamsFor(10), round(245, 1))).to.equal(true);
    expect(isCheckable(fheParamsFor(10), round(250, 1))).to.equal(false);
  });

  it('grows with everything that is more work', () => {
    const count = fc.integer({ min: 0, max: 200 });
    fc.assert(
      fc.property(
        fc.constantFrom(4, 7, 10),
        count,
        count,
        fc.integer({ min: 1, max: 8192 }),
        (n, items, more, values) => {
          const params = fheParamsFor(n);
          const work = (of: number): CheckWork => ({ lanes: [{ count: of, values, digits: 2 }], items: of });
          expect(checkCost(params, work(items + more))).to.be.at.least(checkCost(params, work(items)));
          expect(Number.isSafeInteger(checkCost(params, work(items)))).to.equal(true);
          const blocks = checkBlocksOf(params, work(items));
          expect(isCheckable(params, work(items))).to.equal(blocks <= MAX_CHECK_BLOCKS);
        },
      ),
    );
  });
});
