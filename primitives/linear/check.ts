/**
 * The check of a proof (§5.7). Every equation is linear in the shared vector, so a member evaluates one random combination of all of them on its share with the public
 * deltas added, and takes off what it must be: the posts of an honest payload are shares of zero. What is not linear, the range and square polynomials at the
 * opened wires, concerns public numbers only.
 */
import { TacitError } from '../errors.ts';
import { kernel } from '../fhe/kernel.ts';
import type { RoundContext } from '../fhe/params.ts';
import type { LaneSpec } from '../proofs/lane.ts';
import { type LinearClaim, linearClaim } from './claim.ts';
import {
  addPlain,
  cubic,
  CUBIC,
  type CubicVector,
  dotCubic,
  dotPlain,
  lagrangeAt,
  linearPlain,
  mulCubic,
  type PlainVector,
  subPlain,
  vanishingReciprocal,
} from './field.ts';
import { type LinearShape, linearShape, placesOf, wirePoints } from './shape.ts';
import { type LinearWeights, linearWeights } from './transcript.ts';

/** All that is public of a linear proof. */
export interface LinearProof {
  /** Deltas of the shared vector: of the digits, of range and squares; zero in the place of the masks. */
  readonly deltas: PlainVector;
  /** `w_j(rho)`, one element of K per wire. */
  readonly opened: CubicVector;
  /** `r_j` and `rho`, as the verifier derives them. */
  readonly range: CubicVector;
  readonly point: CubicVector;
}

/** What is the same for all payloads of a lane in one round. */
export interface LinearTables {
  readonly spec: LaneSpec;
  readonly shape: LinearShape;
  readonly weights: LinearWeights;
  readonly claim: LinearClaim | undefined;
}

/** @param beacon 32 bytes that nobody could predict before the close of the round */
export function linearTables(context: RoundContext, spec: LaneSpec, beacon: Uint8Array): LinearTables {
  const shape = linearShape(spec);
  return {
    spec,
    shape,
    weights: linearWeights(context, beacon, shape),
    claim: linearClaim(spec, context, beacon),
  };
}

/** The left side of all equations in one: linear in `vector`, which is a shared vector or a member's share of one. */
export function leftSide(
  { shape, weights, claim }: LinearTables,
  point: CubicVector,
  vector: PlainVector,
): CubicVector {
  const { rows, wires, range, squares } = shape;
  const at = placesOf(shape);
  if (vector.length !== at.end) throw new TacitError('linear/length', 'not a shared vector of this lane');
  const points = wirePoints(shape);
  const digits = vector.subarray(0, at.masks);
  const perRow = new BigUint64Array(CUBIC * points);
  for (let x = 0; x < points; x++) {
    const from = x < rows ? wires * x : at.masks + wires * (x - rows);
    const row = vector.subarray(from, x < rows ? Math.min(from + wires, at.masks) : from + wires);
    perRow.set(dotPlain(weights.wires, row), CUBIC * x);
  }
  const terms = [dotCubic(lagrangeAt(point, 1, points), perRow)];
  const quotient = vector.subarray(at.range, at.squares);
  terms.push(mulCubic(weights.range, dotCubic(lagrangeAt(point, rows + 1, range), quotient)));
  if (squares > 0) {
    const sums = vector.subarray(at.squares, at.end);
    terms.push(mulCubic(weights.squares, dotPlain(lagrangeAt(point, 1, squares), sums)));
    const total = sums.subarray(0, rows).reduce((sum, word) => sum + word, 0n);
    terms.push(linearPlain([[total, weights.norm]]));
  }
  if (claim !== undefined) terms.push(mulCubic(weights.claim, dotPlain(claim.coefficients, digits)));
  return terms.reduce(addPlain);
}

/** What the left side of the true vector is: a function of public numbers. */
export function rightSide({ spec, shape, weights, claim }: LinearTables, proof: LinearProof): CubicVector {
  const { wires, rows, squares, padding } = shape;
  const { opened, range, point } = proof;
  if (opened.length !== CUBIC * wires) throw new TacitError('linear/length', 'as many opened wires as the lane has');
  const terms = [dotCubic(weights.wires, opened)];
  const ranges = mulCubic(rangeAt(opened, range), vanishingReciprocal(point, rows));
  terms.push(mulCubic(weights.range, ranges));
  if (squares > 0) {
    const offset = BigInt(spec.offset);
    terms.push(mulCubic(weights.squares, squaresAt(shape, spec.offset, opened)));
    // Where a row has no digits, its values are -offset.
    const norm = (spec.normSq ?? 0n) + BigInt(padding) * offset * offset;
    terms.push(linearPlain([[norm, weights.norm]]));
  }
  if (claim !== undefined) terms.push(mulCubic(weights.claim, claim.right));
  return terms.reduce(addPlain);
}

/** `sum_j r_j prod_{c<16}(w_j - c)`. */
function rangeAt(opened: CubicVector, range: CubicVector): CubicVector {
  const k = kernel();
  return k.frame(() => {
    const r = k.put(cubic(0n));
    k.run.cubicRange(r, k.put(range), k.put(opened), opened.length / CUBIC, k.alloc(72));
    return k.read(r, CUBIC);
  });
}

/** Sum of the squares of the values that the wires stand for. */
function squaresAt({ wires, perValue }: LinearShape, offset: number, opened: CubicVector): CubicVector {
  const k = kernel();
  return k.frame(() => {
    const r = k.put(cubic(0n));
    k.run.cubicSquares(r, k.put(opened), wires, perValue, BigInt(offset), k.alloc(24));
    return k.read(r, CUBIC);
  });
}

/** A member's share of one payload's check: of zero, if the payload is honest. `share` is what `sharePieces` made of its pieces. */
export function linearShares(tables: LinearTables, proof: LinearProof, share: PlainVector): CubicVector {
  const left = leftSide(tables, proof.point, addPlain(share, proof.deltas));
  return subPlain(left, rightSide(tables, proof));
}
