/** The thread of `buildInWorker` and `proveInWorker`: does what it is sent, and tells how it goes. Packed into one file that imports nothing. */
import type { ThreadSays, Work } from '../threads.ts';

declare const self: {
  addEventListener(type: 'message', listener: (event: { readonly data: Work }) => void): void;
  postMessage(what: ThreadSays): void;
};

/**
 * Loads WebAssembly, which takes a while and can be forbidden. Whoever listens only afterwards misses what was sent meanwhile, and a module that fails while
 * it waits ends without a word.
 */
const loading = import('../threads.ts');

self.addEventListener('message', async ({ data }) => {
  try {
    const { workFor } = await loading;
    await workFor(data, (what) => self.postMessage(what));
  } catch (error) {
    const message = `the thread cannot be loaded: ${String(error)}`;
    self.postMessage({ code: 'sdk/thread-ended', message });
  }
});
