/** Web workers for the tasks of client/sdk/threads.ts. Their code is a file of its own, beside this one in what is packed. */
import type { StartThread, ThreadSays, Work } from '../threads.ts';

/** What this file uses of the DOM's `Worker`. */
interface WebWorker {
  addEventListener(type: 'message', listener: (event: { readonly data: ThreadSays }) => void): void;
  addEventListener(type: 'messageerror', listener: () => void): void;
  addEventListener(type: 'error', listener: (event: { readonly message?: string }) => void): void;
  postMessage(work: Work): void;
  terminate(): void;
}
declare const Worker: new (url: URL | string, options: { readonly type: 'module' }) => WebWorker;

const UNLOADED = 'cannot be loaded: is worker.js of @tacit/client/browser served, and does the page’s policy allow it?';

function startWith(make: () => WebWorker): StartThread {
  return (work, { said, ended }) => {
    const worker = make();
    worker.addEventListener('message', ({ data }) => said(data));
    worker.addEventListener('messageerror', () => ended('says what cannot be read'));
    // without a message it is the file that is not there, or not allowed
    worker.addEventListener('error', ({ message }) => ended(message ? `has failed: ${message}` : UNLOADED));
    try {
      worker.postMessage(work);
    } catch (error) {
      // nobody else knows of it: it would stay as long as the page
      worker.terminate();
      throw error;
    }
    return () => worker.terminate();
  };
}

/** Bundlers that know `new Worker(new URL(...))` (Vite, webpack, Parcel) take its file along; for others there is {@link startWorkerAt}. */
export const startWorker: StartThread = startWith(
  () => new Worker(new URL('./worker.js', import.meta.url), { type: 'module' }),
);

/** The same where `@tacit/client/browser/worker.js` is served at `url`. It imports nothing, so that it can be served as it is. */
export function startWorkerAt(url: URL | string): StartThread {
  return startWith(() => new Worker(url, { type: 'module' }));
}
