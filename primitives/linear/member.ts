/** What a member does with a submission (§13.8): opens it after the close, and posts its share of the check. */
import { fromLittleEndian } from '../crypto/bytes.ts';
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import type { Scalar } from '../crypto/ristretto.ts';
import { isTacitError } from '../errors.ts';
import type { FheParams, RoundContext } from '../fhe/params.ts';
import { PER_PRIME } from '../proofs/checkshares.ts';
import type { LaneSpec } from '../proofs/lane.ts';
import { sealedId } from '../proofs/sealed.ts';
import type { Binding } from '../proofs/transcript.ts';
import { openPayload, type RejectedOutcome, rejectionOf } from '../proofs/unseal.ts';
import { coefficientLabel } from '../proofs/validity.ts';
import { type LinearProof, linearShares, type LinearTables, linearTables } from './check.ts';
import { type CiphertextTables, ciphertextShares, ciphertextTables, type LinearKeys } from './ciphertext.ts';
import { addPlain, cubic, CUBIC, type CubicVector, encodePlain, mulCubic, uniformPlain } from './field.ts';
import { decodeLinearPayload, LINEAR_FORM, type LinearPayload } from './payload.ts';
import type { LinearShare } from './pieces.ts';
import { linearShape, placesOf } from './shape.ts';
import { hashOfPayload, plainPart } from './submission.ts';
import { pointChallenge, rangeChallenge } from './transcript.ts';

/** A submission whose payload is in the open and has its form; whether it tells the truth is for the check to find out. */
export interface OpenedLinear {
  readonly id: Uint8Array;
  readonly binding: Binding;
  readonly ephemeral: Uint8Array;
  readonly payload: LinearPayload;
  readonly range: CubicVector;
  readonly point: CubicVector;
}

export type LinearOutcome = { readonly status: 'open'; readonly submission: OpenedLinear } | RejectedOutcome;

/** As `openSealed` (primitives/proofs/unseal.ts): a function of public data. */
export function openLinear(
  params: FheParams,
  binding: Binding,
  keys: LinearKeys,
  sealed: Uint8Array,
  sealSecrets: readonly Scalar[],
): LinearOutcome {
  const opened = openPayload(params, binding, keys, sealed, sealSecrets, LINEAR_FORM);
  if (opened.status === 'rejected') return opened;
  const { head } = opened;
  let payload: LinearPayload;
  try {
    payload = decodeLinearPayload(params, binding.spec, opened.bytes);
  } catch (error) {
    if (isTacitError(error)) return { status: 'rejected', reason: rejectionOf(error) };
    throw error;
  }
  const h0 = hashOfPayload(params, binding, keys, head, payload.ciphertext, payload.deltas);
  const submission: OpenedLinear = {
    id: sealedId(sealed),
    binding,
    ephemeral: head.ephemeral.slice(),
    payload,
    range: rangeChallenge(h0, linearShape(binding.spec)),
    point: pointChallenge(h0, encodePlain(payload.proof)),
  };
  return { status: 'open', submission };
}

/** What is the same for all payloads of a lane in one round. */
export interface LaneTables {
  readonly ciphertext: CiphertextTables;
  readonly linear: LinearTables;
}

/** @param beacon 32 bytes that nobody could predict before the close of the round */
export function laneTables(
  params: FheParams,
  context: RoundContext,
  keys: LinearKeys,
  beacon: Uint8Array,
  spec: LaneSpec,
): LaneTables {
  return {
    ciphertext: ciphertextTables(params, context, keys, beacon, spec),
    linear: linearTables(context, spec, beacon),
  };
}

/** One value per equation: `q` is `[prime][functional][c1, c0]`, `k` one element of K. */
export interface LinearValues {
  readonly q: BigUint64Array;
  readonly k: CubicVector;
}

/** All that is public of a submission's proof. */
export function proofOf({ payload, range, point }: OpenedLinear, { shape }: LinearTables): LinearProof {
  const at = placesOf(shape);
  const deltas = new BigUint64Array(at.end);
  deltas.set(payload.deltas);
  deltas.set(payload.proof, at.range);
  return { deltas, opened: payload.opened, range, point };
}

/** A member's shares of one payload's check: of zeros, if the payload is honest. `share` is what `sharePieces` made of the same submission. */
export function memberShares(tables: LaneTables, submission: OpenedLinear, share: LinearShare): LinearValues {
  const { linear, ciphertext } = tables;
  const { payload, binding } = submission;
  const plain = plainPart(binding.spec, linear.shape, payload.deltas);
  return {
    q: ciphertextShares(ciphertext, payload.ciphertext, plain, share),
    k: linearShares(linear, proofOf(submission, linear), share.words),
  };
}

/**
 * Shares of a combination of payloads, of whatever lanes. Weights follow from the beacon and each payload's id, independently per equation's field: any wrong
 * payloads pass in it with no better chance than one of them alone.
 */
export function combineValues(
  params: FheParams,
  context: RoundContext,
  beacon: Uint8Array,
  entries: readonly { readonly id: Uint8Array; readonly shares: LinearValues }[],
): LinearValues {
  const { dataPrimes } = params;
  const q = new BigUint64Array(dataPrimes.length * PER_PRIME);
  let k = cubic(0n);
  for (const { id, shares } of entries) {
    const prg = new Prg(hash32Of('tacit/linear/payload/1', ...coefficientLabel(context, beacon), id));
    k = addPlain(k, mulCubic(uniformPlain(prg, CUBIC), shares.k));
    // Two equations, of c1 and of c0, share a functional and its weight.
    for (let at = 0; at < q.length; at += 2) {
      const prime = dataPrimes[Math.floor(at / PER_PRIME)] as bigint;
      const weight = fromLittleEndian(prg.next(16)) % prime;
      for (const own of [at, at + 1]) q[own] = ((q[own] as bigint) + weight * (shares.q[own] as bigint)) % prime;
    }
  }
  return { q, k };
}
