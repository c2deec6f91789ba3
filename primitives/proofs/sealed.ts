/**
 * The sealed form of a submission (§4): everything a block carries until the round has closed. Its length follows from lane and parameter set:
 *
 *     version | lane | part | subsets | E | proof of knowledge of E | H(k) | key boxes | seed boxes | AEAD(k; payload)
 */
import { AEAD_TAG } from '../crypto/aead.ts';
import { ByteReader, concatBytes } from '../crypto/bytes.ts';
import { BOX_OVERHEAD } from '../crypto/box.ts';
import { hash32Of } from '../crypto/hash.ts';
import { POINT_BYTES } from '../crypto/ristretto.ts';
import { SCHNORR_BYTES } from '../crypto/schnorr.ts';
import { TacitError } from '../errors.ts';
import type { FheParams } from '../fhe/params.ts';
import { payloadBytes } from '../linear/payload.ts';
import { LANES, type LaneSpec } from './lane.ts';
import { type Binding, type SealedHead, submissionMessage } from './transcript.ts';

/** The one version that is read; version 1 had another proof. */
export const SEALED_VERSION = 2;
const HEADER_BYTES = 4;
/** Bytes of a subset's seed, and of its summand of the payload's key. */
export const SEED_BYTES = 32;
const DIGEST_BYTES = 32;
/** Key summands and seeds are 32 bytes alike. */
const SECRET_BOX_BYTES = SEED_BYTES + BOX_OVERHEAD;

export interface SealedSubmission extends SealedHead {
  /** Schnorr proof of knowledge of the logarithm of `ephemeral`. */
  readonly proof: Uint8Array;
  readonly payloadBox: Uint8Array;
}

/** Length in bytes of every sealed submission of the lane. */
export function sealedBytes(params: FheParams, spec: LaneSpec): number {
  const boxes = 2 * params.subsets.length * SECRET_BOX_BYTES;
  return HEADER_BYTES + POINT_BYTES + SCHNORR_BYTES + DIGEST_BYTES + boxes + payloadBytes(params, spec) + AEAD_TAG;
}

/** What the round's random weights know a submission by. */
export function sealedId(sealed: Uint8Array): Uint8Array {
  return hash32Of('tacit/sealed-id/1', sealed);
}

/** The payload's key: the XOR of its summands, all of which are needed. */
export function joinKey(summands: readonly Uint8Array[]): Uint8Array {
  const key = new Uint8Array(SEED_BYTES);
  for (const summand of summands) for (let i = 0; i < key.length; i++) key[i]! ^= summand[i]!;
  return key;
}

export function encodeSealed(spec: LaneSpec, sealed: SealedSubmission): Uint8Array {
  return concatBytes(
    Uint8Array.of(SEALED_VERSION, LANES[spec.lane], spec.part, sealed.keyBoxes.length),
    sealed.ephemeral,
    sealed.proof,
    sealed.keyDigest,
    ...sealed.keyBoxes,
    ...sealed.seedBoxes,
    sealed.payloadBox,
  );
}

/**
 * Splits a sealed submission into its parts, which are views of `bytes`. Strict about length and header; what the parts contain is for {@link proofTask} and,
 * after the close, for `openSealed` to judge. Codes `proofs/sealed-version`, `proofs/sealed-length`, `proofs/sealed-header`.
 */
export function parseSealed(params: FheParams, spec: LaneSpec, bytes: Uint8Array): SealedSubmission {
  if (bytes[0] !== SEALED_VERSION) {
    throw new TacitError('proofs/sealed-version', `a sealed submission has version ${SEALED_VERSION}`, {
      got: bytes[0],
    });
  }
  const want = sealedBytes(params, spec);
  if (bytes.length !== want) {
    throw new TacitError('proofs/sealed-length', 'a sealed submission has not the lane’s length', {
      want,
      got: bytes.length,
    });
  }
  const reader = new ByteReader(bytes, 'proofs/sealed-length');
  const header = [SEALED_VERSION, LANES[spec.lane], spec.part, params.subsets.length];
  if (header.some((byte) => byte !== reader.u8())) {
    throw new TacitError('proofs/sealed-header', 'lane, part or committee of a sealed submission is another', {});
  }
  const boxes = (): Uint8Array[] => params.subsets.map(() => reader.take(SECRET_BOX_BYTES));
  return {
    ephemeral: reader.take(POINT_BYTES),
    proof: reader.take(SCHNORR_BYTES),
    keyDigest: reader.take(DIGEST_BYTES),
    keyBoxes: boxes(),
    seedBoxes: boxes(),
    payloadBox: reader.take(payloadBytes(params, spec) + AEAD_TAG),
  };
}

/**
 * What must be verified before a sealed submission may stand in a block: the parts are `(E, message, proof)` of `verifySchnorr`. The message is the whole
 * extrinsic, so a copy under another account, lane or round fails [a copied payload is a copied contribution].
 */
export function proofTask(binding: Binding, sealed: SealedSubmission): { kind: 'schnorr'; parts: Uint8Array[] } {
  return {
    kind: 'schnorr',
    parts: [sealed.ephemeral, submissionMessage(binding, sealed, sealed.payloadBox), sealed.proof],
  };
}
