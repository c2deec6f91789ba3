/**
 * The verifier of a range proof as the specification tells it (§12.4): generators are folded, move by move, with the library's points. Written apart from the
 * product's verifier, which makes one sum of it.
 */
import {
  decodePoint,
  G,
  H,
  hashToPoint,
  invertScalar,
  modOrder,
  type Point,
  type Scalar,
  times,
  ZERO,
} from '../../../../primitives/crypto/ristretto.ts';
import { hashOf } from '../../../../primitives/crypto/hash.ts';
import { reduce64 } from '../../../../primitives/crypto/ristretto.ts';
import { decodeRangeProof, type RangeStatement } from '../../../../primitives/proofs/range-proof.ts';

const power = (base: Scalar, exponent: number): Scalar => {
  let out = 1n;
  for (let i = 0; i < exponent; i++) out = modOrder(out * base);
  return out;
};
const sum = (points: readonly Point[]): Point => points.reduce((total, point) => total.add(point), ZERO);

export function rangeHolds(statement: RangeStatement, bytes: Uint8Array): boolean {
  const proof = decodeRangeProof(statement, bytes);
  let state = hashOf(
    'tacit/range/1',
    statement.context,
    statement.ranged.length,
    ...statement.ranged.flatMap(({ commitment, bits, unit }) => [commitment, bits, unit]),
  );
  const next = (...messages: Uint8Array[]): Scalar => {
    state = hashOf('tacit/challenge-chain/1', state, ...messages);
    return reduce64(state);
  };
  const [y, z] = [next(proof.bits), next()];
  const length = 2 ** proof.left.length;
  const weights = statement.ranged.flatMap(({ bits, unit }, j) => {
    return Array.from({ length: bits }, (_, i) => modOrder(power(z, 2 * (j + 1)) * unit * (1n << BigInt(i))));
  });
  while (weights.length < length) weights.push(0n);
  const generators = (side: string): Point[] => {
    return Array.from({ length }, (_, i) => hashToPoint('tacit/range-generator/1', side, i));
  };
  let [left, right] = [generators('left'), generators('right')];
  const top = power(y, length + 1);
  const ys = Array.from({ length }, (_, i) => power(y, i + 1)).reduce((a, b) => a + b, 0n);
  const all = weights.reduce((a, b) => a + b, 0n);
  let P = sum([
    decodePoint(proof.bits),
    ...left.map((point) => times(point, -z)),
    ...right.map((point, i) => times(point, z + weights[i]! * power(y, length - i))),
    ...statement.ranged.map(({ commitment }, j) => times(decodePoint(commitment), top * power(z, 2 * (j + 1)))),
    times(G, (z - z * z) * ys - z * top * all),
  ]);
  proof.left.forEach((l, i) => {
    const r = proof.right[i]!;
    const e = next(l, r);
    const half = left.length / 2;
    const back = invertScalar(e);
    const shift = invertScalar(power(y, half));
    left = left.slice(0, half).map((point, k) => times(point, back).add(times(left[half + k]!, e * shift)));
    right = right.slice(0, half).map((point, k) => times(point, e).add(times(right[half + k]!, back)));
    P = sum([times(decodePoint(l), e * e), P, times(decodePoint(r), back * back)]);
  });
  const [A, B] = proof.last;
  const e = next(A, B);
  const { r, s, d } = proof;
  const given = sum([times(P, e * e), times(decodePoint(A), e), decodePoint(B)]);
  return given.equals(sum([times(left[0]!, r * e), times(right[0]!, s * e), times(G, r * s * y), times(H, d)]));
}
