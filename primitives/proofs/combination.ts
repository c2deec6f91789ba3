/**
 * Equations over points that are checked together: each is added with a weight of its own, and all hold if the sum is the identity. Points that stand in many
 * equations (generators, the notes of a ring) are multiplied once.
 */
import { decodePoints, isIdentity, type PointSet, sumOfProducts } from '../crypto/points.ts';
import { G, H, hashToPoint, J0, modOrder, type Point, type Scalar, U0 } from '../crypto/ristretto.ts';

/** A sum of products that grows. */
export class Combination {
  readonly #scalars = new Map<PointSet, Scalar[]>();

  /** Adds `scalar * points[at]`; any integer. */
  add(points: PointSet, at: number, scalar: bigint): void {
    const scalars = this.#of(points);
    scalars[at] = modOrder(scalars[at]! + scalar);
  }

  /** Adds `scalars[i] * points[from + i]` for every scalar; any integers. */
  addAll(points: PointSet, scalars: readonly bigint[], from = 0): void {
    const sums = this.#of(points);
    scalars.forEach((scalar, i) => {
      sums[from + i] = modOrder(sums[from + i]! + scalar);
    });
  }

  /** The sum's canonical encoding. Throws `crypto/too-many-points`. */
  toBytes(): Uint8Array {
    return sumOfProducts(...Array.from(this.#scalars, ([points, scalars]) => ({ points, scalars })));
  }

  isZero(): boolean {
    return isIdentity(this.toBytes());
  }

  #of(points: PointSet): Scalar[] {
    let scalars = this.#scalars.get(points);
    if (scalars === undefined) {
      scalars = Array.from({ length: points.count }, () => 0n);
      this.#scalars.set(points, scalars);
    }
    return scalars;
  }
}

const decoded = (points: readonly Point[]): PointSet => decodePoints(points.map((point) => point.toBytes()));

let bases: PointSet | undefined;

/** The generators of keys, commitments and tags; places in it are those of {@link BASE}. */
export function basePoints(): PointSet {
  bases ??= decoded([G, H, J0, U0]);
  return bases;
}

/** Places in {@link basePoints}. */
export const BASE = { G: 0, H: 1, J0: 2, U0: 3 } as const;

/** Generators of vectors are made this many at a time. */
export const VECTOR_BLOCK = 64;

const vectors = new Map<string, PointSet>();

/** Generators `block * 64` up to `block * 64 + 63` of one side of the vectors of range proofs. */
export function rangeGenerators(side: 'left' | 'right', block: number): PointSet {
  return cached(`range ${side} ${block}`, () => {
    return Array.from({ length: VECTOR_BLOCK }, (_, i) => {
      return hashToPoint('tacit/range-generator/1', side, block * VECTOR_BLOCK + i);
    });
  });
}

/** `count` generators of the digits of a place in a ring, for masks and digits or for their products. */
export function digitGenerators(part: 'digits' | 'products', count: number): PointSet {
  return cached(`digit ${part} ${count}`, () => {
    return Array.from({ length: count }, (_, i) => hashToPoint('tacit/place-digit/1', part, i));
  });
}

function cached(name: string, make: () => Point[]): PointSet {
  const known = vectors.get(name);
  if (known !== undefined) return known;
  const made = decoded(make());
  vectors.set(name, made);
  return made;
}
