/**
 * Locks beside files. A lock is a file that says which process holds it. What a process that is no more has left is taken over; what cannot be judged from here,
 * a process of another machine or container that shares the folder, counts as held.
 */
import { randomUUID } from 'node:crypto';
import { closeSync, openSync, readFileSync, readlinkSync, readSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { z } from 'zod';
import { TacitError } from '../../../primitives/errors.ts';

const holderSchema = z.strictObject({
  /** Tells this holding from every other. */
  id: z.string().max(100),
  pid: z.number().int().positive(),
  /** When the process began, as the system counts; empty where it does not tell. A number is given to another process later. */
  began: z.string().max(100),
  /** This start of the machine; empty where the system does not tell. */
  boot: z.string().max(100),
  /** The machine, and the container in it: within them a number means a process. */
  machine: z.string().max(1000),
  since: z.string().regex(/^[0-9TZ:.-]{1,40}$/),
});
type Holder = z.infer<typeof holderSchema>;

/** Larger files are no locks. */
const MAX_BYTES = 4096;
/** What is left of locks whose takeover was itself cut off, one within the other, is looked at this deep. */
const DEPTH = 4;

/** Empty where the system has no such file. */
function told(read: () => string): string {
  try {
    return read().trim();
  } catch {
    return '';
  }
}

/** A process: its state, and when it began. Fields 3 and 22 of its line, behind the name in parentheses, which may contain anything; empty if nothing is told of it. */
function lifeOf(pid: number): { readonly state: string; readonly began: string } {
  const line = told(() => readFileSync(`/proc/${pid}/stat`, 'latin1'));
  const fields = line.split(') ').at(-1)?.split(' ') ?? [];
  return { state: fields[0] ?? '', began: fields[19] ?? '' };
}

function self(): Holder {
  const [machine, container] = [
    told(() => readFileSync('/etc/machine-id', 'latin1')),
    told(() => readlinkSync('/proc/self/ns/pid')),
  ];
  return {
    id: randomUUID(),
    pid: process.pid,
    began: lifeOf(process.pid).began,
    boot: told(() => readFileSync('/proc/sys/kernel/random/boot_id', 'latin1')),
    machine: `${hostname()} ${machine} ${container}`.trim(),
    since: new Date().toISOString(),
  };
}

/** Whether a holder is known to be no more. */
function isGone({ pid, began, boot, machine }: Holder, own: Holder): boolean {
  if (machine !== own.machine) return false;
  if (boot !== own.boot) return true;
  try {
    process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
  const now = lifeOf(pid);
  // Ended, and nobody has asked how [in a container whose first process does not, it stays so]: it does nothing any more, and cannot be stopped.
  if (now.state === 'Z') return true;
  // Of another user's process the system may keep to itself when it began.
  return now.began !== '' && now.began !== began;
}

function notMade(path: string, error: unknown): TacitError {
  const { code } = error as NodeJS.ErrnoException;
  return new TacitError('sdk/no-lock', `cannot make the lock ${path}: ${code}`, { path, code });
}

/** Makes the file if there is none; whether it did. */
function make(path: string, holder: Holder): boolean {
  let handle: number;
  try {
    handle = openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw notMade(path, error);
  }
  try {
    writeFileSync(handle, `${JSON.stringify(holder)}\n`);
  } catch (error) {
    // A lock that says nothing would stay until somebody deletes it.
    rmSync(path, { force: true });
    throw notMade(path, error);
  } finally {
    closeSync(handle);
  }
  return true;
}

/** Undefined if there is none any more; 'unreadable' if it is no lock of ours, or its disk was full. */
function holderOf(path: string): Holder | 'unreadable' | undefined {
  try {
    const handle = openSync(path, 'r');
    try {
      const bytes = Buffer.alloc(MAX_BYTES);
      const found = holderSchema.safeParse(JSON.parse(bytes.toString('utf8', 0, readSync(handle, bytes))));
      return found.success ? found.data : 'unreadable';
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? undefined : 'unreadable';
  }
}

function held(path: string, holder: Holder | 'unreadable', own: Holder): TacitError {
  const remove = `if none of them runs any more, delete ${path}`;
  if (holder === 'unreadable') {
    const why = `${path} is a lock that does not say who holds it: another command has just taken it; ${remove}`;
    return new TacitError('sdk/locked', why, { path });
  }
  const { pid, since, machine } = holder;
  const here = machine === own.machine;
  const where = here ? '' : `, on another machine or in another container (${JSON.stringify(machine)})`;
  const what = here ? 'let it end, or stop it' : remove;
  const why = `process ${pid}${where} has been at this wallet since ${since}: ${what}`;
  return new TacitError('sdk/locked', why, { path, pid, since });
}

/**
 * Takes the lock at a path. What a dead process has left is replaced under a lock of its own, at `PATH.next`, which then becomes this one: of two that find it
 * left over one gets it.
 */
function take(path: string, own: Holder, depth = 0): void {
  if (make(path, own)) return;
  const holder = holderOf(path);
  // it was released just now
  if (holder === undefined && make(path, own)) return;
  if (holder === undefined || holder === 'unreadable' || !isGone(holder, own) || depth === DEPTH)
    throw held(path, holder ?? 'unreadable', own);
  const next = `${path}.next`;
  take(next, own, depth + 1);
  const now = holderOf(path);
  if (now !== undefined && now !== 'unreadable' && now.id === holder.id) return renameSync(next, path);
  rmSync(next, { force: true });
  throw held(path, now ?? 'unreadable', own);
}

/**
 * Locks a path for this process, until it is disposed of or the process ends, however it ends.
 * @throws `sdk/locked` if another holds it; `sdk/no-lock` if no file can be made there
 */
export function lockFile(path: string): AsyncDisposable {
  const own = self();
  take(path, own);
  return {
    async [Symbol.asyncDispose]() {
      const holder = holderOf(path);
      if (holder !== undefined && holder !== 'unreadable' && holder.id === own.id) rmSync(path, { force: true });
    },
  };
}
