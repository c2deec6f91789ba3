/** Claims proved in a web worker: the page stays awake. */
import type { Prover } from '../prove.ts';
import { proverBy } from '../threads.ts';
import { startWorker, startWorkerAt } from './start-worker.ts';

/** In a web worker. Throws `sdk/thread-ended` besides what `proveHere` throws. */
export const proveInWorker: Prover = proverBy(startWorker);

/** The same where `@tacit/client/browser/worker.js` is served at `url`. */
export function proveInWorkerAt(url: URL | string): Prover {
  return proverBy(startWorkerAt(url));
}
