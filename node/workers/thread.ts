/** A verifying thread: says that it is ready, then batches in, one byte per task out. */
import { parentPort } from 'node:worker_threads';
import { READY, unpackTasks } from './tasks.ts';
import { verifyTasks } from './verify.ts';

parentPort!.on('message', ({ id, packed }: { id: number; packed: Uint8Array }) => {
  const results = Uint8Array.from(verifyTasks(unpackTasks(packed)), Number);
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the port of a thread has no origin
  parentPort!.postMessage({ id, results });
});
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- the port of a thread has no origin
parentPort!.postMessage(READY);
