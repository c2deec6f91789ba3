/** Submissions of many parts are built and sent some at a time: neither memory nor a node's pool holds all of them. */
import type { Builder, BuildInput, BuildOptions } from './build.ts';

export interface ContributeOptions extends BuildOptions {
  /** Where the cryptography runs: by default in this thread, which it keeps busy. */
  readonly build?: Builder;
}

export interface Contributed {
  /** Milliseconds spent encrypting and proving all parts. */
  readonly buildMs: number;
  /** Sealed bytes of all parts together. */
  readonly bytes: number;
}

/** Parts that are built, and under way, at a time: together they stay below what a node's pool holds of one account. */
export const PARTS_AT_A_TIME = 8;

/** Sends what was built of some inputs. Gives what the chain said if one stood already, and nothing worse happened; throws what did. */
export type SendAll = (inputs: readonly BuildInput[], sealed: readonly Uint8Array[]) => Promise<unknown>;

/**
 * Builds and sends, one group after the other; what fails in one ends the work, and those before it stand. That something stood already is told when all is done, by throwing it.
 * @param before of so many parts so many stand already: progress counts them
 */
export async function buildInTurns(
  inputs: readonly BuildInput[],
  before: { readonly built: number; readonly all: number },
  { build, onProgress, ...options }: ContributeOptions & { readonly build: Builder },
  sendAll: SendAll,
): Promise<Contributed> {
  let [buildMs, bytes, standing] = [0, 0, undefined as unknown];
  for (let from = 0; from < inputs.length; from += PARTS_AT_A_TIME) {
    const some = inputs.slice(from, from + PARTS_AT_A_TIME);
    const told = onProgress && ((built: number) => onProgress(before.built + from + built, before.all));
    const started = performance.now();
    const sealed = await build(some, { ...options, ...(told && { onProgress: told }) });
    buildMs += performance.now() - started;
    bytes += sealed.reduce((sum, { length }) => sum + length, 0);
    const said = await sendAll(some, sealed);
    standing ??= said;
  }
  if (standing !== undefined) throw standing;
  return { buildMs, bytes };
}
