import { expect } from 'chai';
import * as fc from 'fast-check';
import { isTacitError } from '../../../primitives/errors.ts';
import { completeNorm } from '../../../primitives/proofs/norm.ts';

const normOf = (values: Iterable<number>): bigint => [...values].reduce((sum, x) => sum + BigInt(x) * BigInt(x), 0n);

describe('completing a vector to a fixed norm', () => {
  it('reaches every remainder up to 127 squared exactly', () => {
    for (let rest = 0; rest <= 127 * 127; rest++) {
      const spare = completeNorm([], BigInt(rest));
      if (normOf(spare) !== BigInt(rest)) expect.fail(`remainder ${rest}`);
    }
  });

  it('keeps the coordinates and fits two digits', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: -128, max: 127 }), { maxLength: 60 }),
        fc.integer({ min: 0, max: 40000 }),
        (u, rest) => {
          const full = completeNorm(u, normOf(u) + BigInt(rest));
          expect([...full.subarray(0, u.length)]).deep.equal(u);
          expect(normOf(full)).equal(normOf(u) + BigInt(rest));
          for (const x of full) expect(x).within(-128, 127);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('refuses a vector that is too long or far too short', () => {
    for (const [u, normSq] of [
      [[3, 4], 24n],
      [[0], 4n * 127n * 127n + 1n],
    ] as const) {
      expect(() => completeNorm(u, normSq)).to.satisfy((run: () => unknown) => {
        try {
          run();
        } catch (error) {
          return isTacitError(error, 'proofs/norm-out-of-reach');
        }
        return false;
      });
    }
  });
});
