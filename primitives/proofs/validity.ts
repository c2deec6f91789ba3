/**
 * The check of section 5: is a payload's ciphertext built from its seeds, are its digits digits, does it meet its lane's claims?
 *
 * Nobody holds all seeds of an honest submitter, so the check is a handful of linear equations `sum_A piece_A = public side`, whose coefficients come from the
 * beacon of the closed round. A piece is a function of one subset's seed; local conversion (CDI) turns the pieces into Shamir shares without a message.
 * A member posts `share - public side`; the posts of an honest payload decode to zero in every place. No value that involves the round key is
 * computed before this has passed [crafted `c1` is a decryption oracle; half-integers; oversized noise].
 *
 * Equations: per data prime and per one of two `chi`, `<chi, c1>` and `<chi, c0>`; mod l one random combination of the responses, the digit identity, the
 * norm and the total, or the equations of a meter.
 */
import { type HashPart, hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { modOrder, type Scalar } from '../crypto/ristretto.ts';
import type { FheParams, RoundContext } from '../fhe/params.ts';
import { scalarField, type ScalarVector } from '../fhe/scalar-kernel.ts';
import type { PublicKey, RnsPoly } from '../fhe/types.ts';
import { ringOf } from '../fhe/ring.ts';
import { digitProduct, DIGIT_TERMS, evaluateTerms } from './digits.ts';
import type { Expansion } from './expand.ts';
import { digitCount, type LaneSpec } from './lane.ts';
import { meterEquation } from './meter.ts';
import { dataLevel } from './statement.ts';
import type { OpenedSubmission } from './unseal.ts';
import { plaintextDeltas, valuePads, valueScalars } from './values.ts';

/** Functionals per data prime: 59 bits each, so that a wrong polynomial passes with probability below 2^-116. */
export const FUNCTIONALS = 2;

/**
 * One value per equation of the check. `q` is `[prime][functional][c1, c0]`, each below its prime; `l` is below the group order.
 */
export interface CheckValues {
  readonly q: BigUint64Array;
  readonly l: Scalar;
}

/** The random coefficients of a round's checks and what can be computed from them once: per functional, `chi` and its products with the transposes of `a` and `b`. */
export interface CheckTables {
  readonly params: FheParams;
  readonly context: RoundContext;
  readonly beacon: Uint8Array;
  readonly functionals: readonly { readonly chi: RnsPoly; readonly chiA: RnsPoly; readonly chiB: RnsPoly }[];
  /** Weights of the responses, one per digit. */
  readonly responses: ScalarVector;
  /** Weights of the digit identity, the norm and the total. */
  readonly identity: Scalar;
  readonly norm: Scalar;
  readonly total: Scalar;
}

/** @param beacon 32 bytes that nobody could predict before the close of the round */
export function checkTables(
  params: FheParams,
  context: RoundContext,
  publicKey: PublicKey,
  beacon: Uint8Array,
): CheckTables {
  const stream = (purpose: string, index: number): Prg =>
    new Prg(hash32Of('tacit/check/1', ...coefficientLabel(context, beacon), purpose, index));
  const ring = ringOf(params);
  const { a, b } = dataLevel(params, publicKey);
  const functionals = Array.from({ length: FUNCTIONALS }, (_, i) => {
    const chi = ring.uniform(stream('chi', i), params.dataPrimes.length);
    return { chi, chiA: ring.transposeMultiply(a, chi), chiB: ring.transposeMultiply(b, chi) };
  });
  const claims = scalarField.fromWide(stream('claims', 0).next(3 * 64));
  return {
    params,
    context,
    beacon,
    functionals,
    responses: scalarField.fromWide(stream('responses', 0).next(64 * 2 * params.maxValues)),
    identity: scalarField.get(claims, 0),
    norm: scalarField.get(claims, 1),
    total: scalarField.get(claims, 2),
  };
}

/** What the random coefficients of a round's checks are bound to. */
export const coefficientLabel = ({ genesis, paramsId, term, round }: RoundContext, beacon: Uint8Array): HashPart[] => [
  genesis,
  paramsId,
  term,
  round,
  beacon,
];

/** Fills `q` of a check from one `[c1, c0]` pair of residues (per prime) and functional. */
function residuePairs(
  params: FheParams,
  pair: (functional: number) => [c1: BigUint64Array, c0: BigUint64Array],
): BigUint64Array {
  const primes = params.dataPrimes.length;
  const q = new BigUint64Array(primes * FUNCTIONALS * 2);
  for (let i = 0; i < FUNCTIONALS; i++) {
    for (const [side, residues] of pair(i).entries()) {
      for (let prime = 0; prime < primes; prime++) q[(prime * FUNCTIONALS + i) * 2 + side] = residues[prime]!;
    }
  }
  return q;
}

/**
 * An expansion in the form in which the equations are linear in it. A subset's expansion has it, and so has a member's share of all of them
 * (`shareExpansions`): what the equations make of the share is the share of what they make of the pieces.
 */
export interface LinearExpansion {
  /** Multiplied by the public key. */
  readonly u: RnsPoly;
  readonly e1: RnsPoly;
  /** `e0` with the encoded pads of the values added: what `c0` has besides. */
  readonly noise: RnsPoly;
  readonly pads: ScalarVector;
  readonly masks: ScalarVector;
  readonly terms: ScalarVector;
}

export function linearExpansion(
  params: FheParams,
  spec: LaneSpec,
  { small, pads, masks, terms }: Expansion,
): LinearExpansion {
  const ring = ringOf(params);
  const primes = params.dataPrimes.length;
  const noise = ring.add(ring.fromSmall(small.e0, primes), ring.encode(valuePads(params, spec, pads)));
  return { u: ring.fromSmall(small.u, primes), e1: ring.fromSmall(small.e1, primes), noise, pads, masks, terms };
}

/** What one subset's seed, or a member's share of all seeds, contributes to each equation. */
export function secretSide(
  tables: CheckTables,
  submission: OpenedSubmission,
  { u, e1, noise, pads, masks, terms }: LinearExpansion,
): CheckValues {
  const { params } = tables;
  const { spec } = submission.binding;
  const x = submission.challenge;
  const ring = ringOf(params);
  const q = residuePairs(params, (i) => {
    const { chi, chiA, chiB } = tables.functionals[i]!;
    return [
      addResidues(params, ring.dot(chiA, u), ring.dot(chi, e1)),
      addResidues(params, ring.dot(chiB, u), ring.dot(chi, noise)),
    ];
  });
  const weights = responseWeights(tables, submission);
  let l = scalarField.dot(weights, masks) + x * scalarField.dot(weights, pads);
  l += tables.identity * evaluateTerms(identityTerms(terms), x);
  if (spec.normSq !== undefined) l += tables.norm * evaluateTerms(normTerms(terms), x);
  if (spec.bounds !== undefined) {
    const { coefficients } = meterEquation(spec, tables.context, tables.beacon);
    l += tables.total * scalarField.dot(coefficients, valueScalars(spec, pads));
  } else if (spec.total !== undefined) l += tables.total * scalarField.sum(valueScalars(spec, pads));
  return { q, l: modOrder(l) };
}

/** What the pieces of all subsets must add up to. */
export function publicSide(tables: CheckTables, submission: OpenedSubmission): CheckValues {
  const { params } = tables;
  const { spec } = submission.binding;
  const { ciphertext, deltas, terms, responses } = submission.payload;
  const x = submission.challenge;
  const ring = ringOf(params);
  const plain = ring.encode(plaintextDeltas(params, spec, deltas));
  const c0 = ring.sub(ciphertext.c0, plain);
  const q = residuePairs(params, (i) => {
    const { chi } = tables.functionals[i]!;
    return [ring.dot(chi, ciphertext.c1), ring.dot(chi, c0)];
  });
  const weights = responseWeights(tables, submission);
  const deltaScalars = scalarField.from(deltas);
  let l = scalarField.dot(weights, responses) - x * scalarField.dot(weights, deltaScalars);
  l += tables.identity * (digitProduct(responses, submission.weights, x) - evaluateTerms(identityTerms(terms), x));
  if (spec.normSq !== undefined) {
    const centred = scalarField.addScalar(valueScalars(spec, responses), modOrder(-x * BigInt(spec.offset)));
    l += tables.norm * (scalarField.dot(centred, centred) - x * x * spec.normSq - evaluateTerms(normTerms(terms), x));
  }
  if (spec.bounds !== undefined) {
    const { coefficients, right } = meterEquation(spec, tables.context, tables.beacon);
    l += tables.total * (right - scalarField.dot(coefficients, valueScalars(spec, deltaScalars)));
  } else if (spec.total !== undefined) {
    const digits = spec.total + BigInt(spec.values * spec.offset);
    l += tables.total * (digits - scalarField.sum(valueScalars(spec, deltaScalars)));
  }
  return { q, l: modOrder(l) };
}

const identityTerms = (terms: ScalarVector): Scalar[] =>
  Array.from({ length: DIGIT_TERMS }, (_, j) => scalarField.get(terms, j));
const normTerms = (terms: ScalarVector): Scalar[] => [
  scalarField.get(terms, DIGIT_TERMS),
  scalarField.get(terms, DIGIT_TERMS + 1),
];

const responseWeights = (tables: CheckTables, { binding }: OpenedSubmission): ScalarVector =>
  tables.responses.subarray(0, 4 * digitCount(binding.spec));

function addResidues(params: FheParams, ...terms: BigUint64Array[]): BigUint64Array {
  return BigUint64Array.from(params.dataPrimes, (q, i) => terms.reduce((total, term) => total + term[i]!, 0n) % q);
}
