/** Verification of range proofs (specification §12.4): every proof is one equation, and equations of many proofs are checked together. */
import { decodePoints } from '../crypto/points.ts';
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { invertScalar, modOrder, ORDER, reduce64, type Scalar } from '../crypto/ristretto.ts';
import { isTacitError } from '../errors.ts';
import { Challenges } from './challenges.ts';
import { BASE, basePoints, Combination, rangeGenerators, VECTOR_BLOCK } from './combination.ts';
import {
  bitWeights,
  decodeRangeProof,
  powersOf,
  type RangeProof,
  type RangeStatement,
  rangeStatementHash,
  vectorLength,
} from './range-proof.ts';

/** Uniform weights that `parts` fix: whoever chose the parts did not know them. */
export function weightsFrom(...parts: readonly Uint8Array[]): () => Scalar {
  const prg = new Prg(hash32Of('tacit/equation-weight/1', ...parts));
  return () => reduce64(prg.next(64));
}

/** The questions that the prover had to answer. */
interface Answered {
  readonly y: Scalar;
  readonly z: Scalar;
  readonly halvings: readonly Scalar[];
  readonly last: Scalar;
}

function questionsOf(statement: RangeStatement, { bits, left, right, last }: RangeProof): Answered {
  const challenges = new Challenges(rangeStatementHash(statement));
  const y = challenges.next(bits);
  const z = challenges.next();
  const halvings = left.map((l, i) => challenges.next(l, right[i]!));
  return { y, z, halvings, last: challenges.next(...last) };
}

/** The inverses of all, by one inversion. */
function inversesOf(values: readonly Scalar[]): Scalar[] {
  const products = [1n];
  for (const value of values) products.push((products.at(-1)! * value) % ORDER);
  let rest = invertScalar(products.at(-1)!);
  const out: Scalar[] = [];
  for (let i = values.length - 1; i >= 0; i--) {
    out[i] = (rest * products[i]!) % ORDER;
    rest = (rest * values[i]!) % ORDER;
  }
  return out;
}

/** `prod over halvings of factor[bit]`, the first halving deciding by the highest bit of the place. */
function foldedCoefficients(lower: readonly Scalar[], upper: readonly Scalar[]): Scalar[] {
  let out = [1n];
  lower.forEach((low, j) => {
    out = out.flatMap((value) => [(value * low) % ORDER, (value * upper[j]!) % ORDER]);
  });
  return out;
}

/**
 * Adds `weight` times the proof's equation to `sum`.
 * @throws `range/statement`, `range/proof-length`, `crypto/bad-scalar`, `crypto/bad-point`, `proofs/zero-challenge`
 */
export function addRangeEquation(sum: Combination, statement: RangeStatement, bytes: Uint8Array, weight: Scalar): void {
  const proof = decodeRangeProof(statement, bytes);
  const questions = questionsOf(statement, proof);
  const { y, halvings, last: e } = questions;
  const length = vectorLength(statement);
  const [unpower, ...inverses] = inversesOf([y, ...halvings]) as [Scalar, ...Scalar[]];
  const y_ = powersOf(y, length + 1);
  const outer = modOrder(weight * modOrder(e * e));
  addGenerators(sum, statement, proof, questions, { y_, unpower, inverses, outer, weight });
  const squares = powersOf(modOrder(questions.z * questions.z), statement.ranged.length);
  const commitments = statement.ranged.map(({ commitment }) => commitment);
  sum.addAll(decodePoints([...commitments, proof.bits, ...proof.left, ...proof.right, ...proof.last]), [
    ...commitments.map((_, j) => modOrder(outer * y_[length + 1]!) * squares[j + 1]!),
    outer,
    ...halvings.map((c) => outer * modOrder(c * c)),
    ...inverses.map((c) => outer * modOrder(c * c)),
    weight * e,
    weight,
  ]);
}

/** What both halves of an equation need. */
interface Common {
  /** Powers of y up to one above the vectors' length. */
  readonly y_: readonly Scalar[];
  /** Inverses of y and of the halvings' challenges. */
  readonly unpower: Scalar;
  readonly inverses: readonly Scalar[];
  /** `weight e^2` */
  readonly outer: Scalar;
  readonly weight: Scalar;
}

/** The part of the equation that stands on generators. */
function addGenerators(
  sum: Combination,
  statement: RangeStatement,
  { r, s, d }: RangeProof,
  { y, z, halvings, last: e }: Answered,
  { y_, unpower, inverses, outer, weight }: Common,
): void {
  const length = y_.length - 2;
  const weights = bitWeights(statement, z, length);
  const lefts = foldedCoefficients(inverses, halvings);
  const onLeft = modOrder(-weight * modOrder(r * e));
  const onRight = modOrder(-weight * modOrder(s * e));
  const byPower = powersOf(unpower, length);
  const left = lefts.map((c, i) => modOrder(onLeft * c) * byPower[i]! - outer * z);
  // The right side's folded coefficients are those of the left side, backwards.
  const right = lefts.map((_, i) => {
    return onRight * lefts[length - 1 - i]! + outer * (z + modOrder(weights[i]! * y_[length - i]!));
  });
  for (let at = 0; at < length; at += VECTOR_BLOCK) {
    sum.addAll(rangeGenerators('left', at / VECTOR_BLOCK), left.slice(at, at + VECTOR_BLOCK));
    sum.addAll(rangeGenerators('right', at / VECTOR_BLOCK), right.slice(at, at + VECTOR_BLOCK));
  }
  const sumOf = (values: readonly Scalar[]): bigint => values.reduce((total, value) => total + value, 0n);
  const constant = (z - z * z) * sumOf(y_.slice(1, length + 1)) - modOrder(z * y_[length + 1]!) * sumOf(weights);
  sum.add(basePoints(), BASE.G, outer * modOrder(constant) - weight * modOrder(modOrder(r * s) * y));
  sum.add(basePoints(), BASE.H, -weight * d);
}

/** A statement with its proof. */
export interface RangeClaim {
  readonly statement: RangeStatement;
  readonly proof: Uint8Array;
}

/**
 * Whether all proofs hold, by one multi-scalar multiplication. The weights are fixed by all statements and proofs, so every node gives the same
 * answer; proofs that do not hold cancel each other with probability 2^-250 a try. False for anything malformed.
 */
export function verifyRanges(claims: readonly RangeClaim[]): boolean {
  try {
    const nextWeight = weightsFrom(...claims.flatMap(({ statement, proof }) => [rangeStatementHash(statement), proof]));
    const sum = new Combination();
    for (const { statement, proof } of claims) addRangeEquation(sum, statement, proof, nextWeight());
    return sum.isZero();
  } catch (error) {
    if (isTacitError(error)) return false;
    throw error;
  }
}
