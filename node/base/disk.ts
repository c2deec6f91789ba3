/** What is said of a disk that does not take what is written to it. */
import { statfsSync } from 'node:fs';

/** By what the system calls it: how it reads, and what helps. */
const CAUSES: readonly (readonly [RegExp, string])[] = [
  [/ENOSPC|EDQUOT|No space left|quota exceeded/i, 'make room on its disk, then start again'],
  [/EFBIG|File too large/i, 'a limit on the size of files is in force (ulimit -f): raise it, then start again'],
  [
    /EROFS|Read-only file system/i,
    'its file system is read-only, which often follows a disk error: see the system log',
  ],
  [/EIO|Input\/output error/i, 'the disk reports errors: see the system log, and move the data to another disk'],
  [/EACCES|EPERM|Permission denied|not permitted/i, 'its permissions do not allow it: give the folder to this user'],
];

/** Why `place` could not be written, the room on its disk, and the remedy: one clause for a message. `cause` is the system's or the engine's text. */
export function diskTrouble(place: string, cause: string): string {
  const remedy = CAUSES.find(([pattern]) => pattern.test(cause))?.[1] ?? 'see to its disk, then start again';
  const room = roomAt(place);
  return `${cause}${room === undefined ? '' : ` (${room} free)`}; ${remedy}`;
}

/** Free space for this user where `place` is; undefined if nobody can tell. */
function roomAt(place: string): string | undefined {
  try {
    const { bavail, bsize } = statfsSync(place);
    return `${((bavail * bsize) / (1 << 20)).toFixed(1)} MiB`;
  } catch {
    return undefined;
  }
}
