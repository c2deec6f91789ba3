/**
 * How the digits of a lane are laid out for a linear proof (§5.3): `rows` rows of `wires` digits. Every wire is a polynomial through the digits of its column at
 * the points 1..rows and through three masks behind them. The layout is the one with the shortest proof, a function of the lane alone.
 */
import type { FheParams } from '../fhe/params.ts';
import { DIGIT_BASE, digitCount, type LaneSpec } from '../proofs/lane.ts';
import { CUBIC, plainBytes } from './field.ts';

/** Masks of a wire: as many as K has dimensions, so that they hide its value at one point of K. */
export const MASKS = CUBIC;

export interface LinearShape {
  /** Digits, and how many of them make a value. */
  readonly digits: number;
  readonly perValue: number;
  readonly wires: number;
  readonly rows: number;
  /** Values of the range quotient, at the points `rows+1..rows+range`: elements of K. */
  readonly range: number;
  /** Values of the sum of squares, at the points `1..squares`: elements of `F_t`. None without a norm. */
  readonly squares: number;
  /** Values of the last row for which there is no digit: zeros. */
  readonly padding: number;
}

/** Points of a wire. */
export const wirePoints = ({ rows }: LinearShape): number => rows + MASKS;

/** Polynomials that carry the values of a lane. */
export function polynomialsOf({ degree }: FheParams, { values }: LaneSpec): number {
  return Math.ceil(values / degree);
}

/** Coefficients that carry a value, by polynomial. */
export function usedOf(params: FheParams, spec: LaneSpec): number[] {
  const { degree } = params;
  return Array.from({ length: polynomialsOf(params, spec) }, (_, i) => Math.min(degree, spec.values - degree * i));
}

/** Where the parts of a shared vector begin: `digits | masks, three rows | range | squares`. */
export function placesOf({ digits, wires, range, squares }: LinearShape): {
  readonly masks: number;
  readonly range: number;
  readonly squares: number;
  readonly end: number;
} {
  const masks = digits;
  const atRange = masks + MASKS * wires;
  const atSquares = atRange + CUBIC * range;
  return { masks, range: atRange, squares: atSquares, end: atSquares + squares };
}

function shapeOf(spec: LaneSpec, rows: number): LinearShape {
  const values = Math.ceil(spec.values / rows);
  // A wire has degree rows+2, the range polynomial sixteen times that; its quotient by the polynomial that vanishes on the rows has `rows` less.
  const degree = rows + MASKS - 1;
  return {
    digits: digitCount(spec),
    perValue: spec.digits,
    wires: values * spec.digits,
    rows,
    range: DIGIT_BASE * degree - rows + 1,
    squares: spec.normSq === undefined ? 0 : 2 * degree + 1,
    padding: rows * values - spec.values,
  };
}

/** Words below t that a proof has besides the digits' deltas. */
const proofWords = ({ wires, range, squares }: LinearShape): number => CUBIC * (wires + range) + squares;

/** The layout of a lane that `checkLane` passes. */
export function linearShape(spec: LaneSpec): LinearShape {
  let best = shapeOf(spec, 1);
  for (let rows = 2; rows <= spec.values; rows++) {
    const shape = shapeOf(spec, rows);
    if (proofWords(shape) < proofWords(best)) best = shape;
    // From here on the quotient alone is longer.
    if (CUBIC * shape.range > proofWords(best)) break;
  }
  return best;
}

/** Bytes of the parts of a proof: deltas of the digits, of range and squares, and the opened wires. */
export function linearBytes({ digits, wires, range, squares }: LinearShape): {
  readonly deltas: number;
  readonly proof: number;
  readonly opened: number;
} {
  return {
    deltas: plainBytes(digits),
    proof: plainBytes(CUBIC * range + squares),
    opened: plainBytes(CUBIC * wires),
  };
}
