/**
 * Where a process group gets a signal that the launcher also forwards, one Ctrl-C arrives twice, and on a busy machine not at once; the echo must not cut the
 * clean-up short. No person who has given up on a clean stop is that quick.
 */
const ECHO_MS = 3000;
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Resolves with the reason when the process is to stop: a signal, or the parent that started it has gone. */
export function untilStopped(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of SIGNALS) {
      let first: number | undefined;
      process.on(signal, () => {
        first ??= performance.now();
        // Asked again, it is meant at once.
        if (performance.now() - first > ECHO_MS) process.exit(130);
        resolve(signal);
      });
    }
    if (process.send !== undefined && !process.connected) resolve('disconnect');
    process.once('disconnect', () => resolve('disconnect'));
  });
}

/** Ends this process when the parent that started it has gone: for work that leaves nothing half done. Does not keep it alive. */
export function endWithParent(): void {
  if (process.send !== undefined && !process.connected) process.exit(1);
  process.once('disconnect', () => process.exit(1));
  process.channel?.unref();
}
