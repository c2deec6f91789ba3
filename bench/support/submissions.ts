/** Submissions as the demo's parties make them: 8,192 values of two digits and fixed norm, in two parts. */
import { completeNorm } from '../../primitives/proofs/norm.ts';
import { type LaneSpec, SPARE_COORDINATES } from '../../primitives/proofs/lane.ts';
import { buildSubmission } from '../../primitives/proofs/submission.ts';
import type { Binding } from '../../primitives/proofs/transcript.ts';
import { context, params, random, roundKeys } from './committee.ts';

const update = Int32Array.from({ length: params.maxValues - SPARE_COORDINATES }, (_, i) => ((i * 7919) % 41) - 20);
const normSq = update.reduce((sum, u) => sum + BigInt(u * u), 0n) + 12_345n;

/** The values of one part, spare coordinates included. */
export const values: ArrayLike<number> = completeNorm(update, normSq);

export function bindingOf(part: number): Binding {
  const spec: LaneSpec = { lane: 'update', part, values: params.maxValues, digits: 2, offset: 128, normSq };
  return { context, spec, account: new Uint8Array(32).fill(8) };
}

/** Encrypts, proves and seals one part. */
export function build(part: number): Uint8Array {
  return buildSubmission({ params, keys: roundKeys(), values, random, ...bindingOf(part) }).sealed;
}
