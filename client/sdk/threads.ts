/** Work done in a thread of the platform, one thread per task. Node's threads and a page's differ only in how they are started and heard. */
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { buildHere, type Builder, type BuildInput } from './build.ts';
import { type ClaimInput, type ProvedClaim, proveHere, type Prover } from './prove.ts';

/** What a thread is started with: submissions to build, or a claim to prove. */
export type Work = { readonly build: readonly BuildInput[] } | { readonly prove: ClaimInput };

/** What the thread tells. */
export type ThreadSays =
  | { readonly built: number }
  | { readonly sealed: Uint8Array[] }
  | { readonly proved: ProvedClaim }
  | { readonly code: string; readonly message: string };

/** What a thread's owner hears: what the thread says, or that it is gone. */
export interface Ears {
  said(what: ThreadSays): void;
  /** @param why goes on after "the thread that ..." */
  ended(why: string): void;
}

/** Starts a thread on some work, and gives what ends it. */
export type StartThread = (work: Work, ears: Ears) => () => void;

const nameOf = (work: Work): string =>
  'build' in work ? 'the thread that builds the submissions' : 'the thread that proves the claim';

/** A builder by such threads. Besides what {@link buildHere} throws: `sdk/thread-ended` if the thread cannot be started or is gone. */
export function builderBy(start: StartThread): Builder {
  return (inputs, { onProgress, signal } = {}) =>
    resultOf<Uint8Array[]>(start, { build: inputs }, signal, (what, resolve) => {
      if ('built' in what) onProgress?.(what.built, inputs.length);
      if ('sealed' in what) resolve(what.sealed);
    });
}

/** A prover by such threads. Besides what {@link proveHere} throws: `sdk/thread-ended`. */
export function proverBy(start: StartThread): Prover {
  return (input, { signal } = {}) =>
    resultOf<ProvedClaim>(start, { prove: input }, signal, (what, resolve) => {
      if ('proved' in what) resolve(what.proved);
    });
}

/** What a thread that is started on `work` gives in the end; `heard` is told what it says and resolves with its result. */
async function resultOf<T>(
  start: StartThread,
  work: Work,
  signal: AbortSignal | undefined,
  heard: (what: ThreadSays, resolve: (result: T) => void) => void,
): Promise<T> {
  signal?.throwIfAborted();
  let end: (() => void) | undefined;
  let giveUp = (): void => undefined;
  try {
    return await new Promise<T>((resolve, reject) => {
      giveUp = () => reject(signal?.reason);
      signal?.addEventListener('abort', giveUp);
      const ended = (why: string): void => reject(new TacitError('sdk/thread-ended', `${nameOf(work)} ${why}`));
      const said = (what: ThreadSays): void => {
        if ('code' in what) return reject(new TacitError(what.code, what.message));
        try {
          heard(what, resolve);
        } catch (error) {
          // of the owner's own `onProgress`: it is told where it waits, as it is without a thread
          reject(error);
        }
      };
      try {
        end = start(work, { said, ended });
      } catch (error) {
        // a page's policy or another origin forbids it, or its system has no thread left
        ended(`cannot be started: ${String(error)}`);
      }
    });
  } finally {
    signal?.removeEventListener('abort', giveUp);
    end?.();
  }
}

/** The thread's side: works, and tells how it goes. */
export async function workFor(work: Work, tell: (what: ThreadSays) => void): Promise<void> {
  try {
    if ('prove' in work) tell({ proved: await proveHere(work.prove) });
    else tell({ sealed: await buildHere(work.build, { onProgress: (built) => tell({ built }) }) });
  } catch (error) {
    // errors lose their class on the way between threads, and a page's thread does not tell of rejected promises at all
    if (isTacitError(error)) return tell({ code: error.code, message: error.message });
    tell({ code: 'sdk/thread-ended', message: `${nameOf(work)} has failed: ${String(error)}` });
  }
}
