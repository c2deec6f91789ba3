/** Submissions built in a thread of the platform, one thread per task. Node's threads and a page's differ only in how they are started and heard. */
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { buildHere, type Builder, type BuildInput } from './build.ts';

/** What the thread tells. */
export type ThreadSays =
  | { readonly built: number }
  | { readonly sealed: Uint8Array[] }
  | { readonly code: string; readonly message: string };

/** What a thread's owner hears: what the thread says, or that it is gone. */
export interface Ears {
  said(what: ThreadSays): void;
  /** @param why goes on after "the thread that builds the submissions" */
  ended(why: string): void;
}

/** Starts a thread on these inputs, and gives what ends it. */
export type StartThread = (inputs: readonly BuildInput[], ears: Ears) => () => void;

const THREAD = 'the thread that builds the submissions';

/** A builder by such threads. Besides what {@link buildHere} throws: `sdk/thread-ended` if the thread cannot be started or is gone. */
export function builderBy(start: StartThread): Builder {
  return async (inputs, { onProgress, signal } = {}) => {
    signal?.throwIfAborted();
    let end: (() => void) | undefined;
    let giveUp = (): void => undefined;
    try {
      return await new Promise<Uint8Array[]>((resolve, reject) => {
        giveUp = () => reject(signal?.reason);
        signal?.addEventListener('abort', giveUp);
        const said = (what: ThreadSays): void => {
          if ('built' in what) onProgress?.(what.built, inputs.length);
          else if ('sealed' in what) resolve(what.sealed);
          else reject(new TacitError(what.code, what.message));
        };
        const ended = (why: string): void => reject(new TacitError('sdk/thread-ended', `${THREAD} ${why}`));
        try {
          end = start(inputs, {
            said(what) {
              try {
                said(what);
              } catch (error) {
                // of the owner's own `onProgress`: it is told where it waits, as it is without a thread
                reject(error);
              }
            },
            ended,
          });
        } catch (error) {
          // a page's policy or another origin forbids it, or its system has no thread left
          ended(`cannot be started: ${String(error)}`);
        }
      });
    } finally {
      signal?.removeEventListener('abort', giveUp);
      end?.();
    }
  };
}

/** The thread's side: builds, and tells how it goes. */
export async function buildFor(inputs: readonly BuildInput[], tell: (what: ThreadSays) => void): Promise<void> {
  try {
    tell({ sealed: await buildHere(inputs, { onProgress: (built) => tell({ built }) }) });
  } catch (error) {
    // errors lose their class on the way between threads, and a page's thread does not tell of rejected promises at all
    if (isTacitError(error)) return tell({ code: error.code, message: error.message });
    tell({ code: 'sdk/thread-ended', message: `${THREAD} has failed: ${String(error)}` });
  }
}
