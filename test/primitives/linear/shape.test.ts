import { expect } from 'chai';
import * as fc from 'fast-check';
import { MAX_POLYNOMIALS, PLAIN_MODULUS as t } from '../../../primitives/fhe/params.ts';
import { linearBytes, linearShape, placesOf } from '../../../primitives/linear/shape.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';

const update = (values: number): LaneSpec => ({ lane: 'update', part: 0, values, digits: 2, offset: 128, normSq: 1n });
const usage = (values: number, digits: number, total = 0n): LaneSpec => ({
  lane: 'usage',
  part: 0,
  values,
  digits,
  offset: 0,
  total,
});
describe('the layout of a linear proof', () => {
  it('of 4,096 and 8,192 values of two digits is what the specification says', () => {
    expect(linearShape(update(4096))).to.deep.equal({
      digits: 8192,
      perValue: 2,
      wires: 342,
      rows: 24,
      range: 393,
      squares: 53,
      padding: 8,
    });
    expect(linearBytes(linearShape(update(4096)))).to.deep.equal({ deltas: 51_200, proof: 7_700, opened: 6_413 });
    expect(linearBytes(linearShape(update(8192)))).to.deep.equal({ deltas: 102_400, proof: 10_050, opened: 9_600 });
  });

  it('has a place for every digit, values whole in their row, and points enough for the degrees', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 600 }),
        fc.integer({ min: 1, max: 4 }),
        fc.boolean(),
        (values, digits, normed) => {
          const spec: LaneSpec = { ...usage(values, digits), ...(normed ? { normSq: 1n } : {}) };
          const shape = linearShape(spec);
          const { rows, wires, range, squares, padding } = shape;
          expect(rows * wires).to.equal(digits * (values + padding));
          expect(wires % digits).to.equal(0);
          expect(padding * digits).to.be.lessThan(wires);
          const degree = rows + 2;
          expect(range).to.equal(16 * degree - rows + 1);
          expect(squares).to.equal(normed ? 2 * degree + 1 : 0);
          expect(placesOf(shape).end).to.equal(digits * values + 3 * wires + 3 * range + squares);
        },
      ),
    );
  });

  it('is the shortest there is', () => {
    const words = ({ wires, range, squares }: ReturnType<typeof linearShape>): number => 3 * (wires + range) + squares;
    for (const values of [1, 7, 100, 1000]) {
      const least = Math.min(
        ...Array.from({ length: values }, (_, i) => {
          const rows = i + 1;
          return 3 * (2 * Math.ceil(values / rows) + 15 * rows + 33) + 2 * (rows + 2) + 1;
        }),
      );
      expect(words(linearShape(update(values)))).to.equal(least);
    }
  });

  it('has rows few enough that a column needs one reduction, in the largest lanes there may be', () => {
    const values = MAX_POLYNOMIALS * 8192;
    for (const digits of [1, 2, 3, 12]) {
      const { total: _, ...spec } = usage(Math.floor((2 * values) / digits), digits);
      const { rows } = linearShape({ ...spec, lane: 'counts' });
      expect(rows).to.be.within(60, 75);
      // Three products of masks below 2^51 each, and digits of 15.
      expect(3n * (1n << 51n) + BigInt(rows) * 15n * (t - 1n) < 1n << 64n).to.equal(true);
    }
  });
});
