/**
 * Locks between processes of one machine that end with the process that holds them, however it ends: the kernel takes them back. Who wants a lock that is held
 * is told by whom. Containers with networks of their own do not see each other: there the database's lock protects the data folder, nothing a key.
 */
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { homeFolder, takeFile } from './lock-file.ts';
import type { Holder, Taken } from './lock-holder.ts';
import { takeSocket } from './lock-socket.ts';

/** Takes the lock of an id, of letters, digits and `-`. */
export type LockSystem = (id: string, what: string) => Promise<Taken>;

/** Linux: a listening socket in the abstract namespace; Windows: a named pipe; elsewhere: a file below the user's home. */
function lockSystem(platform: NodeJS.Platform): LockSystem {
  if (platform === 'linux') return (id, what) => takeSocket(`\0${id}`, what);
  if (platform === 'win32') return (id, what) => takeSocket(`\\\\.\\pipe\\${id}`, what);
  return (id, what) => takeFile(homeFolder(), id, what);
}

/**
 * Takes the lock of this name, or says who has it.
 * @param name what is locked, as bytes or text; only its hash is seen by others
 * @param what told to those who want it as well
 */
export function takeLock(
  kind: string,
  name: string | Uint8Array,
  what: string,
  take: LockSystem = lockSystem(process.platform),
): Promise<Taken> {
  const text = typeof name === 'string' ? new TextEncoder().encode(name) : name;
  return take(`tacit-${kind}-${toHex(hash32Of('tacit/lock/1', text)).slice(2, 34)}`, what);
}

/** Who holds a lock: the subject of a sentence. */
export function whoHolds({ pid, what, isStranger }: Holder): string {
  const said = pid === undefined ? undefined : `process ${pid}${what === undefined ? '' : `, on ${what},`}`;
  if (!isStranger) return said ?? 'another process';
  return `a process of another user or container${said === undefined ? '' : ` (it says: ${said.replace(/,$/, '')})`}`;
}
