/** Claims proved in a worker thread of Node. */
import type { Prover } from '../prove.ts';
import { proverBy } from '../threads.ts';
import { startThread } from './start-thread.ts';

/** In a worker thread: the event loop goes on. Throws `sdk/thread-ended` besides what `proveHere` throws. */
export const proveInThread: Prover = proverBy(startThread);
