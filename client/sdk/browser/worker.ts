/** The thread of `buildInWorker`: builds what it is sent, and tells how it goes. Packed into one file that imports nothing. */
import type { BuildInput } from '../build.ts';
import { buildFor, type ThreadSays } from '../build-thread.ts';

declare const self: {
  addEventListener(type: 'message', listener: (event: { readonly data: readonly BuildInput[] }) => void): void;
  postMessage(what: ThreadSays): void;
};

self.addEventListener('message', ({ data }) => void buildFor(data, (what) => self.postMessage(what)));
