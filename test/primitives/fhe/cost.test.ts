import { expect } from 'chai';
import * as fc from 'fast-check';
import { checkBlocksOf, isCheckable, MAX_CHECK_BLOCKS, stepBlocksOf } from '../../../pallets/committee/deadlines.ts';
import { checkCost, type CheckWork } from '../../../primitives/fhe/cost.ts';
import { fheParamsFor } from '../../../primitives/fhe/params.ts';
import { MAX_ITEMS, MAX_UPDATES } from '../../../primitives/round/limits.ts';

/** A round of `items` contributors with `parts` full parts each and one usage report. */
const round = (items: number, parts: number): CheckWork => ({
  lanes: [
    { count: items * parts, values: 8192, digits: 2 },
    { count: 1, values: items, digits: 8 },
  ],
  items,
});

describe('the cost of a check', () => {
  it('counts twice what was measured, and not much more', () => {
    // Milliseconds of a core on the machine of docs/figures.md, by `npm run checks`: per payload of a few values and of 8,192 of two digits, and per enrolment.
    const MEASURED_MS = { 4: [5.0, 9.1, 0.43], 7: [9.5, 18, 1.6], 10: [34, 61, 8.5] } as const;
    for (const n of [4, 7, 10] as const) {
      const lane = (values: number, count: number): CheckWork => ({ lanes: [{ count, values, digits: 2 }], items: 0 });
      const cost = (work: CheckWork): number => checkCost(fheParamsFor(n), work) / 1_000;
      const each = (values: number): number => cost(lane(values, 1)) - cost(lane(values, 0));
      const counted = [each(5), each(8_192), cost({ lanes: [], items: 1 })];
      for (const [i, measured] of MEASURED_MS[n].entries())
        expect(counted[i], `${n} members, figure ${i}`).to.be.within(1.9 * measured, 2.5 * measured);
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

  it('lets every committee check the largest rounds in time, and no round that is much larger', () => {
    for (const n of [4, 7, 10] as const)
      for (const [items, parts] of [
        [MAX_ITEMS, 1],
        [MAX_UPDATES / 4, 4],
      ] as const)
        expect(isCheckable(fheParamsFor(n), round(items, parts)), `${n} members, ${parts} parts`).to.equal(true);
    expect(isCheckable(fheParamsFor(10), round(MAX_ITEMS + 100, 1))).to.equal(false);
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
