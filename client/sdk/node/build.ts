/** Submissions built in a worker thread of Node. */
import { Worker } from 'node:worker_threads';
import type { Builder } from '../build.ts';
import { builderBy, type ThreadSays } from '../build-thread.ts';

/** Beside this file, among the sources and in what is packed. */
const THREAD = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

/** In a worker thread: the event loop goes on. Throws `sdk/thread-ended` besides what `buildHere` throws. */
export const buildInThread: Builder = builderBy((inputs, { said, ended }) => {
  const thread = new Worker(THREAD, { workerData: inputs });
  thread.on('message', (what: ThreadSays) => said(what));
  thread.once('error', (error) => ended(`has failed: ${String(error)}`));
  thread.once('exit', (code) => ended(`has ended with ${code}`));
  return () => void thread.terminate();
});
