/**
 * Values of Pedersen commitments are in a range (specification §12.4): Bulletproofs+ (Chung, Han, Ju, Kim and Seo 2020), several commitments in one proof.
 *
 * Every commitment `V = u v G + r H` has bits for `v` in [0, 2^bits) and a public unit `u`. The bits of all stand one behind the other in a vector whose
 * length is a power of two; what is left over are bits that weigh nothing. This file is statement, encoding and prover; range-check.ts verifies.
 *
 * What a prover's time shows: the commitment to the bits adds exactly one point for each, whatever its value; all later scalars are blinded by challenges.
 */
import { ByteReader, concatBytes } from '../crypto/bytes.ts';
import { hashOf } from '../crypto/hash.ts';
import { decodeScalar, encodeScalar, invertScalar, modOrder, ORDER, type Scalar } from '../crypto/ristretto.ts';
import { TacitError } from '../errors.ts';
import { Challenges } from './challenges.ts';
import { BASE, basePoints, Combination, rangeGenerators, VECTOR_BLOCK } from './combination.ts';

/** Uniform scalars for one proof; never used twice. */
export type ScalarSource = () => Scalar;

/** Bits of all commitments of one proof. */
export const MAX_RANGE_BITS = 1024;

/** A commitment and what is claimed of it. */
export interface Ranged {
  /** `V`, 32 canonical bytes. */
  readonly commitment: Uint8Array;
  /** 1 to 64. */
  readonly bits: number;
  /** What one bit at place 0 is worth, below 2^64. */
  readonly unit: bigint;
}

export interface RangeStatement {
  /** Hash of everything that the proof is to be bound to. */
  readonly context: Uint8Array;
  /** One to twenty-one of 48 bits; {@link MAX_RANGE_BITS} in all. */
  readonly ranged: readonly Ranged[];
}

/** Opening of a commitment: `V = unit * value * G + blinding * H`. */
export interface RangeOpening {
  readonly value: bigint;
  readonly blinding: Scalar;
}

/** A proof cut into its parts; points are canonical only once they are decoded. */
export interface RangeProof {
  /** `A`: the commitment to the bits. */
  readonly bits: Uint8Array;
  /** `L` and `R` of every halving. */
  readonly left: readonly Uint8Array[];
  readonly right: readonly Uint8Array[];
  /** `A'` and `B` of the last move. */
  readonly last: readonly [Uint8Array, Uint8Array];
  readonly r: Scalar;
  readonly s: Scalar;
  readonly d: Scalar;
}

/** Length of the vectors for a statement: a power of two, at least 64. Throws `range/statement`. */
export function vectorLength({ ranged }: RangeStatement): number {
  let total = 0;
  for (const { bits, unit } of ranged) {
    if (!Number.isInteger(bits) || bits < 1 || bits > 64 || unit < 1n || unit >> 64n !== 0n) {
      throw new TacitError('range/statement', 'a range has 1 to 64 bits and a unit of 1 to 2^64 - 1', { bits });
    }
    total += bits;
  }
  if (total < 1 || total > MAX_RANGE_BITS) {
    throw new TacitError('range/statement', `a proof covers 1 to ${MAX_RANGE_BITS} bits`, { bits: total });
  }
  let length = VECTOR_BLOCK;
  while (length < total) length *= 2;
  return length;
}

/** Bytes of a proof: six parts, and two for every halving of the vectors. */
export function rangeProofBytes(statement: RangeStatement): number {
  return 32 * (6 + 2 * Math.log2(vectorLength(statement)));
}

export function encodeRangeProof({ bits, left, right, last, r, s, d }: RangeProof): Uint8Array {
  return concatBytes(bits, ...left, ...right, ...last, encodeScalar(r), encodeScalar(s), encodeScalar(d));
}

/** Strict in length and scalars. Throws `range/proof-length`, `crypto/bad-scalar`. */
export function decodeRangeProof(statement: RangeStatement, bytes: Uint8Array): RangeProof {
  const wanted = rangeProofBytes(statement);
  if (bytes.length !== wanted) {
    throw new TacitError('range/proof-length', `this range proof has ${wanted} bytes`, { length: bytes.length });
  }
  const reader = new ByteReader(bytes, 'range/proof-length');
  const take = (): Uint8Array => reader.take(32);
  const halvings = Math.log2(vectorLength(statement));
  const points = (n: number): Uint8Array[] => Array.from({ length: n }, take);
  const bits = take();
  const [left, right] = [points(halvings), points(halvings)];
  const last = [take(), take()] as const;
  return { bits, left, right, last, r: decodeScalar(take()), s: decodeScalar(take()), d: decodeScalar(take()) };
}

