/**
 * Keys for products (§13.2): a Galois key for x -> 1/x and a relinearisation key, in SEAL's form of key switching, made by the committee with the round key
 * and held to the same secret `s`. Everything posted is linear in pieces that whole subsets know, so that it is checked like `b` (pass-check.ts).
 *
 * The relinearisation key takes two passes (Mouchet et al. 2020), for `s^2` is not linear in the pieces. With an ephemeral secret `u`, `a` of the context and the
 * gadget `g_i` (P on data prime i, 0 elsewhere):
 *
 *     first    h0_i = -u a_i + g_i s + e0_i      h1_i = s a_i + e1_i      Galois: b_i = -(a'_i s + e_i) + g_i s(1/x)
 *     second   b_i = s h0_i + (u - s) h1_i + e2_i = -s h1_i + g_i s^2 + small,  so that (b_i, h1_i) is the key
 */
import { at } from '../at.ts';
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { TacitError } from '../errors.ts';
import { memberPieces } from './cdi.ts';
import { contextParts, keyAssignment, keyPosters, type RoundKeys, secretPiece } from './keys.ts';
import { checkContext, type FheParams, type RoundContext } from './params.ts';
import { type Prepared, type Ring, ringOf } from './ring.ts';
import { centredBinomial, ternary } from './sample.ts';
import type { RnsPoly } from './types.ts';
import { encodeKeyPoly } from './wire.ts';

/** A key for switching to `s`, at key level: one pair for each data prime. */
export interface SwitchingKey {
  readonly b: readonly RnsPoly[];
  readonly a: readonly RnsPoly[];
}

export interface EvaluationKeys {
  /** From `s(1/x)`: for the automorphism x -> 1/x. */
  readonly galois: SwitchingKey;
  /** From `s^2`. */
  readonly relin: SwitchingKey;
}

/** What a member posts in one pass, or the sum of all of it: polynomials at key level. First: Galois, h0, h1, each digit by digit; second: b digit by digit. */
export type Posting = readonly RnsPoly[];
export type Pass = 'first' | 'second';

/** Sums of the first pass, once its check has passed. */
export interface FirstPass {
  readonly galois: readonly RnsPoly[];
  readonly h0: readonly RnsPoly[];
  readonly h1: readonly RnsPoly[];
}

/** Polynomials of a posting. */
export function postingLength({ dataPrimes }: FheParams, pass: Pass): number {
  return pass === 'first' ? 3 * dataPrimes.length : dataPrimes.length;
}

/** Refuses sets that have no room for products. Throws `fhe/no-products`, `fhe/context`. */
function checkSet(params: FheParams, context: RoundContext): void {
  checkContext(params, context);
  if (!params.confidential) {
    throw new TacitError('fhe/no-products', 'no ciphertexts are multiplied under this parameter set', {
      id: params.id,
    });
  }
}

/** `a_i` of each digit: of the Galois key, or of the relinearisation key's first pass. */
export function switchingA(params: FheParams, context: RoundContext, key: keyof EvaluationKeys): RnsPoly[] {
  checkSet(params, context);
  return params.dataPrimes.map((_, digit) => {
    const seed = hash32Of('tacit/switching-a/1', ...contextParts(context), key, digit);
    return ringOf(params).uniform(new Prg(seed), params.keyPrimes.length);
  });
}

/** `g_digit * poly`: P times it modulo the digit's prime, zero modulo all others. */
export function gadget(ring: Ring, poly: RnsPoly, digit: number): RnsPoly {
  const { keyPrimes, specialPrime } = ring.params;
  return ring.linear([poly], (prime) => [prime === digit ? specialPrime : 0n], keyPrimes.length);
}

/** `u_A`: the subset's ternary piece of the ephemeral secret. */
export function ephemeralPiece(
  params: FheParams,
  context: RoundContext,
  subset: number,
  roundKey: Uint8Array,
): Int8Array {
  checkSet(params, context);
  const seed = hash32Of('tacit/ephemeral-piece/1', roundKey, ...contextParts(context), subset);
  return ternary(new Prg(seed), params.degree);
}

/**
 * The subset's pieces of a pass's errors, one for each polynomial, in the order of {@link Posting}.
 * @param bound what the pass depends on: nothing, or the hash of the first pass's sums [one error over two inputs: their difference shows `s`]
 */
export function passErrors(
  params: FheParams,
  context: RoundContext,
  subset: number,
  roundKey: Uint8Array,
  pass: Pass,
  bound: Uint8Array,
): Int8Array[] {
  checkSet(params, context);
  const prg = new Prg(hash32Of('tacit/switching-error/1', roundKey, ...contextParts(context), subset, pass, bound));
  return Array.from({ length: postingLength(params, pass) }, () => centredBinomial(prg, params.degree));
}

/** Hash of what a pass starts from. */
export function inputHash(params: FheParams, context: RoundContext, first: FirstPass | undefined): Uint8Array {
  if (first === undefined) return new Uint8Array(0);
  const polys = [...first.galois, ...first.h0, ...first.h1].map((poly) =>
    hash32Of('tacit/key-poly/1', encodeKeyPoly(params, poly)),
  );
  return hash32Of('tacit/first-pass/1', ...contextParts(context), ...polys);
}

