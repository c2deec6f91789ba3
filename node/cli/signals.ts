/** Resolves with the reason when the process is to stop: a signal, or the parent that started it has gone. */
export function untilStopped(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      // The second time it is meant at once.
      process.once(signal, () => {
        process.once(signal, () => process.exit(130));
        resolve(signal);
      });
    }
    process.once('disconnect', () => resolve('disconnect'));
  });
}
