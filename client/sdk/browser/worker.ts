/** The thread of `buildInWorker`: builds what it is sent, and tells how it goes. Packed into one file that imports nothing. */
import type { BuildInput } from '../build.ts';
import type { ThreadSays } from '../build-thread.ts';

declare const self: {
  addEventListener(type: 'message', listener: (event: { readonly data: readonly BuildInput[] }) => void): void;
  postMessage(what: ThreadSays): void;
};

/**
 * Loads WebAssembly, which takes a while and can be forbidden. Whoever listens only afterwards misses what was sent meanwhile, and a module that fails while
 * it waits ends without a word.
 */
const loading = import('../build-thread.ts');

self.addEventListener('message', async ({ data }) => {
  try {
    const { buildFor } = await loading;
    await buildFor(data, (what) => self.postMessage(what));
  } catch (error) {
    const message = `the thread that builds the submissions cannot be loaded: ${String(error)}`;
    self.postMessage({ code: 'sdk/thread-ended', message });
  }
});
