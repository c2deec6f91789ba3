/** Building submissions: encrypting and proving some thousand values keeps a core busy for most of a second. Where that happens is a port. */
import { fheParams, type RoundContext } from '../../primitives/fhe/params.ts';
import type { LaneSpec } from '../../primitives/proofs/lane.ts';
import type { RoundKeys } from '../../primitives/proofs/statement.ts';
import { buildSubmission } from '../../primitives/proofs/submission.ts';
import { random } from './random.ts';

/** Everything one submission is made of; plain data, so that it can cross to a thread. */
export interface BuildInput {
  readonly context: RoundContext;
  readonly spec: LaneSpec;
  readonly account: Uint8Array;
  readonly keys: RoundKeys;
  readonly values: ArrayLike<number>;
}

/** Makes the sealed bytes of each submission. */
export type Builder = (inputs: readonly BuildInput[]) => Promise<Uint8Array[]>;

/** In this thread, which does nothing else meanwhile. */
export const buildHere: Builder = async (inputs) =>
  inputs.map((input) => buildSubmission({ ...input, params: fheParams(input.context.paramsId), random }).sealed);
