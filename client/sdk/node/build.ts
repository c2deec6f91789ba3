/** Submissions built in a worker thread of Node. */
import type { Builder } from '../build.ts';
import { builderBy } from '../threads.ts';
import { startThread } from './start-thread.ts';

/** In a worker thread: the event loop goes on. Throws `sdk/thread-ended` besides what `buildHere` throws. */
export const buildInThread: Builder = builderBy(startThread);
