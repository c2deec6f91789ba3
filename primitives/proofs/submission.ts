/**
 * The contributor's side of a round (§4, §5): encrypt, prove, seal. The submitter's randomness is split into one seed per subset of the committee,
 * which is what later lets the committee check the ciphertext without any SNARK.
 */
import { sealOnce } from '../crypto/aead.ts';
import { publicKeyOf, sealTo } from '../crypto/box.ts';
import type { RandomBytes } from '../crypto/bytes.ts';
import { modOrder, randomScalar, type Scalar } from '../crypto/ristretto.ts';
import { proveSchnorr } from '../crypto/schnorr.ts';
import { TacitError } from '../errors.ts';
import { assembleCiphertext, prepareKey } from '../fhe/encrypt.ts';
import { checkContext, type FheParams } from '../fhe/params.ts';
import { scalarField, type ScalarVector } from '../fhe/scalar-kernel.ts';
import { digitTerms } from './digits.ts';
import { type Expansion, expandSeed, SEED_BYTES } from './expand.ts';
import { checkLane, digitsOf, type LaneSpec } from './lane.ts';
import { checkMeter, meets } from './meter.ts';
import { encodePayload, type Payload } from './payload.ts';
import { DIGIT_FORM, encodeSealed, joinKey, type PayloadForm } from './sealed.ts';
import { type RoundKeys, statementOf } from './statement.ts';
import {
  type Binding,
  boxData,
  challengeOf,
  digitWeights,
  keyDigestOf,
  payloadData,
  type SealedHead,
  statementHash,
  submissionMessage,
} from './transcript.ts';
import { padAt, plaintextDeltas, valuePads, valueScalars, valuesOfDigits } from './values.ts';

export interface SubmissionInput extends Binding {
  readonly params: FheParams;
  readonly keys: RoundKeys;
  /** The lane's values, spare coordinates included: `spec.values` whole numbers in `[-offset, 16^digits - offset)`. */
  readonly values: ArrayLike<number>;
  readonly random: RandomBytes;
}

/**
 * A sealed submission of `values`. Fresh seeds and a fresh `E` every time: never send one twice.
 * Codes `proofs/bad-lane`, `proofs/value-count`, `proofs/value-range`, `proofs/claim` (norm or total not met), `fhe/context`, `crypto/...` for keys that
 * are not points.
 */
export function buildSubmission(input: SubmissionInput): { sealed: Uint8Array; ephemeral: Uint8Array } {
  const { params, keys } = input;
  return sealSubmission(input, ({ binding, head, seeds, digits }) =>
    encodePayload(params, provePayload(params, binding, keys, head, seeds, digits)),
  );
}

/** What a payload is made of, once its seeds are in their boxes. */
export interface PayloadInput {
  readonly binding: Binding;
  readonly head: SealedHead;
  readonly seeds: readonly Uint8Array[];
  readonly digits: Uint8Array;
}

/** Checks the values against their lane, seals fresh seeds, and around them the payload that `prove` makes. Codes as for {@link buildSubmission}. */
export function sealSubmission(
  input: SubmissionInput,
  prove: (payload: PayloadInput) => Uint8Array,
  form: PayloadForm = DIGIT_FORM,
): { sealed: Uint8Array; ephemeral: Uint8Array } {
  const { params, spec, keys, random } = input;
  const binding: Binding = { context: input.context, spec, account: input.account };
  checkContext(params, binding.context);
  checkLane(spec, form.maxValues(params));
  if (spec.bounds !== undefined) checkMeter(spec);
  const digits = digitsOf(spec, input.values);
  checkClaims(spec, input.values);

  const ephemeralSecret = randomScalar(random);
  const ephemeral = publicKeyOf(ephemeralSecret);
  const seeds = params.subsets.map(() => random(SEED_BYTES));
  const summands = params.subsets.map(() => random(SEED_BYTES));
  const key = joinKey(summands);
  const sealAll = (to: readonly Uint8Array[], purpose: 'key' | 'seed', secrets: readonly Uint8Array[]): Uint8Array[] =>
    secrets.map((secret, A) => sealTo(keyOf(to, A), secret, boxData(binding, purpose, A), ephemeralSecret));
  const head: SealedHead = {
    ephemeral,
    keyDigest: keyDigestOf(key),
    keyBoxes: sealAll(keys.sealKeys, 'key', summands),
    seedBoxes: sealAll(keys.maskKeys, 'seed', seeds),
  };

  const payloadBox = sealOnce(key, prove({ binding, head, seeds, digits }), payloadData(binding, head));
  const proof = proveSchnorr(ephemeralSecret, submissionMessage(binding, head, payloadBox), random(32));
  return { sealed: encodeSealed(spec, { ...head, proof, payloadBox }, form), ephemeral };
}

