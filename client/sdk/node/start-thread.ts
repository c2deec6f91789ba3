/** Worker threads of Node for the tasks of client/sdk/threads.ts. */
import { Worker } from 'node:worker_threads';
import type { StartThread, ThreadSays } from '../threads.ts';

/** Beside this file, among the sources and in what is packed. */
const THREAD = new URL(import.meta.url.endsWith('.ts') ? './thread.ts' : './thread.js', import.meta.url);

export const startThread: StartThread = (work, { said, ended }) => {
  const thread = new Worker(THREAD, { workerData: work });
  thread.on('message', (what: ThreadSays) => said(what));
  thread.once('error', (error) => ended(`has failed: ${String(error)}`));
  thread.once('exit', (code) => ended(`has ended with ${code}`));
  return () => void thread.terminate();
};
