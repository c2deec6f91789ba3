/**
 * Building submissions: encrypting and proving some thousand values keeps a core busy for most of a second, so it happens in a worker thread unless the
 * caller is one already. This file is both the caller's side and the thread.
 */
import { randomBytes } from 'node:crypto';
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { TacitError } from '../../primitives/errors.ts';
import { fheParams, type RoundContext } from '../../primitives/fhe/params.ts';
import type { LaneSpec } from '../../primitives/proofs/lane.ts';
import type { RoundKeys } from '../../primitives/proofs/statement.ts';
import { buildSubmission } from '../../primitives/proofs/submission.ts';

/** Everything one submission is made of; plain data, so that it can cross to a thread. */
export interface BuildInput {
  readonly context: RoundContext;
  readonly spec: LaneSpec;
  readonly account: Uint8Array;
  readonly keys: RoundKeys;
  readonly values: ArrayLike<number>;
}

export type Builder = (inputs: readonly BuildInput[]) => Promise<Uint8Array[]>;

/** Sealed bytes of each submission, made in this thread. */
export const buildHere: Builder = async (inputs) =>
  inputs.map(
    (input) =>
      buildSubmission({
        ...input,
        params: fheParams(input.context.paramsId),
        random: (n) => new Uint8Array(randomBytes(n)),
      }).sealed,
  );

type Answer = { readonly sealed: Uint8Array[] } | { readonly code: string; readonly message: string };

/** Sealed bytes of each submission, made in a worker thread of their own. */
export const buildInThread: Builder = (inputs) =>
  new Promise((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url), { workerData: { tacitBuild: inputs } });
    thread.once('error', reject);
    thread.once('message', (answer: Answer) => {
      void thread.terminate();
      if ('sealed' in answer) resolve(answer.sealed);
      else reject(new TacitError(answer.code, answer.message));
    });
  });

async function answer(inputs: readonly BuildInput[]): Promise<Answer> {
  try {
    return { sealed: await buildHere(inputs) };
  } catch (error) {
    // errors lose their class on the way between threads
    if (error instanceof TacitError) return { code: error.code, message: error.message };
    throw error;
  }
}

const task = workerData as { readonly tacitBuild?: readonly BuildInput[] } | null;
if (!isMainThread && task?.tacitBuild) parentPort?.postMessage(await answer(task.tacitBuild), []);
