/** A verifying thread that some tasks kill, each in a way of its own: what the first part says in its first byte. It dies at its start while {@link STILLBORN} is set. */
import { parentPort } from 'node:worker_threads';
import { READY, unpackTasks } from '../../../node/workers/tasks.ts';
import { verifyTask } from '../../../node/workers/verify.ts';

export const DEADLY = { exit: 0xe0, memory: 0xe1, error: 0xe2 } as const;

/** A variable of the environment, of which each thread has the value of its start. */
export const STILLBORN = 'TACIT_TEST_STILLBORN';
if (parentPort && process.env[STILLBORN]) throw new Error('a start that comes to nothing');

function die(how: number): void {
  if (how === DEADLY.exit) process.exit(7);
  if (how === DEADLY.error) throw new Error('a fault of the thread');
  const hoard: number[][] = [];
  for (;;) hoard.push(Array.from({ length: 1 << 16 }, (_, i) => i + 0.5));
}

parentPort?.on('message', ({ id, packed }: { id: number; packed: Uint8Array }) => {
  const results = Uint8Array.from(unpackTasks(packed), (task) => {
    const { kind, parts } = task;
    if (kind === 'hidden-claim' && parts.length === 1 && Object.values<number>(DEADLY).includes(parts[0]![0]!))
      die(parts[0]![0]!);
    return verifyTask(task) ? 1 : 0;
  });
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- the port of a thread has no origin
  parentPort!.postMessage({ id, results });
});
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- the port of a thread has no origin
parentPort?.postMessage(READY);
