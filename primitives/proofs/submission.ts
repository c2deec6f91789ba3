/**
 * The seal around a submission (§4.1), which the contributor makes. The submitter's randomness is split into one seed per subset of the committee, which is what
 * later lets the committee check the ciphertext without any SNARK. What is inside: primitives/linear/submission.ts.
 */
import { sealOnce } from '../crypto/aead.ts';
import { publicKeyOf, sealTo } from '../crypto/box.ts';
import type { RandomBytes } from '../crypto/bytes.ts';
import { randomScalar } from '../crypto/ristretto.ts';
import { proveSchnorr } from '../crypto/schnorr.ts';
import { TacitError } from '../errors.ts';
import { checkContext, type FheParams } from '../fhe/params.ts';
import { checkLane, digitsOf, type LaneSpec } from './lane.ts';
import { checkMeter, meets } from './meter.ts';
import type { RoundKeys } from './round-keys.ts';
import { encodeSealed, joinKey, SEED_BYTES } from './sealed.ts';
import { type Binding, boxData, keyDigestOf, payloadData, type SealedHead, submissionMessage } from './transcript.ts';

export interface SubmissionInput extends Binding {
  readonly params: FheParams;
  readonly keys: RoundKeys;
  /** The lane's values, spare coordinates included: `spec.values` whole numbers in `[-offset, 16^digits - offset)`. */
  readonly values: ArrayLike<number>;
  readonly random: RandomBytes;
}

/** What a payload is made of, once its seeds are in their boxes. */
export interface PayloadInput {
  readonly binding: Binding;
  readonly head: SealedHead;
  readonly seeds: readonly Uint8Array[];
  readonly digits: Uint8Array;
}

/**
 * Checks the values against their lane, seals fresh seeds, and with them the payload that `prove` makes. Codes `proofs/bad-lane`, `proofs/value-count`,
 * `proofs/value-range`, `proofs/claim` (norm or total not met), `fhe/context`, `crypto/...` for keys that are not points.
 */
export function sealSubmission(
  input: SubmissionInput,
  prove: (payload: PayloadInput) => Uint8Array,
): { sealed: Uint8Array; ephemeral: Uint8Array } {
  const { params, spec, keys, random } = input;
  const binding: Binding = { context: input.context, spec, account: input.account };
  checkContext(params, binding.context);
  checkLane(spec, params.maxValues);
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
  return { sealed: encodeSealed(spec, { ...head, proof, payloadBox }), ephemeral };
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
