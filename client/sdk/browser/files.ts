/** Small private texts of a page, and locks on them. What keeps them private is the browser: one origin does not see another's; whoever can run scripts in the page does. */
import { TacitError } from '../../../primitives/errors.ts';
import type { Files } from '../ports.ts';

/** What this file uses of the DOM's `Storage`. */
interface WebStorage {
  getItem(key: string): string | null;
  setItem(key: string, value: string): void;
}
declare const localStorage: WebStorage;
/** And of its locks, which all pages of one origin share. Undefined in a page that came without TLS from another machine. */
declare const navigator: {
  readonly locks?: {
    request(
      name: string,
      options: { readonly ifAvailable: true },
      held: (lock: object | null) => Promise<void> | undefined,
    ): Promise<void>;
  };
};

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
  lock(name) {
    const { locks } = navigator;
    if (locks === undefined)
      return Promise.reject(new TacitError('sdk/no-lock', `this page cannot lock ${name}: it needs a secure context`));
    return new Promise((resolve, reject) => {
      const taken = (lock: object | null): Promise<void> | undefined => {
        if (lock === null) {
          reject(new TacitError('sdk/locked', `another page is at ${name}: close it, or let it end`, { name }));
          return undefined;
        }
        return new Promise((release) => resolve({ [Symbol.asyncDispose]: async () => release() }));
      };
      locks.request(keyOf(name), { ifAvailable: true }, taken).catch(reject);
    });
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
