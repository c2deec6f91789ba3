/** What a member does with a submission (§5): opens it after the close, and posts its share of the check. */
import { at } from '../at.ts';
import { fromLittleEndian } from '../crypto/bytes.ts';
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import type { Scalar } from '../crypto/ristretto.ts';
import { isTacitError } from '../errors.ts';
import type { FheParams, RoundContext } from '../fhe/params.ts';
import type { Ciphertext } from '../fhe/types.ts';
import type { LaneSpec } from '../proofs/lane.ts';
import { sealedId } from '../proofs/sealed.ts';
import type { Binding } from '../proofs/transcript.ts';
import { openPayload, type OwnSummands, type RejectedOutcome, rejectionOf } from '../proofs/unseal.ts';
import { type LinearProof, linearShares, type LinearTables, linearTables } from './check.ts';
import type { LinearKeys } from './ciphertext.ts';
import { addPlain, cubic, CUBIC, type CubicVector, mulCubic, uniformPlain } from './field.ts';
import { CHECK_VALUES, type CiphertextTables, ciphertextShares, ciphertextTables } from './functionals.ts';
import { decodePayload, partsOf, type Payload } from './payload.ts';
import { linearShape, placesOf } from './shape.ts';
import type { LinearShare } from './shares.ts';
import { hashOfPayload, plainPart } from './submission.ts';
import { coefficientLabel, pointChallenge, rangeChallenge } from './transcript.ts';

/** A submission whose payload is in the open and has its form; whether it tells the truth is for the check to find out. */
export interface OpenedSubmission {
  readonly id: Uint8Array;
  readonly binding: Binding;
  readonly ephemeral: Uint8Array;
  readonly payload: Payload;
  readonly range: CubicVector;
  readonly point: CubicVector;
}

export type OpenOutcome = { readonly status: 'open'; readonly submission: OpenedSubmission } | RejectedOutcome;

/** What the caller of {@link openSealed} has found out before. */
export interface KnownOfSealed {
  /** Its `sealedId`. */
  readonly id?: Uint8Array;
  readonly own?: OwnSummands | undefined;
}

/**
 * Opens a sealed submission with the published `x_A^seal` of every subset, in order. The outcome is a function of public data: every member and every auditor finds the
 * same. Throws only where the caller is at fault: a `sealed` that `parseSealed` refuses, a missing secret, a round without the keys.
 */
export function openSealed(
  params: FheParams,
  binding: Binding,
  keys: LinearKeys,
  sealed: Uint8Array,
  sealSecrets: readonly Scalar[],
  known: KnownOfSealed = {},
): OpenOutcome {
  const opened = openPayload(params, binding, keys, sealed, sealSecrets, known.own);
  if (opened.status === 'rejected') return opened;
  const { head } = opened;
  let payload: Payload;
  try {
    payload = decodePayload(params, binding.spec, opened.bytes);
  } catch (error) {
    if (isTacitError(error)) return { status: 'rejected', reason: rejectionOf(error) };
    throw error;
  }
  const parts = partsOf(params, binding.spec, opened.bytes);
  const h0 = hashOfPayload(params, binding, keys, head, parts);
  const submission: OpenedSubmission = {
    id: known.id ?? sealedId(sealed),
    binding,
    ephemeral: head.ephemeral.slice(),
    payload,
    range: rangeChallenge(h0, linearShape(binding.spec)),
    point: pointChallenge(h0, parts.proof),
  };
  return { status: 'open', submission };
}

/** The encrypted values, for evaluation; coefficients without a value are zero in `c0`, and nothing is opened of them. */
export function ciphertextOf({ payload }: OpenedSubmission): Ciphertext {
  const { c0, c1 } = payload.ciphertext;
  return { c0: at(c0, 0), c1 };
}

/** What is the same for all payloads of a lane in one round. */
export interface LaneTables {
  readonly ciphertext: CiphertextTables;
  readonly linear: LinearTables;
}

/**
 * @param beacon 32 bytes that nobody could predict before the close of the round
 * @param alike tables of the same round that are there: lanes of as many values share what takes long
 */
export function laneTables(
  params: FheParams,
  context: RoundContext,
  keys: LinearKeys,
  beacon: Uint8Array,
  spec: LaneSpec,
  alike: Iterable<LaneTables> = [],
): LaneTables {
  const known = [...alike].find(({ linear }) => linear.spec.values === spec.values);
  return {
    ciphertext: known?.ciphertext ?? ciphertextTables(params, context, keys, beacon, spec),
    linear: linearTables(context, spec, beacon),
  };
}

/** One value per equation: `q` is `[prime][functional][c1, c0]`, `k` one element of K. */
export interface CheckValues {
  readonly q: BigUint64Array;
  readonly k: CubicVector;
}

/** All that is public of a submission's proof. */
export function proofOf({ payload, range, point }: OpenedSubmission, { shape }: LinearTables): LinearProof {
  const at = placesOf(shape);
  const deltas = new BigUint64Array(at.end);
  deltas.set(payload.deltas);
  deltas.set(payload.proof, at.range);
  return { deltas, opened: payload.opened, range, point };
}

/** A member's shares of one payload's check: of zeros, if the payload is honest. `share` is what `sharePieces` made of the same submission. */
export function payloadShares(tables: LaneTables, submission: OpenedSubmission, share: LinearShare): CheckValues {
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
export function combineShares(
  params: FheParams,
  context: RoundContext,
  beacon: Uint8Array,
  entries: readonly { readonly id: Uint8Array; readonly shares: CheckValues }[],
): CheckValues {
  const { dataPrimes } = params;
  const q = new BigUint64Array(dataPrimes.length * CHECK_VALUES);
  let k = cubic(0n);
  for (const { id, shares } of entries) {
    const prg = new Prg(hash32Of('tacit/linear/payload/1', ...coefficientLabel(context, beacon), id));
    k = addPlain(k, mulCubic(uniformPlain(prg, CUBIC), shares.k));
    // Two equations, of c1 and of c0, share a functional and its weight.
    for (let at = 0; at < q.length; at += 2) {
      const prime = dataPrimes[Math.floor(at / CHECK_VALUES)] as bigint;
      const weight = fromLittleEndian(prg.next(16)) % prime;
      for (const own of [at, at + 1]) q[own] = ((q[own] as bigint) + weight * (shares.q[own] as bigint)) % prime;
    }
  }
  return { q, k };
}
