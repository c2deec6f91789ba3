/** What Node and browsers do in different ways: randomness, threads, files. Node's own ways lie in client/sdk/node, a page's in client/sdk/browser. */
import type { RandomBytes } from '../../primitives/crypto/bytes.ts';
import type { Builder } from './build.ts';
import type { Prover } from './prove.ts';

export { random } from './random.ts';

/** Small private texts by name: wallet files, plans of claims, stores of notes. */
export interface Files {
  /** Undefined if there is none. Throws if others than the owner may read it. */
  read(name: string): Promise<string | undefined>;
  /** Puts the text in the place of what stood there, whole or not at all; readable by the owner only. */
  replace(name: string, text: string): Promise<void>;
  /**
   * Keeps others that use the same files from this name until it is disposed of, or until this program ends, however it ends. Two that read a text and replace it
   * at once would lose what one of them wrote. Throws `sdk/locked` if somebody has it, `sdk/no-lock` if there is no way to lock.
   */
  lock(name: string): Promise<AsyncDisposable>;
}

export interface Ports {
  /** `n` bytes of a cryptographically secure source. */
  readonly random: RandomBytes;
  /** Where submissions are encrypted and proved: most of a second of work each. */
  readonly build: Builder;
  /** Where claims are proved: a fifth of a second each. */
  readonly prove: Prover;
  readonly files: Files;
}
