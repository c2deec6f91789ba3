import { accessSync, closeSync, constants, existsSync, openSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { TacitError } from '../../primitives/errors.ts';

/** Tries whether a report can be written where it is wanted, before minutes are spent on what it reports. @throws `start/no-report` */
export function tryReportFile(path: string): void {
  const file = resolve(path);
  const isNew = !existsSync(file);
  try {
    closeSync(openSync(file, 'a'));
    if (isNew) rmSync(file);
    else accessSync(file, constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such folder' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new TacitError('start/no-report', `--report: ${file} cannot be written: ${why}`, { path: file, code });
  }
}
