/** Resolves after `time` milliseconds, or when `signal` ends the wait. */
export function pause(time: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) {
      resolve();
      return;
    }
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, time);
    signal.addEventListener('abort', end, { once: true });
  });
}

/**
 * Asks one after the other, the next one as soon as the one before has failed or has not answered for `patience` milliseconds. Gives the first answer; the others are
 * told by their signal that they are not needed any more. Throws the last error if all fail.
 */
export async function firstOf<T>(
  candidates: Iterable<string>,
  ask: (candidate: string, signal: AbortSignal) => Promise<T>,
  { patience, signal }: { patience: number; signal: AbortSignal },
): Promise<{ readonly from: string; readonly value: T } | undefined> {
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const failures: unknown[] = [];
  const won = Promise.withResolvers<{ from: string; value: T }>();
  const started: Promise<void>[] = [];
  try {
    for (const candidate of candidates) {
      if (stop.aborted) break;
      const asked = ask(candidate, stop).then(
        (value) => won.resolve({ from: candidate, value }),
        (error: unknown) => void failures.push(error),
      );
      started.push(asked);
      const winner = await Promise.race([won.promise, asked.then(() => undefined), pause(patience, stop)]);
      if (winner !== undefined) return winner;
    }
    const winner = await Promise.race([won.promise, Promise.all(started).then(() => undefined)]);
    if (winner !== undefined) return winner;
    // The last to end may have won.
    const late = await Promise.race([won.promise, Promise.resolve(undefined)]);
    if (late !== undefined) return late;
    if (failures.length > 0) throw failures.at(-1);
    return undefined;
  } finally {
    over.abort();
  }
}
