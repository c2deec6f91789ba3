/**
 * A prover that may lie, written independently of the honest one: big integers, all seventeen coefficients of every digit's polynomial, one subset after
 * the other. With no option set its submissions are honest ones.
 */
import { modOrder, ORDER } from '../../../../primitives/crypto/ristretto.ts';
import { ringOf } from '../../../../primitives/fhe/ring.ts';
import { scalarField } from '../../../../primitives/fhe/scalar-kernel.ts';
import type { Ciphertext, RnsPoly } from '../../../../primitives/fhe/types.ts';
import { type Expansion, expandSeed } from '../../../../primitives/proofs/expand.ts';
import { digitCount, type LaneSpec } from '../../../../primitives/proofs/lane.ts';
import type { Payload } from '../../../../primitives/proofs/payload.ts';
import { challengesOf, statementOf } from '../../../../primitives/proofs/statement.ts';
import {
  type Binding,
  challengeOf,
  digitWeights,
  type Statement,
  statementHash,
} from '../../../../primitives/proofs/transcript.ts';
import type { OpenedSubmission } from '../../../../primitives/proofs/unseal.ts';
import { seeded, type TestRound } from './round.ts';

export interface Lies {
  /** Changes the ciphertext before anything is hashed. */
  ciphertext?: (honest: Ciphertext) => Ciphertext;
  /** Deltas that are posted and hashed, unlike those in the ciphertext. */
  postedDeltas?: (honest: bigint[]) => bigint[];
  /** Responses that are posted. */
  responses?: (honest: bigint[], x: bigint) => bigint[];
  /** Seeds to use instead of fresh ones. */
  seeds?: Uint8Array[];
  /** Adjusts the aggregated terms knowing `x`, which only helps where `x` forgot them. */
  termsAfterChallenge?: (needed: bigint, terms: bigint[], x: bigint) => bigint[];
  /** Challenges of a verifier that left a guard out. */
  weakChallenges?: (statement: Statement) => Pick<OpenedSubmission, 'weights' | 'challenge'>;
}

export interface Forged {
  submission: OpenedSubmission;
  expansions: Expansion[];
  statement: Statement;
}

/** Coefficients of `prod_{c<16} ((a + X d) - c X)` mod l. */
function digitPolynomial(a: bigint, d: bigint): bigint[] {
  let coefficients = [1n];
  for (let c = 0n; c < 16n; c++) {
    coefficients = Array.from({ length: coefficients.length + 1 }, (_, j) =>
      modOrder((coefficients[j] ?? 0n) * a + (coefficients[j - 1] ?? 0n) * (d - c)),
    );
  }
  return coefficients;
}

const valueOf = (spec: LaneSpec, v: number, digit: (k: number) => bigint): bigint =>
  Array.from({ length: spec.digits }, (_, i) => 16n ** BigInt(i) * digit(v * spec.digits + i)).reduce((a, b) => a + b);

export function forge(round: TestRound, binding: Binding, digits: readonly bigint[], lies: Lies = {}): Forged {
  const { params, keys } = round;
  const { spec } = binding;
  const ring = ringOf(params);
  const count = digitCount(spec);
  const random = seeded(`forger/${digits.join()}/${binding.account.join()}`);
  const ephemeral = random(32);
  const seedBoxes = params.subsets.map(() => random(48));
  const seeds = lies.seeds ?? params.subsets.map(() => random(32));
  const expansions = seeds.map((seed, A) => expandSeed(params, binding, ephemeral, A, seed));
  const total = (pick: (e: Expansion) => bigint): bigint => expansions.map(pick).reduce((a, b) => a + b);

  const deltas = digits.map((digit, k) => digit - total((e) => scalarField.get(e.pads, k)));
  const encode = (values: bigint[]): RnsPoly =>
    ring.encode(BigUint64Array.from(values, (value) => ((value % params.t) + params.t) % params.t));
  const valuesOf = (digit: (k: number) => bigint): bigint[] =>
    Array.from({ length: spec.values }, (_, v) => valueOf(spec, v, digit));
  let c1 = ring.zero(params.dataPrimes.length);
  let c0 = encode(valuesOf((k) => deltas[k]!).map((value) => value - BigInt(spec.offset)));
  const primes = params.dataPrimes.length;
  for (const { small, pads } of expansions) {
    c1 = ring.add(c1, ring.add(ring.multiplySmall(keys.publicKey.a, small.u), ring.fromSmall(small.e1, primes)));
    c0 = ring.add(c0, ring.add(ring.multiplySmall(keys.publicKey.b, small.u), ring.fromSmall(small.e0, primes)));
    c0 = ring.add(c0, encode(valuesOf((k) => scalarField.get(pads, k))));
  }
  const ciphertext = lies.ciphertext?.({ c0, c1 }) ?? { c0, c1 };
  const posted = lies.postedDeltas?.(deltas) ?? deltas;

  const head = { ephemeral, keyDigest: new Uint8Array(32), keyBoxes: [], seedBoxes };
  // What cannot be encoded (a delta out of range) cannot be hashed either; the forger then hashes something else.
  const hashable = posted.map((delta) => (delta >= ORDER / 2n ? 0n : delta));
  const statement = statementOf(params, binding, keys, head, { ciphertext, deltas: hashable });
  const h0 = statementHash(statement);
  const weak = lies.weakChallenges?.(statement);
  const weights = weak?.weights ?? digitWeights(h0, count);

  const masks = Array.from({ length: count }, (_, k) => modOrder(total((e) => scalarField.get(e.masks, k))));
  const polynomials = digits.map((digit, k) => digitPolynomial(masks[k]!, digit));
  let terms = Array.from({ length: 16 }, (_, j) =>
    modOrder(polynomials.reduce((sum, poly, k) => sum + scalarField.get(weights, k) * poly[j]!, 0n)),
  );
  if (spec.normSq !== undefined) {
    const valueMasks = valuesOf((k) => masks[k]!);
    const values = valuesOf((k) => digits[k]!).map((value) => value - BigInt(spec.offset));
    terms.push(
      modOrder(valueMasks.reduce((sum, mask) => sum + mask * mask, 0n)),
      modOrder(2n * valueMasks.reduce((sum, mask, v) => sum + mask * values[v]!, 0n)),
    );
  }
  const termPads = terms.map((_, j) => total((e) => scalarField.get(e.terms, j)));
  const blinded = (): BigUint64Array => scalarField.from(terms.map((term, j) => term - termPads[j]!));
  const x = weak?.challenge ?? challengeOf(h0, scalarField.encode(blinded()));
  const honest = digits.map((digit, k) => modOrder(masks[k]! + x * digit));
  const responses = lies.responses?.(honest, x) ?? honest;
  if (lies.termsAfterChallenge) {
    const needed = polynomials.reduce(
      (sum, poly, k) => sum + scalarField.get(weights, k) * poly.reduceRight((acc, c) => modOrder(acc * x + c), 0n),
      0n,
    );
    terms = lies.termsAfterChallenge(modOrder(needed), terms, x);
  }
  const payload: Payload = {
    ciphertext,
    deltas: posted,
    terms: blinded(),
    responses: scalarField.from(responses),
  };
  const id = random(32);
  const submission = { id, binding, ephemeral, payload, weights, challenge: x };
  return { submission, expansions, statement };
}

/** The same forged submission before a verifier that derives the challenges as it must. */
export function withTrueChallenges({ submission, statement, expansions }: Forged): Forged {
  return { submission: { ...submission, ...challengesOf(statement, submission.payload.terms) }, statement, expansions };
}
