import { expect } from 'chai';
import * as fc from 'fast-check';
import { linearTables, leftSide, rightSide } from '../../../primitives/linear/check.ts';
import { uniformPlain, uniformPoint } from '../../../primitives/linear/field.ts';
import { digitWords, openWires, proveRange } from '../../../primitives/linear/prove.ts';
import { linearShape, placesOf } from '../../../primitives/linear/shape.ts';
import { digitsOf, type LaneSpec } from '../../../primitives/proofs/lane.ts';
import { codeOf, contextOf, prgOf } from '../fhe/support.ts';
import { elementOf, elementsOf, real as M, tableOf } from './support/words.ts';

const context = contextOf('tacit-test-256-n4');

interface Drawn {
  spec: LaneSpec;
  digits: Uint8Array;
  seed: string;
}

/** Lanes with values that keep to them: norms, totals or neither, with and without an offset. */
const lane: fc.Arbitrary<Drawn> = fc
  .record({
    values: fc.integer({ min: 1, max: 40 }),
    digits: fc.integer({ min: 1, max: 3 }),
    centred: fc.boolean(),
    normed: fc.boolean(),
    totalled: fc.boolean(),
    seed: fc.string({ minLength: 1, maxLength: 8 }),
  })
  .map(({ values, digits, centred, normed, totalled, seed }) => {
    const offset = centred ? 16 ** digits / 2 : 0;
    const drawn = prgOf(`values/${seed}`).next(2 * values);
    const of = Array.from(
      { length: values },
      (_, v) => (((drawn[2 * v]! << 8) | drawn[2 * v + 1]!) % 16 ** digits) - offset,
    );
    const sum = of.reduce((a, b) => a + b, 0);
    const spec: LaneSpec = {
      lane: 'update',
      part: 0,
      values,
      digits,
      offset,
      ...(normed ? { normSq: of.reduce((a, b) => a + BigInt(b) * BigInt(b), 0n) } : {}),
      ...(totalled && sum >= 0 ? { total: BigInt(sum) } : {}),
    };
    return { spec, digits: digitsOf(spec, of), seed };
  });

/** All that a proof is, with challenges from the name. */
function proofOf({ spec, digits, seed }: Drawn) {
  const shape = linearShape(spec);
  const prg = prgOf(`proof/${seed}`);
  const masks = uniformPlain(prg, 3 * shape.wires);
  const range = uniformPlain(prg, 3 * shape.wires);
  const point = uniformPoint(prg);
  const values = proveRange(shape, spec.offset, digits, masks, range);
  const opened = openWires(shape, digits, masks, point);
  const at = placesOf(shape);
  const vector = new BigUint64Array(at.end);
  vector.set(digitWords(shape, digits));
  vector.set(masks, at.masks);
  vector.set(values, at.range);
  return { shape, masks, range, point, values, opened, vector };
}

describe('the prover of linear proofs', () => {
  it('finds the quotient, the squares and the opened wires that the definition says', () => {
    fc.assert(
      fc.property(lane, (drawn) => {
        const { shape, masks, range, point, values, opened } = proofOf(drawn);
        const table = tableOf(shape, drawn.digits, masks);
        const r = elementsOf(range);
        const quotient = elementsOf(values.subarray(0, 3 * shape.range));
        // Few places of the quotient: the definition is slow.
        for (const i of [0, shape.range - 1]) {
          const x = M.k(BigInt(shape.rows + 1 + i));
          const over = M.rangeSum(M.wiresAt(table, x), r);
          expect(M.mul(quotient[i]!, M.vanishing(shape.rows, x))).to.deep.equal(over);
        }
        expect(elementsOf(opened)).to.deep.equal(M.wiresAt(table, elementOf(point)));
        const { perValue } = shape;
        const squares = values.subarray(3 * shape.range);
        if (squares.length === 0) return;
        expect(Array.from(squares)).to.deep.equal(M.squares(shape, table, perValue, BigInt(drawn.spec.offset)));
      }),
      { numRuns: 8 },
    );
  });

  it('makes proofs that every beacon accepts', () => {
    fc.assert(
      fc.property(lane, fc.uint8Array({ minLength: 32, maxLength: 32 }), (drawn, beacon) => {
        const { range, point, opened, vector } = proofOf(drawn);
        const tables = linearTables(context, drawn.spec, beacon);
        const proof = { deltas: vector, opened, range, point };
        expect(leftSide(tables, point, vector)).to.deep.equal(rightSide(tables, proof));
      }),
      { numRuns: 60 },
    );
  });

  it('whose every word the check depends on', () => {
    const drawn = fc.sample(
      lane.filter(({ spec }) => spec.normSq !== undefined && spec.values > 10),
      { numRuns: 3, seed: 5 },
    );
    for (const one of drawn) {
      const { range, point, opened, vector } = proofOf(one);
      const tables = linearTables(context, one.spec, new Uint8Array(32));
      const left = leftSide(tables, point, vector);
      const right = rightSide(tables, { deltas: vector, opened, range, point });
      const changed = (words: BigUint64Array, i: number) => words.with(i, words[i] === 0n ? 1n : words[i]! - 1n);
      for (const i of vector.keys()) expect(leftSide(tables, point, changed(vector, i))).to.not.deep.equal(left);
      for (const i of opened.keys()) {
        const proof = { deltas: vector, opened: changed(opened, i), range, point };
        expect(rightSide(tables, proof)).to.not.deep.equal(right);
      }
    }
  });

  it('refuses digits or masks that are not as many as the layout has', () => {
    const shape = linearShape({ lane: 'counts', part: 0, values: 3, digits: 2, offset: 0 });
    const masks = new BigUint64Array(3 * shape.wires);
    expect(codeOf(() => proveRange(shape, 0, new Uint8Array(5), masks, masks))).to.equal('linear/length');
    expect(codeOf(() => openWires(shape, new Uint8Array(6), masks.subarray(1), masks.subarray(0, 3)))).to.equal(
      'linear/length',
    );
  });

  it('gives the check only what has the layout of the lane', () => {
    const [drawn] = fc.sample(lane, { numRuns: 1, seed: 9 }) as [Drawn];
    const { range, point, opened, vector } = proofOf(drawn);
    const tables = linearTables(context, drawn.spec, new Uint8Array(32));
    expect(codeOf(() => leftSide(tables, point, vector.subarray(1)))).to.equal('linear/length');
    const proof = { deltas: vector, opened: opened.subarray(3), range: range.subarray(3), point };
    expect(codeOf(() => rightSide(tables, proof))).to.equal('linear/length');
  });
});
