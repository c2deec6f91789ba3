/** A submission as the demo's parties make it, at its largest: 8,192 values of two digits and fixed norm. */
import { buildSubmission } from '../../primitives/linear/submission.ts';
import { completeNorm } from '../../primitives/proofs/norm.ts';
import { type LaneSpec, SPARE_COORDINATES } from '../../primitives/proofs/lane.ts';
import type { Binding } from '../../primitives/proofs/transcript.ts';
import { context, params, random, roundKeys } from './committee.ts';

const update = Int32Array.from({ length: params.degree - SPARE_COORDINATES }, (_, i) => ((i * 7919) % 41) - 20);
const normSq = update.reduce((sum, u) => sum + BigInt(u * u), 0n) + 12_345n;

/** The values, spare coordinates included. */
export const values: ArrayLike<number> = completeNorm(update, normSq);

export const spec: LaneSpec = { lane: 'update', part: 0, values: params.degree, digits: 2, offset: 128, normSq };
export const binding: Binding = { context, spec, account: new Uint8Array(32).fill(8) };

/** Encrypts, proves and seals it. */
export function build(): Uint8Array {
  return buildSubmission({ params, keys: roundKeys(), values, random, ...binding }).sealed;
}
