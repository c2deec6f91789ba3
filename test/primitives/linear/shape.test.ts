import { expect } from 'chai';
import * as fc from 'fast-check';
import { PLAIN_MODULUS as t } from '../../../primitives/fhe/params.ts';
import { linearBytes, linearShape, MAX_POLYNOMIALS, placesOf } from '../../../primitives/linear/shape.ts';
import type { LaneSpec } from '../../../primitives/proofs/lane.ts';
import { codeOf } from '../fhe/support.ts';

const update = (values: number): LaneSpec => ({ lane: 'update', part: 0, values, digits: 2, offset: 128, normSq: 1n });
const usage = (values: number, digits: number, total = 0n): LaneSpec => ({
  lane: 'usage',
  part: 0,
  values,
  digits,
  offset: 0,
  total,
});
const meter = (counts: number, digits: number): LaneSpec => ({
  lane: 'meter',
  part: 0,
  values: 4 * counts,
  digits,
  offset: 0,
  total: 1n,
  bounds: Array.from({ length: counts }, () => 1n),
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

  it('refuses lanes whose claims could wrap modulo t: an equation of integers is one modulo t only below it', () => {
    // 64 places of 11 digits come to at most 2^50 - 64, and t is 2^50 - 27.
    expect(codeOf(() => linearShape(usage(64, 11)))).to.equal('no error');
    expect(codeOf(() => linearShape(usage(65, 11)))).to.equal('linear/lane');
    expect(codeOf(() => linearShape(usage(1, 2, t)))).to.equal('linear/lane');
    expect(codeOf(() => linearShape({ ...update(4), normSq: t }))).to.equal('linear/lane');
    // Squares of 24 bits: 4 of them stay below t, 4,096 do not.
    const wide: LaneSpec = { ...update(4), digits: 6, offset: 2 ** 23 };
    expect(codeOf(() => linearShape(wide))).to.equal('no error');
    expect(codeOf(() => linearShape({ ...wide, values: 4096 }))).to.equal('linear/lane');
    expect(codeOf(() => linearShape(meter(256, 10)))).to.equal('no error');
    expect(codeOf(() => linearShape(meter(256, 11)))).to.equal('linear/lane');
    // Without a claim nothing can wrap: every value is below 2^48.
    const { total: _, ...counts } = usage(64, 12);
    expect(codeOf(() => linearShape({ ...counts, lane: 'counts' }))).to.equal('no error');
  });

  it('has rows few enough that a column needs one reduction, in the largest lanes there may be', () => {
    const values = MAX_POLYNOMIALS * 8192;
    for (const digits of [1, 2, 3, 12]) {
      const { total: _, ...spec } = usage(Math.floor((2 * values) / digits), digits);
      const { rows } = linearShape({ ...spec, lane: 'counts' });
      expect(rows).to.be.within(170, 200);
      // Three products of masks below 2^51 each, and digits of 15.
      expect(3n * (1n << 51n) + BigInt(rows) * 15n * (t - 1n) < 1n << 64n).to.equal(true);
    }
  });
});
