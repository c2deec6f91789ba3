/** Carrying a check out on a state that may be anything. */
import { isTacitError } from '../../primitives/errors.ts';
import { isOurs } from '../base/faults.ts';
import type { CheckBook, CheckId } from './book.ts';

/** Faults of this machine, what the source cannot give, and an audit that is stopped: nothing that a chain can be blamed for. */
const isNoFinding = (error: unknown): boolean =>
  isOurs(error) || (isTacitError(error) && error.code.startsWith('audit/') && error.code !== 'audit/damaged');

/** What an error says, with its code. */
export function whyOf(error: unknown): string {
  if (isTacitError(error)) return `${error.message} (${error.code})`;
  return error instanceof Error ? error.message : String(error);
}

/**
 * Does a part of the audit. Whatever the chain makes it throw is a finding of `check`, and undefined is given: a state in which something is missing, or is
 * no value of its type, is not to end the audit without a report.
 */
export async function carriedOut<T>(
  book: CheckBook,
  check: CheckId,
  what: string,
  work: () => T | Promise<T>,
): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    if (isNoFinding(error)) throw error;
    book.expect(check, false, `${what}: ${whyOf(error)}`);
    return undefined;
  }
}
