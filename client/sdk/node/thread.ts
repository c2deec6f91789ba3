/** The thread of `buildInThread` and `proveInThread`: does what it is started with, and tells how it goes. */
import { parentPort, workerData } from 'node:worker_threads';
import { type Work, workFor } from '../threads.ts';

await workFor(workerData as Work, (what) => parentPort?.postMessage(what, []));
