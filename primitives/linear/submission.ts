/** The contributor's side of a round (§5): encrypt, prove, seal. */
import { modulo } from '../fhe/modulus.ts';
import { type FheParams, PLAIN_MODULUS } from '../fhe/params.ts';
import type { PublicKey } from '../fhe/types.ts';
import type { LaneSpec } from '../proofs/lane.ts';
import { type PayloadInput, sealSubmission, type SubmissionInput } from '../proofs/submission.ts';
import { dataLevel } from '../proofs/round-keys.ts';
import { type Binding, publicKeyDigest, type SealedHead } from '../proofs/transcript.ts';
import { encryptLinear, keysFor, type LinearKeys } from './ciphertext.ts';
import { addPlain, encodePlain, type PlainVector, subPlain } from './field.ts';
import { encodePayload, encodeUsed, type Payload, type PayloadParts } from './payload.ts';
import { expandPiece, valueWords } from './pieces.ts';
import { digitWords, openWires, proveRange } from './prove.ts';
import { type LinearShape, linearShape, placesOf } from './shape.ts';
import { linearHash, pointChallenge, rangeChallenge } from './transcript.ts';

/**
 * A sealed submission of `values`. Fresh seeds and a fresh `E` every time: never send one twice. Codes as for `sealSubmission` (primitives/proofs/submission.ts),
 * and `linear/keys`.
 */
export function buildSubmission(input: SubmissionInput & { readonly keys: LinearKeys }): {
  sealed: Uint8Array;
  ephemeral: Uint8Array;
} {
  const { params, keys, spec } = input;
  // Called when the lane has been checked: a layout is for lanes that are some.
  const prove = (payload: PayloadInput): Uint8Array =>
    encodePayload(params, spec, proveLinear(params, keys, linearShape(spec), payload));
  return sealSubmission(input, prove);
}

/** Digests of public keys that were asked for: a round has one, and each of its submissions is bound to it. */
const digests = new WeakMap<PublicKey, Uint8Array>();

function digestOf(params: FheParams, publicKey: PublicKey): Uint8Array {
  const known = digests.get(publicKey);
  if (known !== undefined) return known;
  const { a, b } = dataLevel(params, publicKey);
  const digest = publicKeyDigest(a, b);
  digests.set(publicKey, digest);
  return digest;
}

/** `h0` of a payload: of the canonical bytes of its ciphertext and of its digits' deltas. */
export function hashOfPayload(
  params: FheParams,
  binding: Binding,
  keys: LinearKeys,
  head: SealedHead,
  { ciphertext, deltas }: Pick<PayloadParts, 'ciphertext' | 'deltas'>,
): Uint8Array {
  return linearHash({
    binding,
    publicKeyDigest: digestOf(params, keys.publicKey),
    further: keysFor(params, keys, binding.spec).b.slice(1),
    maskKeys: keys.maskKeys,
    ephemeral: head.ephemeral,
    seedBoxes: head.seedBoxes,
    ciphertext,
    deltas,
  });
}

/** The public part of the plaintext mod t: deltas of the values, with the lane's offset taken off. */
export function plainPart({ offset, values }: LaneSpec, shape: LinearShape, deltas: PlainVector): PlainVector {
  const off = modulo(BigInt(offset), PLAIN_MODULUS);
  return subPlain(valueWords(shape, deltas), new BigUint64Array(values).fill(off));
}

function proveLinear(
  params: FheParams,
  keys: LinearKeys,
  shape: LinearShape,
  { binding, head, seeds, digits }: PayloadInput,
): Payload {
  const { spec } = binding;
  const pieces = seeds.map((seed, A) => expandPiece(params, binding, shape, head.ephemeral, A, seed));
  const sum = pieces.map(({ words }) => words).reduce(addPlain);
  const at = placesOf(shape);
  const deltas = subPlain(digitWords(shape, digits), sum.slice(0, at.masks));
  const ciphertext = encryptLinear(params, keys, spec, shape, pieces, plainPart(spec, shape, deltas));
  const canonical = { ciphertext: encodeUsed(params, spec, ciphertext), deltas: encodePlain(deltas) };
  const h0 = hashOfPayload(params, binding, keys, head, canonical);
  const masks = sum.subarray(at.masks, at.range);
  const values = proveRange(shape, spec.offset, digits, masks, rangeChallenge(h0, shape));
  const proof = subPlain(values, sum.slice(at.range));
  const opened = openWires(shape, digits, masks, pointChallenge(h0, encodePlain(proof)));
  return { ciphertext, deltas, proof, opened };
}
