/**
 * What a linear proof is bound to, and the challenges that follow from it (§5.6). The range challenge covers digits, seeds and ciphertext; the point covers the
 * deltas of the proof besides. The weights of the check come from the beacon, after the close.
 */
import { type HashPart, hash32Of, hashOf } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import type { RoundContext } from '../fhe/params.ts';
import type { RnsPoly } from '../fhe/types.ts';
import { type Binding, bound } from '../proofs/transcript.ts';
import { CUBIC, type CubicVector, uniformPlain, uniformPoint } from './field.ts';
import type { LinearShape } from './shape.ts';

/** What a proof is about. */
export interface Statement {
  readonly binding: Binding;
  readonly publicKeyDigest: Uint8Array;
  /** `b` of the lane's second polynomial and on, which says how many there are. */
  readonly further: readonly RnsPoly[];
  readonly maskKeys: readonly Uint8Array[];
  readonly ephemeral: Uint8Array;
  readonly seedBoxes: readonly Uint8Array[];
  /** Canonical bytes of the ciphertext. */
  readonly ciphertext: Uint8Array;
  /** Canonical bytes of the digit deltas. */
  readonly deltas: Uint8Array;
}

/** `h0`: 64 bytes over everything that fixes the digits and their masks. */
export function linearHash(statement: Statement): Uint8Array {
  return hashOf(
    'tacit/linear/1',
    ...bound(statement.binding),
    statement.publicKeyDigest,
    ...statement.further.map((b) => new Uint8Array(b.buffer, b.byteOffset, b.byteLength)),
    ...statement.maskKeys,
    statement.ephemeral,
    ...statement.seedBoxes,
    statement.ciphertext,
    statement.deltas,
  );
}

/** `r_j`, one element of K per wire. */
export function rangeChallenge(h0: Uint8Array, { wires }: LinearShape): CubicVector {
  return uniformPlain(new Prg(hash32Of('tacit/linear/range/1', h0)), CUBIC * wires);
}

/** `rho`: after the deltas of range and squares (canonical bytes). */
export function pointChallenge(h0: Uint8Array, proofDeltas: Uint8Array): CubicVector {
  return uniformPoint(new Prg(hash32Of('tacit/linear/point/1', h0, proofDeltas)));
}

/** What the random coefficients of a round's checks are bound to. */
export const coefficientLabel = ({ genesis, paramsId, term, round }: RoundContext, beacon: Uint8Array): HashPart[] => [
  genesis,
  paramsId,
  term,
  round,
  beacon,
];

/** Weights of a check's equations, over K. */
export interface LinearWeights {
  /** One per wire. */
  readonly wires: CubicVector;
  readonly range: CubicVector;
  readonly squares: CubicVector;
  readonly norm: CubicVector;
  readonly claim: CubicVector;
}

/** From the beacon of the closed round: nobody could know them when the proofs were made. */
export function linearWeights(context: RoundContext, beacon: Uint8Array, { wires }: LinearShape): LinearWeights {
  const label = coefficientLabel(context, beacon);
  const words = uniformPlain(new Prg(hash32Of('tacit/linear/check/1', ...label, wires)), CUBIC * (wires + 4));
  const element = (i: number): CubicVector => words.subarray(CUBIC * i, CUBIC * (i + 1));
  return {
    wires: words.subarray(0, CUBIC * wires),
    range: element(wires),
    squares: element(wires + 1),
    norm: element(wires + 2),
    claim: element(wires + 3),
  };
}
