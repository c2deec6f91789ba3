/**
 * Where a process group gets a signal that the launcher also forwards, one Ctrl-C arrives twice; the echo must not cut the clean-up short. No person who
 * has given up on a clean stop is that quick.
 */
const ECHO_MS = 1000;

/** Resolves with the reason when the process is to stop: a signal, or the parent that started it has gone. */
export function untilStopped(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      let first: number | undefined;
      process.on(signal, () => {
        first ??= performance.now();
        // Asked again, it is meant at once.
        if (performance.now() - first > ECHO_MS) process.exit(130);
        resolve(signal);
      });
    }
    process.once('disconnect', () => resolve('disconnect'));
  });
}