/** Sums of the pieces of the subsets that are assigned to a member, at key level. */
interface Assigned {
  readonly secret: RnsPoly;
  readonly ephemeral: RnsPoly;
  readonly errors: readonly RnsPoly[];
}

function assignedPieces(
  params: FheParams,
  context: RoundContext,
  member: number,
  roundKeys: RoundKeys,
  assignment: readonly number[],
  first: FirstPass | undefined,
): Assigned | undefined {
  const ring = ringOf(params);
  const primes = params.keyPrimes.length;
  const pass = first === undefined ? 'first' : 'second';
  const bound = inputHash(params, context, first);
  const { subsets, values } = memberPieces(params, member, roundKeys);
  const own = subsets.flatMap((subset, i) => (assignment[subset] === member ? [{ subset, key: at(values, i) }] : []));
  if (own.length === 0) return undefined;
  const sum = (pieces: readonly Int8Array[]): RnsPoly =>
    pieces.map((piece) => ring.fromSmall(piece, primes)).reduce((all, piece) => ring.add(all, piece));
  const errors = own.map(({ subset, key }) => passErrors(params, context, subset, key, pass, bound));
  return {
    secret: sum(own.map(({ subset, key }) => secretPiece(params, context, subset, key))),
    ephemeral: sum(own.map(({ subset, key }) => ephemeralPiece(params, context, subset, key))),
    errors: at(errors, 0).map((_, i) => sum(errors.map((list) => at(list, i)))),
  };
}

function firstPosting(params: FheParams, context: RoundContext, { secret, ephemeral, errors }: Assigned): Posting {
  const ring = ringOf(params);
  const digits = params.dataPrimes.length;
  const reversed = ring.reversed(secret);
  const galois = switchingA(params, context, 'galois').map((a, i) =>
    ring.sub(gadget(ring, reversed, i), ring.add(ring.multiply(a, secret), at(errors, i))),
  );
  const prepared = switchingA(params, context, 'relin').map((a): Prepared => ring.prepare(a));
  const h0 = prepared.map((a, i) => {
    const hidden = ring.sub(at(errors, digits + i), ring.multiplyPrepared(a, ephemeral));
    return ring.add(gadget(ring, secret, i), hidden);
  });
  const h1 = prepared.map((a, i) => ring.add(ring.multiplyPrepared(a, secret), at(errors, 2 * digits + i)));
  return [...galois, ...h0, ...h1];
}

function secondPosting(ring: Ring, { h0, h1 }: FirstPass, { secret, ephemeral, errors }: Assigned): Posting {
  const rest = ring.sub(ephemeral, secret);
  return h0.map((left, i) => {
    const products = ring.add(ring.multiply(left, secret), ring.multiply(at(h1, i), rest));
    return ring.add(products, at(errors, i));
  });
}

/**
 * What `member` posts in a pass, for the subsets assigned to it; undefined if none is. Post it as `encodePosting`.
 * @param first sums of the first pass, for the second. They must have passed their check, in final state [a poster that chose `h0` after the others would read
 *   `s` off the second pass]
 */
export function passPosting(
  params: FheParams,
  context: RoundContext,
  member: number,
  roundKeys: RoundKeys,
  first?: FirstPass,
  assignment: readonly number[] = keyAssignment(params),
): Posting | undefined {
  checkSet(params, context);
  const pieces = assignedPieces(params, context, member, roundKeys, assignment, first);
  if (pieces === undefined) return undefined;
  return first === undefined ? firstPosting(params, context, pieces) : secondPosting(ringOf(params), first, pieces);
}

/** Sum of the postings of a pass. Codes `fhe/missing-posting`, `fhe/length`. */
function sumOf(
  params: FheParams,
  pass: Pass,
  postings: ReadonlyMap<number, Posting>,
  assignment: readonly number[],
): RnsPoly[] {
  const ring = ringOf(params);
  const length = postingLength(params, pass);
  const sums = Array.from({ length }, () => ring.zero(params.keyPrimes.length));
  for (const member of keyPosters(assignment)) {
    const posting = postings.get(member);
    if (!posting) {
      throw new TacitError('fhe/missing-posting', 'an assigned member has not posted its part of a pass', { member });
    }
    if (posting.length !== length) throw new TacitError('fhe/length', 'a posting has another number of polynomials');
    posting.forEach((poly, i) => {
      sums[i] = ring.add(at(sums, i), poly);
    });
  }
  return sums;
}

/** Sums of the first pass. Codes `fhe/missing-posting`, `fhe/length`. */
export function firstPassOf(
  params: FheParams,
  postings: ReadonlyMap<number, Posting>,
  assignment: readonly number[] = keyAssignment(params),
): FirstPass {
  const digits = params.dataPrimes.length;
  const sums = sumOf(params, 'first', postings, assignment);
  return { galois: sums.slice(0, digits), h0: sums.slice(digits, 2 * digits), h1: sums.slice(2 * digits) };
}

/** The keys from both passes. Codes `fhe/missing-posting`, `fhe/length`. */
export function evaluationKeys(
  params: FheParams,
  context: RoundContext,
  first: FirstPass,
  postings: ReadonlyMap<number, Posting>,
  assignment: readonly number[] = keyAssignment(params),
): EvaluationKeys {
  return {
    galois: { b: first.galois, a: switchingA(params, context, 'galois') },
    relin: { b: sumOf(params, 'second', postings, assignment), a: first.h1 },
  };
}
