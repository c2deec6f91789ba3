/** How objects of SEAL, which live on a heap of its own, are deleted whatever happens, and how its failures are told. */
import { TacitError } from '../errors.ts';

export interface Deletable {
  delete(): void;
}

/** Deletes what `own` was given when `body` is done, whatever happens. */
export function scoped<T>(body: (own: <O extends Deletable>(object: O) => O) => T): T {
  const owned: Deletable[] = [];
  try {
    return body((object) => {
      owned.push(object);
      return object;
    });
  } finally {
    for (const object of owned.reverse()) object.delete();
  }
}

/** `object`, filled by `fill`; deleted if that fails. */
export function filled<O extends Deletable>(object: O, fill: (object: O) => void): O {
  try {
    fill(object);
    return object;
  } catch (error) {
    object.delete();
    throw error;
  }
}

/** What SEAL's failures are called here; their own text says what SEAL saw. */
export function guarded<T>(action: string, body: () => T): T {
  try {
    return body();
  } catch (error) {
    if (error instanceof TacitError) throw error;
    throw new TacitError('fhe/seal', `SEAL refused to ${action}`, {
      reason: error instanceof Error ? error.message : String(error),
    });
  }
}
