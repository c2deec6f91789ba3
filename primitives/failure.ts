/** What a person is told when a program ends by an error: one sentence with what to do; a stack only where the fault is the program's own. */
import { isTacitError } from './errors.ts';

/** Errors of the operating system that a user can do something about. */
const SYSTEM: Readonly<Record<string, string>> = {
  EACCES: 'this user may not: look at the permissions, or choose another place',
  EPERM: 'this user may not: look at the permissions, or choose another place',
  EROFS: 'the file system is read-only: choose another place',
  ENOSPC: 'the disk is full: make room and start again',
  EDQUOT: 'the disk quota is used up: make room and start again',
  EMFILE: 'too many files are open: raise the limit (ulimit -n)',
  ENFILE: 'too many files are open on this machine',
  ENOENT: 'it is not there',
  ENOTDIR: 'a part of the path is not a folder',
  EISDIR: 'it is a folder',
  EEXIST: 'it is there already',
  EIO: 'the disk reports an error',
  EADDRINUSE: 'another process listens there: choose another port',
  EADDRNOTAVAIL: 'this machine does not have that address',
  ENOTFOUND: 'there is no such host',
};

/** The sentence, or undefined if the error is a fault of the program. */
export function sentenceOf(error: unknown): string | undefined {
  if (isTacitError(error)) return `${error.message} (${error.code})`;
  if (!(error instanceof Error)) return undefined;
  const { code, syscall, path, address, port } = error as Error & Record<string, unknown>;
  if (typeof code !== 'string' || typeof syscall !== 'string') return undefined;
  const remedy = Object.hasOwn(SYSTEM, code) ? SYSTEM[code] : undefined;
  if (remedy === undefined) return undefined;
  const named = [path, address && port ? `${String(address)}:${String(port)}` : address].find((text) => text);
  return `cannot ${syscall}${named === undefined ? '' : ` ${String(named)}`}: ${remedy} (${code})`;
}

/** What to print when a program ends by this error. */
export function failureText(error: unknown): string {
  const sentence = sentenceOf(error);
  if (sentence !== undefined) return `error: ${sentence}`;
  return `internal error: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`;
}
