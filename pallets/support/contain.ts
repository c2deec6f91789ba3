import type { Context } from './context.ts';
import { isOfThisMachine } from './overlay.ts';

/**
 * Runs a part of a hook so that a fault in it stays there: its changes are undone, the error is reported, and `failed` says what becomes of what it was about.
 * A state that cannot be read, or memory that is not there, is no fault of the chain's, and goes on to the caller.
 * @param isContained which errors; all by default
 */
export function contain(
  ctx: Context,
  body: () => void,
  failed: (error: unknown) => void = () => undefined,
  isContained: (error: unknown) => boolean = () => true,
): void {
  try {
    ctx.transactional(body);
  } catch (error) {
    if (isOfThisMachine(error) || !isContained(error)) throw error;
    ctx.host.report?.(error);
    failed(error);
  }
}
