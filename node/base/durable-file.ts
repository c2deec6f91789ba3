/** Small files that must survive a crash and a full disk: secrets, keys, positions. All of mode 0600. */
import { randomBytes } from 'node:crypto';
import {
  closeSync,
  fchmodSync,
  fsyncSync,
  linkSync,
  mkdirSync,
  openSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { type FileHandle, open, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { diskTrouble } from './disk.ts';

/** What the name of a replacement ends with, before it takes its place. A killed process leaves it. */
export const ASIDE = '.new';

/**
 * Replaces `path`, or makes it. Whatever happens on the way, the file holds the old bytes or the new ones; when this returns the new ones are on the disk.
 * Error: `files/not-written`, then it holds what it held before.
 */
export function replaceFile(path: string, bytes: Uint8Array | string): void {
  const aside = `${path}${ASIDE}`;
  told(path, () => {
    writeSynced(aside, 'w', bytes);
    renameSync(aside, path);
    syncFolder(dirname(path));
  });
}

/** {@link replaceFile} that leaves the event loop free while the disk works; one at a time for a path. Error: `files/not-written`. */
export async function replaceFileInBackground(path: string, bytes: Uint8Array): Promise<void> {
  const aside = `${path}${ASIDE}`;
  try {
    await syncedInBackground(aside, 'w', async (file) => {
      await file.chmod(0o600);
      await file.writeFile(bytes);
    });
    await rename(aside, path);
    if (NEEDS_FOLDER) await syncedInBackground(dirname(path), 'r', async () => undefined);
  } catch (error) {
    throw notWritten(path, error);
  }
}

/** Makes `path`, which must not be there, and its folder. A crash leaves the whole file or none. Errors: `files/exists`, `files/not-written`. */
export function createFile(path: string, bytes: Uint8Array | string): void {
  const aside = `${path}.${randomBytes(4).toString('hex')}`;
  told(path, () => {
    mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
    try {
      writeSynced(aside, 'wx', bytes);
      linkNew(aside, path);
    } finally {
      rmSync(aside, { force: true });
    }
    syncFolder(dirname(path));
  });
}

function writeSynced(path: string, flags: 'w' | 'wx', bytes: Uint8Array | string): void {
  const file = openSync(path, flags, 0o600);
  try {
    // Before the bytes: one that is there may have been made with another mode.
    fchmodSync(file, 0o600);
    writeFileSync(file, bytes);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
}

/** Gives a file a name that is free. Unlike a renaming, it does not replace what another process has made in the meantime. */
function linkNew(from: string, path: string): void {
  try {
    linkSync(from, path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    throw new TacitError('files/exists', `${path} is there already`, { path });
  }
}

async function syncedInBackground(
  path: string,
  flags: 'r' | 'w',
  use: (file: FileHandle) => Promise<void>,
): Promise<void> {
  const file = await open(path, flags, 0o600);
  try {
    await use(file);
    await file.sync();
  } finally {
    await file.close();
  }
}

/** A new name is on the disk when its folder is. Windows has no such call, and needs none. */
const NEEDS_FOLDER = process.platform !== 'win32';

function syncFolder(path: string): void {
  if (!NEEDS_FOLDER) return;
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}

function told(path: string, write: () => void): void {
  try {
    write();
  } catch (error) {
    throw notWritten(path, error);
  }
}

function notWritten(path: string, error: unknown): TacitError {
  if (isTacitError(error)) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const trouble = diskTrouble(dirname(path), message);
  return new TacitError('files/not-written', `${path} cannot be written: ${trouble}`, { path, cause: code ?? message });
}
