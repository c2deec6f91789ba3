/**
 * A lock for systems without names that end with their process: that of an empty LevelDB, which is a lock of the kernel's on a file. Nobody has to judge whether
 * the one who made the file still lives, so that two who find it left over cannot both take it. Only processes of one user see it.
 */
import { closeSync, mkdirSync, openSync, readSync, statSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { replaceFile } from '../base/durable-file.ts';
import { heardHolder, MAX_ANSWER, type Taken, tellHolder } from './lock-holder.ts';

/** The home that the system knows, whatever the environment says: all processes of a user are to find the same. Temporary folders are swept. */
export function homeFolder(): string {
  return join(userInfo().homedir, '.tacit-locks');
}

/** Takes the lock `id` in a folder of this user's. @throws `process/no-locks` if the folder cannot be made or is open to others */
export async function takeFile(folder: string, id: string, what: string): Promise<Taken> {
  const place = join(folder, id);
  const said = join(place, 'holder.json');
  prepare(folder, place);
  // Only where it is needed: commands that lock nothing do not load an engine.
  const { Level } = await import('level');
  const level = new Level(place);
  try {
    await level.open();
  } catch (error) {
    await level.close();
    const { code, message } = ((error as { cause?: unknown }).cause ?? error) as NodeJS.ErrnoException;
    if (code !== 'LEVEL_LOCKED')
      throw cannotLock(place, `${code ?? message}; see to its disk, or remove it if no node runs`);
    return { heldBy: { ...heardHolder(beginningOf(said)), isStranger: false } };
  }
  replaceFile(said, tellHolder(what));
  return { release: () => level.close() };
}

function prepare(folder: string, place: string): void {
  try {
    mkdirSync(place, { recursive: true, mode: 0o700 });
    const { uid, mode } = statSync(folder);
    // Who may write there can take the files from under a lock.
    if (uid !== process.getuid?.() || (mode & 0o022) !== 0)
      throw cannotLock(folder, "other users may write there; make it this user's own");
  } catch (error) {
    throw isTacitError(error)
      ? error
      : cannotLock(place, `${(error as NodeJS.ErrnoException).code ?? String(error)}; this user needs a home`);
  }
}

function cannotLock(place: string, why: string): TacitError {
  return new TacitError('process/no-locks', `no lock can be taken in ${place}: ${why}`, { place });
}

/** Empty if it cannot be read: the holder may be about to write it. */
function beginningOf(path: string): string {
  try {
    const file = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(MAX_ANSWER);
      return bytes.toString('utf8', 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