/** Hash of everything that is claimed. */
export function rangeStatementHash({ context, ranged }: RangeStatement): Uint8Array {
  const parts = ranged.flatMap(({ commitment, bits, unit }) => [commitment, bits, unit]);
  return hashOf('tacit/range/1', context, ranged.length, ...parts);
}

/** `1, y, ..., y^count`. */
export function powersOf(y: Scalar, count: number): Scalar[] {
  const powers = [1n];
  for (let i = 0; i < count; i++) powers.push((powers[i]! * y) % ORDER);
  return powers;
}

/** What the bit at each place is worth, `z^2, z^4, ...` telling the commitments apart; 0 at places left over. */
export function bitWeights({ ranged }: RangeStatement, z: Scalar, length: number): Scalar[] {
  const weights: Scalar[] = [];
  const square = (z * z) % ORDER;
  let factor = 1n;
  for (const { bits, unit } of ranged) {
    factor = (factor * square) % ORDER;
    let weight = (factor * unit) % ORDER;
    for (let i = 0; i < bits; i++, weight = (weight * 2n) % ORDER) weights.push(weight);
  }
  while (weights.length < length) weights.push(0n);
  return weights;
}

/** `left_i` and `right_i` are the coefficients of the two sides' generators. */
function vectorSum(left: readonly bigint[], right: readonly bigint[], g: bigint, h: bigint): Uint8Array {
  const sum = new Combination();
  for (let at = 0; at < left.length; at += VECTOR_BLOCK) {
    const block = at / VECTOR_BLOCK;
    sum.addAll(rangeGenerators('left', block), left.slice(at, at + VECTOR_BLOCK));
    sum.addAll(rangeGenerators('right', block), right.slice(at, at + VECTOR_BLOCK));
  }
  sum.add(basePoints(), BASE.G, g);
  sum.add(basePoints(), BASE.H, h);
  return sum.toBytes();
}

/** The places' bits, as 0 and 1. Throws `range/out-of-range`, `range/openings`. */
function bitsOf({ ranged }: RangeStatement, openings: readonly RangeOpening[], length: number): bigint[] {
  if (openings.length !== ranged.length) {
    throw new TacitError('range/openings', 'every commitment needs its opening', { count: openings.length });
  }
  const bits: bigint[] = [];
  ranged.forEach((one, j) => {
    const { value } = openings[j]!;
    if (value < 0n || value >> BigInt(one.bits) !== 0n) {
      throw new TacitError('range/out-of-range', 'a value is not in the range that is to be proved', { index: j });
    }
    for (let i = 0; i < one.bits; i++) bits.push((value >> BigInt(i)) & 1n);
  });
  while (bits.length < length) bits.push(0n);
  return bits;
}

/** What the prover holds between two halvings. */
interface Folding {
  a: Scalar[];
  b: Scalar[];
  /** Coefficients of the original generators in the folded ones: place `i` belongs to the folded place `i mod a.length`. */
  left: Scalar[];
  right: Scalar[];
  blinding: Scalar;
}

/**
 * Proves the statement. Commitments are not opened: wrong blindings give a proof that does not verify.
 * @param nextScalar secret uniform scalars, bound to openings and statement (a repeated one reveals them)
 * @throws `range/statement`, `range/openings`, `range/out-of-range`
 */
