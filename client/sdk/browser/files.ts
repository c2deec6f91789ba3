/** Small private texts of a page. What keeps them private is the browser: one origin does not see another's; whoever can run scripts in the page does. */
import { TacitError } from '../../../primitives/errors.ts';
import type { Files } from '../ports.ts';

/** What this file uses of the DOM's `Storage`. */
interface WebStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}
declare const localStorage: WebStorage;

const keyOf = (name: string): string => `tacit:${name}`;

/**
 * In the page's `localStorage`, which the browser may forget when its user clears the site's data: a wallet must be on paper too (`wordsOf`).
 * Throws `sdk/no-storage` if the browser keeps nothing for the page, or has no room.
 */
export const files: Files = {
  async read(name) {
    return kept(name, () => localStorage.getItem(keyOf(name)) ?? undefined);
  },
  async replace(name, text) {
    kept(name, () => localStorage.setItem(keyOf(name), text));
  },
};

function kept<T>(name: string, use: () => T): T {
  try {
    return use();
  } catch (error) {
    const why = error instanceof Error ? error.name : 'unknown';
    throw new TacitError('sdk/no-storage', `the browser does not keep ${name} for this page: ${why}`, { name });
  }
}
