/** A prover of ranges that may lie about its bits: both sides' vectors are the caller's, generators are folded move by move. One commitment, 64 places. */
import { randomBytes } from 'node:crypto';
import { concatBytes } from '../../../../primitives/crypto/bytes.ts';
import { decodePoints, sumOfProducts } from '../../../../primitives/crypto/points.ts';
import {
  encodeScalar,
  G,
  H,
  hashToPoint,
  invertScalar,
  modOrder,
  randomScalar,
  type Scalar,
} from '../../../../primitives/crypto/ristretto.ts';
import { Challenges } from '../../../../primitives/proofs/challenges.ts';
import { rangeStatementHash, type RangeStatement } from '../../../../primitives/proofs/range-proof.ts';

const draw = (): Scalar => randomScalar((n) => new Uint8Array(randomBytes(n)));
const sum = (points: readonly Uint8Array[], scalars: readonly bigint[]): Uint8Array =>
  sumOfProducts({ points: decodePoints(points), scalars: scalars.map(modOrder) });

export function forgeRange(
  statement: RangeStatement,
  vectors: { readonly left: readonly bigint[]; readonly right: readonly bigint[] },
  blinding: Scalar,
): Uint8Array {
  const generators = (side: string): Uint8Array[] =>
    vectors.left.map((_, i) => hashToPoint('tacit/range-generator/1', side, i).toBytes());
  let [lefts, rights] = [generators('left'), generators('right')];
  const bases = [G.toBytes(), H.toBytes()];
  const commit = (a: readonly bigint[], b: readonly bigint[], g: bigint, h: bigint): Uint8Array =>
    sum([...lefts, ...rights, ...bases], [...a, ...b, g, h]);

  const challenges = new Challenges(rangeStatementHash(statement));
  const alpha = draw();
  const first = commit(vectors.left, vectors.right, 0n, alpha);
  const [y, z] = [challenges.next(first), challenges.next()];
  const power = (exponent: number): Scalar =>
    Array.from({ length: exponent }).reduce<bigint>((p) => modOrder(p * y), 1n);
  const { bits, unit } = statement.ranged[0]!;
  const weight = (i: number): bigint => (i < bits ? z * z * unit * (1n << BigInt(i)) : 0n);
  let a = vectors.left.map((value) => modOrder(value - z));
  let b = vectors.right.map((value, i) => modOrder(value + z + weight(i) * power(64 - i)));
  let hidden = modOrder(alpha + power(65) * z * z * blinding);
  const moves: Uint8Array[][] = [[], []];
  const none = (n: number): bigint[] => Array.from({ length: n }, () => 0n);
  while (a.length > 1) {
    const n = a.length / 2;
    const [a1, a2, b1, b2] = [a.slice(0, n), a.slice(n), b.slice(0, n), b.slice(n)];
    const [up, down] = [power(n), invertScalar(power(n))];
    const dot = (p: readonly bigint[], q: readonly bigint[]): bigint =>
      p.reduce((total, value, i) => modOrder(total + value * q[i]! * power(i + 1)), 0n);
    const [dl, dr] = [draw(), draw()];
    const l = commit([...none(n), ...a1.map((v) => v * down)], [...b2, ...none(n)], dot(a1, b2), dl);
    const r = commit([...a2.map((v) => v * up), ...none(n)], [...none(n), ...b1], up * dot(a2, b1), dr);
    moves[0]!.push(l);
    moves[1]!.push(r);
    const e = challenges.next(l, r);
    const back = invertScalar(e);
    lefts = a1.map((_, i) => sum([lefts[i]!, lefts[n + i]!], [back, e * down]));
    rights = a1.map((_, i) => sum([rights[i]!, rights[n + i]!], [e, back]));
    a = a1.map((value, i) => modOrder(e * value + back * up * a2[i]!));
    b = b1.map((value, i) => modOrder(back * value + e * b2[i]!));
    hidden = modOrder(hidden + e * e * dl + back * back * dr);
  }
  const [r, s, delta, eta] = [draw(), draw(), draw(), draw()];
  const last = [commit([r], [s], (r * b[0]! + s * a[0]!) * y, delta), commit([0n], [0n], r * s * y, eta)];
  const e = challenges.next(...last);
  const answers = [r + a[0]! * e, s + b[0]! * e, eta + delta * e + hidden * e * e];
  return concatBytes(first, ...moves.flat(), ...last, ...answers.map((value) => encodeScalar(modOrder(value))));
}
