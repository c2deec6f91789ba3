/** Submissions built in a web worker: the page stays awake. */
import type { Builder } from '../build.ts';
import { builderBy } from '../threads.ts';
import { startWorker, startWorkerAt } from './start-worker.ts';

/** In a web worker. Throws `sdk/thread-ended` besides what `buildHere` throws. */
export const buildInWorker: Builder = builderBy(startWorker);

/** The same where `@tacit/client/browser/worker.js` is served at `url`. */
export function buildInWorkerAt(url: URL | string): Builder {
  return builderBy(startWorkerAt(url));
}
