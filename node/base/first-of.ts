import { pause } from './serial.ts';

/**
 * Asks one after the other, the next one as soon as the one before has failed or has not answered for `patience` milliseconds. Gives the first answer; the others are
 * told by their signal that they are not needed any more. Throws the last error if all fail.
 *
 * @param next the next to ask, undefined while there is none: asked again as long as others have not answered
 */
export async function firstOf<T>(
  next: () => string | undefined,
  ask: (candidate: string, signal: AbortSignal) => Promise<T>,
  { patience, signal }: { patience: number; signal: AbortSignal },
): Promise<{ readonly from: string; readonly value: T } | undefined> {
  const over = new AbortController();
  const stop = AbortSignal.any([signal, over.signal]);
  const failures: unknown[] = [];
  let won: { from: string; value: T } | undefined;
  let pending = 0;
  let wake = (): void => undefined;
  try {
    while (!stop.aborted) {
      const candidate = next();
      if (candidate === undefined && pending === 0) break;
      if (candidate !== undefined) {
        pending++;
        void ask(candidate, stop)
          .then(
            (value) => (won ??= { from: candidate, value }),
            (error: unknown) => failures.push(error),
          )
          .finally(() => {
            pending--;
            wake();
          });
      }
      const turn = new AbortController();
      wake = () => turn.abort();
      await pause(patience, AbortSignal.any([stop, turn.signal]));
      if (won !== undefined) return won;
    }
  } finally {
    over.abort();
  }
  if (failures.length > 0 && !signal.aborted) throw failures.at(-1);
  return undefined;
}
