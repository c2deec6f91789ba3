/** What is public of a linear proof fits any digits that meet the claims: for each there is one set of pads of the missing subset that explains all of it. */
import { expect } from 'chai';
import { PLAIN_MODULUS as t } from '../../../primitives/fhe/params.ts';
import { leftSide, linearTables, rightSide } from '../../../primitives/linear/check.ts';
import {
  addPlain,
  encodePlain,
  lagrangeAt,
  subPlain,
  uniformPlain,
  uniformPoint,
} from '../../../primitives/linear/field.ts';
import { digitWords, openWires, proveRange } from '../../../primitives/linear/prove.ts';
import { type LinearShape, linearShape, placesOf } from '../../../primitives/linear/shape.ts';
import { digitsOf, type LaneSpec } from '../../../primitives/proofs/lane.ts';
import { completeNorm } from '../../../primitives/proofs/norm.ts';
import { contextOf, prgOf } from '../fhe/support.ts';
import { elementsOf, real as M } from './support/words.ts';

const count = 60;
const normSq = 90_000n;
const spec: LaneSpec = { lane: 'update', part: 0, values: count + 4, digits: 2, offset: 128, normSq };
const shape = linearShape(spec);
const at = placesOf(shape);
const vectors = [3, 5].map((step) =>
  digitsOf(
    spec,
    completeNorm(
      Array.from({ length: count }, (_, i) => ((i * step * 17) % 101) - 50),
      normSq,
    ),
  ),
);
const [mine, other] = vectors as [Uint8Array, Uint8Array];

/** All of a shared vector: digits, masks, range and squares. */
function vectorOf(digits: Uint8Array, masks: BigUint64Array, range: BigUint64Array): BigUint64Array {
  const out = new BigUint64Array(at.end);
  out.set(digitWords(shape, digits));
  out.set(masks, at.masks);
  out.set(proveRange(shape, spec.offset, digits, masks, range), at.range);
  return out;
}

/** The masks with which `digits` open at `point` to `opened`. */
function masksFor(
  { rows, wires }: LinearShape,
  digits: Uint8Array,
  point: BigUint64Array,
  opened: BigUint64Array,
): BigUint64Array {
  const coefficients = elementsOf(lagrangeAt(point, 1, rows + 3));
  const wanted = elementsOf(opened);
  const out = new BigUint64Array(3 * wires);
  for (let j = 0; j < wires; j++) {
    let rest = wanted[j]!;
    for (let row = 0; row < rows; row++) {
      rest = M.add(rest, M.scale(coefficients[row]!, -BigInt(digits[row * wires + j] ?? 0)));
    }
    // Cramer's rule: three unknowns of F_t, three coordinates of K.
    const columns = coefficients.slice(rows);
    const determinant = (of: readonly (readonly bigint[])[]): bigint =>
      of[0]![0]! * (of[1]![1]! * of[2]![2]! - of[1]![2]! * of[2]![1]!) -
      of[1]![0]! * (of[0]![1]! * of[2]![2]! - of[0]![2]! * of[2]![1]!) +
      of[2]![0]! * (of[0]![1]! * of[1]![2]! - of[0]![2]! * of[1]![1]!);
    const whole = M.inverse(determinant(columns));
    for (let i = 0; i < 3; i++) out[i * wires + j] = M.mod(determinant(columns.with(i, rest)) * whole);
  }
  return out;
}

describe('what a linear proof shows', () => {
  const prg = prgOf('knowledge');
  const pads = uniformPlain(prg, at.end);
  const range = uniformPlain(prg, 3 * shape.wires);
  const point = uniformPoint(prg);
  const masks = pads.slice(at.masks, at.range);
  const honest = vectorOf(mine, masks, range);
  const opened = openWires(shape, mine, masks, point);
  const deltas = subPlain(honest, pads);

  it('has several rows in this test, and two vectors of the same norm', () => {
    expect(shape.rows).to.be.greaterThan(1);
    expect(mine).to.not.deep.equal(other);
  });

  it('fits other digits with other pads, to the last bit', () => {
    const others = masksFor(shape, other, point, opened);
    const vector = vectorOf(other, others, range);
    const otherPads = subPlain(vector, deltas);
    // Masks have no deltas: in their place the pads are the masks.
    expect(otherPads.slice(at.masks, at.range)).to.deep.equal(others);
    expect(openWires(shape, other, others, point)).to.deep.equal(opened);
    expect(addPlain(otherPads, deltas)).to.deep.equal(vector);
    expect(otherPads).to.not.deep.equal(pads);
    // The same public side, the same check: nobody can tell.
    const tables = linearTables(contextOf('tacit-test-256-n4'), spec, new Uint8Array(32).fill(1));
    const right = rightSide(tables, { deltas, opened, range, point });
    expect(leftSide(tables, point, honest)).to.deep.equal(right);
    expect(leftSide(tables, point, vector)).to.deep.equal(right);
  });

  it('masks have zero deltas: what is sent of them is nothing', () => {
    expect(deltas.subarray(at.masks, at.range).every((word) => word === 0n)).to.equal(true);
    expect(encodePlain(deltas.slice(0, at.masks))).to.have.length(Math.ceil((50 * shape.digits) / 8));
    expect(deltas.every((word) => word < t)).to.equal(true);
  });
});
