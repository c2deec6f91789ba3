/**
 * Locks between processes of one machine that end with the process that holds them, however it ends: a listening socket in the abstract namespace of Linux or a
 * named pipe of Windows, which the kernel takes back; elsewhere a socket file of the user's, taken over when nobody answers on it. Who wants a lock that is held
 * connects and is told by whom. Containers with networks of their own do not see each other: there the database's lock protects the data folder, nothing a key.
 */
import { mkdirSync, rmSync } from 'node:fs';
import { once } from 'node:events';
import { connect, createServer, type Server } from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { toHex } from '../../primitives/crypto/hex.ts';

/** Who holds a lock, as it tells whoever asks. */
const holderSchema = z.object({ pid: z.number().int(), what: z.string().max(4096) });
export type Holder = z.infer<typeof holderSchema>;

export type Taken = { readonly release: () => void } | { readonly heldBy: Holder | undefined };

/** Longest wait for the holder to say who it is: it may be busy, and the answer only makes the message better. */
const ANSWER_MS = 3000;
const MAX_ANSWER = 8192;

/**
 * Takes the lock of this name, or says who has it.
 * @param name what is locked, as bytes or text; only its hash is seen by others
 * @param what told to those who want it as well
 */
export async function takeLock(kind: string, name: string | Uint8Array, what: string): Promise<Taken> {
  const path = addressOf(kind, name);
  for (let attempt = 0; ; attempt++) {
    const server = await listen(path, { pid: process.pid, what });
    if (server) return { release: () => server.close() };
    const answer = await ask(path);
    if (answer !== 'nobody' || attempt > 0) return { heldBy: answer === 'nobody' ? undefined : answer };
    // Only a socket file can be left over.
    rmSync(path, { force: true });
  }
}

function addressOf(kind: string, name: string | Uint8Array): string {
  const text = typeof name === 'string' ? new TextEncoder().encode(name) : name;
  const id = `tacit-${kind}-${toHex(hash32Of('tacit/lock/1', text)).slice(2, 34)}`;
  if (process.platform === 'linux') return `\0${id}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${id}`;
  const folder = join(tmpdir(), `tacit-${userInfo().uid}`);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return join(folder, id);
}

/** Undefined if another process listens there. */
async function listen(path: string, holder: Holder): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.end(JSON.stringify(holder));
  });
  server.listen(path);
  try {
    await once(server, 'listening');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') return undefined;
    throw error;
  }
  return server.unref();
}

/** What the holder says; undefined if it says nothing that can be understood. */
function ask(path: string): Promise<Holder | 'nobody' | undefined> {
  return new Promise((resolve) => {
    const socket = connect(path);
    let text = '';
    const done = (answer: Holder | 'nobody' | undefined): void => {
      socket.destroy();
      resolve(answer);
    };
    socket.setTimeout(ANSWER_MS, () => done(undefined));
    socket.on('error', ({ code }: NodeJS.ErrnoException) => done(code === 'ECONNREFUSED' ? 'nobody' : undefined));
    socket.on('data', (chunk) => {
      text += chunk.toString('utf8');
      if (text.length > MAX_ANSWER) done(undefined);
    });
    socket.on('end', () => done(parse(text)));
  });
}

function parse(text: string): Holder | undefined {
  try {
    return holderSchema.parse(JSON.parse(text));
  } catch {
    return undefined;
  }
}
