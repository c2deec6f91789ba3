/**
 * The payload of a submission: ciphertext, deltas, responses. One value has one encoding, and its length follows from the lane (§4, §5):
 *
 *     ciphertext | digit deltas, 12 bytes each | C_0..C_15 [N_0 N_1] deltas, 32 bytes each | F_k, 32 bytes each
 */
import { ByteReader, concatBytes } from '../crypto/bytes.ts';
import type { FheParams } from '../fhe/params.ts';
import { scalarField, type ScalarVector } from '../fhe/scalar-kernel.ts';
import type { Ciphertext } from '../fhe/types.ts';
import { ciphertextBytes, decodeCiphertext, encodeCiphertext } from '../fhe/wire.ts';
import { TacitError } from '../errors.ts';
import { termCount } from './expand.ts';
import { digitCount, type LaneSpec } from './lane.ts';

/** Deltas are signed integers, never scalars: `delta + l` would pass every check mod l and make the plaintext arbitrary. */
const DELTA_BYTES = 12;
const DELTA_BOUND = 1n << 95n;
const SCALAR_BYTES = 32;

export interface Payload {
  readonly ciphertext: Ciphertext;
  /** Per digit, `digit - sum of pads`, |delta| < 2^95. */
  readonly deltas: readonly bigint[];
  /** Deltas of `C_0..C_15`, then of `N_0, N_1` where the lane fixes a norm. */
  readonly terms: ScalarVector;
  /** `F_k = a_k + x d_k` */
  readonly responses: ScalarVector;
}

/** Length in bytes of every payload of the lane. */
export function payloadBytes(params: FheParams, spec: LaneSpec): number {
  return ciphertextBytes(params) + digitCount(spec) * (DELTA_BYTES + SCALAR_BYTES) + termCount(spec) * SCALAR_BYTES;
}

/** Canonical bytes of the digit deltas. Code `proofs/delta-range`. */
export function encodeDeltas(deltas: readonly bigint[]): Uint8Array {
  const out = new Uint8Array(DELTA_BYTES * deltas.length);
  const view = new DataView(out.buffer);
  for (const [k, delta] of deltas.entries()) {
    if (delta <= -DELTA_BOUND || delta >= DELTA_BOUND) {
      throw new TacitError('proofs/delta-range', 'a delta does not lie strictly between -2^95 and 2^95', { digit: k });
    }
    view.setBigInt64(DELTA_BYTES * k, BigInt.asIntN(64, delta), true);
    view.setInt32(DELTA_BYTES * k + 8, Number(delta >> 64n), true);
  }
  return out;
}

function decodeDeltas(bytes: Uint8Array): bigint[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  return Array.from({ length: bytes.length / DELTA_BYTES }, (_, k) => {
    const at = DELTA_BYTES * k;
    const delta = (BigInt(view.getInt32(at + 8, true)) << 64n) | view.getBigUint64(at, true);
    if (delta === -DELTA_BOUND) throw new TacitError('proofs/delta-range', 'a delta is -2^95', { digit: k });
    return delta;
  });
}

export function encodePayload(params: FheParams, payload: Payload): Uint8Array {
  return concatBytes(
    encodeCiphertext(params, payload.ciphertext),
    encodeDeltas(payload.deltas),
    scalarField.encode(payload.terms),
    scalarField.encode(payload.responses),
  );
}

/**
 * Strict inverse of {@link encodePayload}. Codes `proofs/payload-length`, `proofs/delta-range`, `proofs/scalar-range`, and those of the ciphertext's
 * codec (`fhe/...`).
 */
export function decodePayload(params: FheParams, spec: LaneSpec, bytes: Uint8Array): Payload {
  if (bytes.length !== payloadBytes(params, spec)) {
    throw new TacitError('proofs/payload-length', 'the payload has not the lane’s length', {
      want: payloadBytes(params, spec),
      got: bytes.length,
    });
  }
  const reader = new ByteReader(bytes, 'proofs/payload-length');
  const ciphertext = decodeCiphertext(params, reader.take(ciphertextBytes(params)));
  const deltas = decodeDeltas(reader.take(DELTA_BYTES * digitCount(spec)));
  const terms = decodeScalars(reader.take(SCALAR_BYTES * termCount(spec)));
  const responses = decodeScalars(reader.take(SCALAR_BYTES * digitCount(spec)));
  reader.end();
  return { ciphertext, deltas, terms, responses };
}

function decodeScalars(bytes: Uint8Array): ScalarVector {
  const scalars = scalarField.decode(bytes);
  if (scalars === undefined) throw new TacitError('proofs/scalar-range', 'a scalar is not below the group order');
  return scalars;
}
