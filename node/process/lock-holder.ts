/** What the holder of a lock tells of itself. Whoever holds it may be anybody: nothing of it is believed but that the lock is held. */
import { z } from 'zod';

/** Who holds a lock. */
export interface Holder {
  /** Undefined if it does not say. */
  readonly pid: number | undefined;
  readonly what: string | undefined;
  /** Whether it is known to be no process of this user's in this container. */
  readonly isStranger: boolean;
}

export type Taken = { readonly release: () => void | Promise<void> } | { readonly heldBy: Holder };

/** Longest answer that is read, in bytes. */
export const MAX_ANSWER = 8192;
/** Of `what`, so much is shown. */
const MAX_SHOWN = 200;

const answer = z.object({ pid: z.number().int().positive(), what: z.string() });

export function tellHolder(what: string): string {
  return JSON.stringify({ pid: process.pid, what });
}

/** Reads what {@link tellHolder} wrote, or somebody else: nothing of it can move a terminal's cursor. */
export function heardHolder(text: string): Omit<Holder, 'isStranger'> {
  try {
    const { pid, what } = answer.parse(JSON.parse(text));
    return { pid, what: plain(what) };
  } catch {
    return { pid: undefined, what: undefined };
  }
}

/** Control, format and other invisible characters are shown as `?`. */
function plain(text: string): string {
  const shown = Array.from(text.slice(0, 2 * MAX_SHOWN))
    .slice(0, MAX_SHOWN)
    .join('');
  return `${shown.replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')}${shown.length < text.length ? '…' : ''}`;
}
