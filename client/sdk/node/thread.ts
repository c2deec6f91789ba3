/** Submissions built in a worker thread of Node. This file is both the caller's side and the thread. */
import { isMainThread, parentPort, Worker, workerData } from 'node:worker_threads';
import { TacitError } from '../../../primitives/errors.ts';
import { buildHere, type Builder, type BuildInput } from '../build.ts';

type Answer = { readonly sealed: Uint8Array[] } | { readonly code: string; readonly message: string };

/** Sealed bytes of each submission, made in a worker thread of their own. */
export const buildInThread: Builder = (inputs) =>
  new Promise((resolve, reject) => {
    const thread = new Worker(new URL(import.meta.url), { workerData: { tacitBuild: inputs } });
    thread.once('error', reject);
    thread.once('exit', (code) =>
      reject(new TacitError('sdk/thread-ended', `the thread that builds the submission has ended with ${code}`)),
    );
    thread.once('message', (answer: Answer) => {
      if ('sealed' in answer) resolve(answer.sealed);
      else reject(new TacitError(answer.code, answer.message));
      void thread.terminate();
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
