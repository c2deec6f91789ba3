/**
 * The payload of a submission (§5.8). One value has one encoding, and its length follows from the lane:
 *
 *     c1 | per polynomial the coefficients of c0 that carry values | digit deltas | deltas of range and squares | opened wires
 */
import { ByteReader, concatBytes } from '../crypto/bytes.ts';
import { isTacitError, TacitError } from '../errors.ts';
import type { FheParams } from '../fhe/params.ts';
import type { RnsPoly } from '../fhe/types.ts';
import { decodeResidues, encodeResidues, refuseTransparent, residueBytes } from '../fhe/wire.ts';
import type { LaneSpec } from '../proofs/lane.ts';
import type { LinearCiphertext } from './ciphertext.ts';
import { CUBIC, type CubicVector, decodePlain, encodePlain, type PlainVector } from './field.ts';
import { linearBytes, linearShape, usedOf } from './shape.ts';

export interface Payload {
  readonly ciphertext: LinearCiphertext;
  /** Per digit `digit - sum of pads` mod t. */
  readonly deltas: PlainVector;
  /** The same of range and squares. */
  readonly proof: PlainVector;
  /** `w_j(rho)` of every wire. */
  readonly opened: CubicVector;
}

function usedBytes(params: FheParams, spec: LaneSpec): number {
  return usedOf(params, spec).reduce((sum, used) => sum + residueBytes(params.dataPrimes, used), 0);
}

/** Length in bytes of every payload of the lane. */
export function payloadBytes(params: FheParams, spec: LaneSpec): number {
  const { deltas, proof, opened } = linearBytes(linearShape(spec));
  return residueBytes(params.dataPrimes, params.degree) + usedBytes(params, spec) + deltas + proof + opened;
}

/** What of a payload its proof is bound to: views of its bytes, which are canonical if {@link decodePayload} takes them. */
export interface PayloadParts {
  /** `c1`, then the coefficients of `c0` that carry values. */
  readonly ciphertext: Uint8Array;
  readonly deltas: Uint8Array;
  readonly proof: Uint8Array;
}

export function partsOf(params: FheParams, spec: LaneSpec, bytes: Uint8Array): PayloadParts {
  const { deltas, proof } = linearBytes(linearShape(spec));
  const reader = new ByteReader(bytes, 'proofs/payload-length');
  return {
    ciphertext: reader.take(residueBytes(params.dataPrimes, params.degree) + usedBytes(params, spec)),
    deltas: reader.take(deltas),
    proof: reader.take(proof),
  };
}

/** Rows of `from` words, cut or filled up with zeros to rows of `to`. */
function resized(poly: RnsPoly, from: number, to: number): RnsPoly {
  const rows = poly.length / from;
  const out = new BigUint64Array(rows * to);
  for (let i = 0; i < rows; i++) out.set(poly.subarray(from * i, from * i + Math.min(from, to)), to * i);
  return out;
}

/** Canonical bytes of the ciphertext: `c1`, then the coefficients of `c0` that carry values. Throws `fhe/transparent`. */
export function encodeUsed(params: FheParams, spec: LaneSpec, { c0, c1 }: LinearCiphertext): Uint8Array {
  refuseTransparent(c1);
  const used = usedOf(params, spec);
  return concatBytes(
    encodeResidues(params.dataPrimes, c1),
    ...c0.map((own, p) => encodeResidues(params.dataPrimes, resized(own, params.degree, used[p] as number))),
  );
}

export function encodePayload(params: FheParams, spec: LaneSpec, payload: Payload): Uint8Array {
  return concatBytes(
    encodeUsed(params, spec, payload.ciphertext),
    encodePlain(payload.deltas),
    encodePlain(payload.proof),
    encodePlain(payload.opened),
  );
}

/**
 * Strict inverse of {@link encodePayload}. Codes `proofs/payload-length`, `proofs/delta-range`, `proofs/scalar-range`, and those of the ciphertext's
 * codec (`fhe/...`).
 */
export function decodePayload(params: FheParams, spec: LaneSpec, bytes: Uint8Array): Payload {
  const want = payloadBytes(params, spec);
  if (bytes.length !== want) {
    throw new TacitError('proofs/payload-length', 'the payload has not the lane’s length', { want, got: bytes.length });
  }
  const shape = linearShape(spec);
  const sizes = linearBytes(shape);
  const reader = new ByteReader(bytes, 'proofs/payload-length');
  const c1 = decodeResidues(
    params.dataPrimes,
    reader.take(residueBytes(params.dataPrimes, params.degree)),
    params.degree,
  );
  const c0 = usedOf(params, spec).map((used) => {
    const words = decodeResidues(params.dataPrimes, reader.take(residueBytes(params.dataPrimes, used)), used);
    return resized(words, used, params.degree);
  });
  refuseTransparent(c1);
  const read = (length: number, count: number, code: string): PlainVector => {
    try {
      return decodePlain(reader.take(length), count);
    } catch (error) {
      if (isTacitError(error)) throw new TacitError(code, 'an element is not below t, or bits behind the last are set');
      throw error;
    }
  };
  const deltas = read(sizes.deltas, shape.digits, 'proofs/delta-range');
  const proof = read(sizes.proof, CUBIC * shape.range + shape.squares, 'proofs/scalar-range');
  const opened = read(sizes.opened, CUBIC * shape.wires, 'proofs/scalar-range');
  reader.end();
  return { ciphertext: { c0, c1 }, deltas, proof, opened };
}