export function proveRange(
  statement: RangeStatement,
  openings: readonly RangeOpening[],
  nextScalar: ScalarSource,
): Uint8Array {
  const length = vectorLength(statement);
  const values = bitsOf(statement, openings, length);
  const challenges = new Challenges(rangeStatementHash(statement));
  const alpha = nextScalar();
  const bits = vectorSum(
    values,
    values.map((bit) => bit - 1n),
    0n,
    alpha,
  );
  const y = challenges.next(bits);
  const z = challenges.next();
  const y_ = powersOf(y, length + 1);
  const weights = bitWeights(statement, z, length);
  let blinding = 0n;
  let factor = 1n;
  for (const opening of openings) {
    factor = modOrder(factor * z * z);
    blinding += factor * opening.blinding;
  }
  const folding: Folding = {
    a: values.map((bit) => modOrder(bit - z)),
    b: values.map((bit, i) => modOrder(bit - 1n + weights[i]! * y_[length - i]! + z)),
    left: values.map(() => 1n),
    right: values.map(() => 1n),
    blinding: modOrder(alpha + y_[length + 1]! * modOrder(blinding)),
  };
  const [left, right]: [Uint8Array[], Uint8Array[]] = [[], []];
  while (folding.a.length > 1) {
    const [l, r] = halve(folding, y_, challenges, nextScalar);
    left.push(l);
    right.push(r);
  }
  return encodeRangeProof({ bits, left, right, ...lastMove(folding, y, challenges, nextScalar) });
}

const weighted = (a: readonly Scalar[], b: readonly Scalar[], powers: readonly Scalar[]): Scalar =>
  a.reduce((sum, value, i) => modOrder(sum + modOrder(value * b[i]!) * powers[i + 1]!), 0n);

/** One halving of the weighted inner product argument: gives `L` and `R`. */
function halve(
  folding: Folding,
  y_: readonly Scalar[],
  challenges: Challenges,
  nextScalar: ScalarSource,
): [Uint8Array, Uint8Array] {
  const half = folding.a.length / 2;
  const [a1, a2] = [folding.a.slice(0, half), folding.a.slice(half)];
  const [b1, b2] = [folding.b.slice(0, half), folding.b.slice(half)];
  const shift = y_[half]!;
  const unshift = invertScalar(shift);
  const upper = (i: number): boolean => (i & half) !== 0;
  const at = (i: number): number => i & (half - 1);
  const side = (a: readonly Scalar[], factor: Scalar, b: readonly Scalar[], inUpper: boolean, cross: Scalar) => {
    const blind = nextScalar();
    const point = vectorSum(
      folding.left.map((c, i) => (upper(i) === inUpper ? modOrder(a[at(i)]! * factor) * c : 0n)),
      folding.right.map((c, i) => (upper(i) === inUpper ? 0n : b[at(i)]! * c)),
      cross,
      blind,
    );
    return { point, blind };
  };
  const l = side(a1, unshift, b2, true, weighted(a1, b2, y_));
  const r = side(a2, shift, b1, false, modOrder(shift * weighted(a2, b1, y_)));
  const e = challenges.next(l.point, r.point);
  const inverse = invertScalar(e);
  folding.a = a1.map((value, i) => modOrder(e * value + modOrder(inverse * shift) * a2[i]!));
  folding.b = b1.map((value, i) => modOrder(inverse * value + e * b2[i]!));
  folding.left = folding.left.map((c, i) => modOrder(c * (upper(i) ? modOrder(e * unshift) : inverse)));
  folding.right = folding.right.map((c, i) => modOrder(c * (upper(i) ? inverse : e)));
  folding.blinding = modOrder(folding.blinding + modOrder(e * e) * l.blind + modOrder(inverse * inverse) * r.blind);
  return [l.point, r.point];
}

/** The last move: one value is left on each side. */
function lastMove(
  { a, b, left, right, blinding }: Folding,
  y: Scalar,
  challenges: Challenges,
  nextScalar: ScalarSource,
): Pick<RangeProof, 'last' | 'r' | 's' | 'd'> {
  const [r, s, delta, eta] = [nextScalar(), nextScalar(), nextScalar(), nextScalar()];
  const none = left.map(() => 0n);
  const first = vectorSum(
    left.map((c) => r * c),
    right.map((c) => s * c),
    modOrder(r * b[0]! + s * a[0]!) * y,
    delta,
  );
  const second = vectorSum(none, none, modOrder(r * s) * y, eta);
  const e = challenges.next(first, second);
  return {
    last: [first, second],
    r: modOrder(r + a[0]! * e),
    s: modOrder(s + b[0]! * e),
    d: modOrder(eta + delta * e + blinding * modOrder(e * e)),
  };
}
