import { expect } from 'chai';
import * as fc from 'fast-check';
import { joinParts, partLengths, quantise } from '../../../client/sdk/quantise.ts';

const NORM_SQ = 1_000_000n;
const squared = (values: Int8Array) => values.reduce((sum, x) => sum + BigInt(x * x), 0n);

describe('client/sdk/quantise', () => {
  it('every part meets the norm exactly, whatever the scale of the update', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 600, maxLength: 700 }),
        fc.double({ min: -8, max: 8, noNaN: true }),
        (values, exponent) => {
          const update = Float64Array.from(values, (x, j) => (x + (j % 7 < 2 ? 0.5 : 0.01)) * 10 ** exponent);
          for (const count of [1, 2, 3]) {
            const parts = quantise(update, NORM_SQ, count);
            expect(parts.map((part) => part.length)).to.deep.equal(partLengths(update.length, count));
            for (const part of parts) {
              expect(squared(part)).to.equal(NORM_SQ);
              expect(part.every((x) => x >= -127)).to.equal(true);
            }
          }
        },
      ),
      { numRuns: 20 },
    );
  });

  it('keeps the direction', () => {
    const update = Float64Array.from({ length: 7850 }, (_, j) => Math.sin(j * j) * 1e-3);
    const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, x, j) => sum + x * (b[j] as number), 0);
    for (const count of [1, 2]) {
      const back = joinParts(quantise(update, NORM_SQ, count), update.length);
      const cosine = dot(update, back) / Math.sqrt(dot(update, update) * dot(back, back));
      expect(cosine).to.be.above(0.998);
    }
  });

  it('gets past a jump of the norm: all coordinates of one size', () => {
    for (const part of quantise(new Float64Array(7850).fill(-3), NORM_SQ)) expect(squared(part)).to.equal(NORM_SQ);
  });

  it('needs one part for what a polynomial carries; more split neighbours apart, and join them again', () => {
    expect(partLengths(7850)).to.deep.equal([7854]);
    expect(partLengths(8188)).to.deep.equal([8192]);
    expect(partLengths(8189)).to.deep.equal([4099, 4098]);
    expect(partLengths(4 * 8188)).to.deep.equal([8192, 8192, 8192, 8192]);
    expect(partLengths(7, 2)).to.deep.equal([8, 7]);
    const joined = joinParts([Int8Array.of(1, 3, 5, 9, 9, 9, 9), Int8Array.of(2, 4, 9, 9, 9, 9)], 5);
    expect([...joined]).to.deep.equal([1, 2, 3, 4, 5]);
  });

  it('refuses what has no direction or cannot be that long', () => {
    const normal = new Float64Array(1000).fill(1);
    expect(() => quantise(normal.with(3, Number.NaN), NORM_SQ)).to.throw('finite');
    expect(() => quantise(new Float64Array(1000), NORM_SQ)).to.throw('zero');
    expect(() =>
      quantise(
        normal.map((_, j) => j % 2),
        NORM_SQ,
        2,
      ),
    ).to.throw('zero');
    expect(() => quantise(new Float64Array(1000).with(0, 1).with(1, 1), NORM_SQ)).to.throw('sparse');
    expect(() => quantise(normal, 0n)).to.throw('squared norm');
  });
});
