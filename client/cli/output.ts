import { closeSync, existsSync, openSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { TacitError } from '../../primitives/errors.ts';

/** Tries whether a file can be written, before time or money is spent on what goes into it. @throws `cli/no-output` */
export function tryOutput(flag: string, path: string): void {
  const file = resolve(path);
  const isNew = !existsSync(file);
  try {
    closeSync(openSync(file, 'a'));
    if (isNew) rmSync(file);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such folder' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new TacitError('cli/no-output', `${flag}: ${file} cannot be written: ${why}`, { path: file, code });
  }
}
