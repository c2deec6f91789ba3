/** Building submissions: encrypting and proving some thousand values keeps a core busy for most of a second. Where that happens is a port. */
import { fheParams, type RoundContext } from '../../primitives/fhe/params.ts';
import type { LaneSpec } from '../../primitives/proofs/lane.ts';
import type { RoundKeys } from '../../primitives/proofs/round-keys.ts';
import { buildSubmission } from '../../primitives/linear/submission.ts';
import { random } from './random.ts';

/** Everything one submission is made of; plain data, so that it can cross to a thread. */
export interface BuildInput {
  readonly context: RoundContext;
  readonly spec: LaneSpec;
  readonly account: Uint8Array;
  readonly keys: RoundKeys;
  readonly values: ArrayLike<number>;
}

export interface BuildOptions {
  /** Told how many of all submissions are built: of none when the work begins, then after each. */
  readonly onProgress?: (built: number, all: number) => void;
  /** Gives the work up; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Makes the sealed bytes of each submission. */
export type Builder = (inputs: readonly BuildInput[], options?: BuildOptions) => Promise<Uint8Array[]>;

/** In this thread, which does nothing else meanwhile: a signal is heard before the work only. */
export const buildHere: Builder = async (inputs, { onProgress, signal } = {}) => {
  signal?.throwIfAborted();
  onProgress?.(0, inputs.length);
  return inputs.map((input, at) => {
    const { sealed } = buildSubmission({ ...input, params: fheParams(input.context.paramsId), random });
    onProgress?.(at + 1, inputs.length);
    return sealed;
  });
};