/** Ciphertext and proof for the digits, from seeds that are already in their boxes. */
function provePayload(
  params: FheParams,
  binding: Binding,
  keys: RoundKeys,
  head: SealedHead,
  seeds: readonly Uint8Array[],
  digits: Uint8Array,
): Payload {
  const { spec } = binding;
  const expansions = seeds.map((seed, A) => expandSeed(params, binding, head.ephemeral, A, seed));
  const sumOf = (pick: (expansion: Expansion) => ScalarVector): ScalarVector =>
    expansions.map(pick).reduce((a, b) => scalarField.addVec(a, b));

  const pads = sumOf((expansion) => expansion.pads);
  const deltas = Array.from(digits, (digit, k) => BigInt(digit) - padAt(pads, k));
  const ciphertext = assembleCiphertext(
    params,
    prepareKey(params, keys.publicKey),
    expansions.map((expansion) => expansion.small),
    expansions.map((expansion) => valuePads(params, spec, expansion.pads)),
    plaintextDeltas(params, spec, deltas),
  );

  const h0 = statementHash(statementOf(params, binding, keys, head, { ciphertext, deltas }));
  const masks = sumOf((expansion) => expansion.masks);
  const terms = digitTerms(digits, masks, digitWeights(h0, digits.length));
  if (spec.normSq !== undefined) terms.push(...normTerms(spec, digits, masks));
  const termDeltas = scalarField.subVec(
    scalarField.from(terms),
    sumOf((expansion) => expansion.terms),
  );
  const x = challengeOf(h0, scalarField.encode(termDeltas));
  const responses = scalarField.addVec(masks, scalarField.mulScalar(scalarField.from(Array.from(digits, BigInt)), x));
  return { ciphertext, deltas, terms: termDeltas, responses };
}

/** `N_0 = sum A_v^2` and `N_1 = 2 sum A_v u_v`, with `A_v` the mask of the value `u_v`: `sum (A_v + x u_v)^2 = N_0 + x N_1 + x^2 |u|^2`. */
function normTerms(spec: LaneSpec, digits: Uint8Array, masks: ScalarVector): [Scalar, Scalar] {
  const valueMasks = valueScalars(spec, masks);
  const values = scalarField.from(
    valuesOfDigits(spec, (k) => BigInt(digits[k]!)).map((value) => value - BigInt(spec.offset)),
  );
  return [scalarField.dot(valueMasks, valueMasks), modOrder(2n * scalarField.dot(valueMasks, values))];
}

function checkClaims(spec: LaneSpec, values: ArrayLike<number>): void {
  let sum = 0n;
  let norm = 0n;
  for (let v = 0; v < spec.values; v++) {
    const value = BigInt(values[v]!);
    sum += value;
    norm += value * value;
  }
  if (spec.normSq !== undefined && norm !== spec.normSq) {
    throw new TacitError('proofs/claim', 'the values have not the lane’s squared norm', { want: `${spec.normSq}` });
  }
  if (spec.bounds !== undefined) {
    if (meets(spec, values)) return;
    throw new TacitError(
      'proofs/claim',
      'the counts do not add up to the lane’s total, or hide that a bound is reached',
    );
  }
  if (spec.total !== undefined && sum !== spec.total) {
    throw new TacitError('proofs/claim', 'the values do not add up to the lane’s total', { want: `${spec.total}` });
  }
}

function keyOf(keys: readonly Uint8Array[], subset: number): Uint8Array {
  const key = keys[subset];
  if (key === undefined) throw new TacitError('proofs/round-keys', 'a subset has no box key', { subset });
  return key;
}
