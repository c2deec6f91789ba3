/** The thread of `buildInThread`: builds what it is started with, and tells how it goes. */
import { parentPort, workerData } from 'node:worker_threads';
import type { BuildInput } from '../build.ts';
import { buildFor } from '../build-thread.ts';

await buildFor(workerData as readonly BuildInput[], (what) => parentPort?.postMessage(what, []));
