/**
 * A lock that is a listening socket in Linux's abstract namespace, or a named pipe of Windows. All users of the machine see the same names, so that the nodes of
 * two users do not sign with one key; and any user can take a name first (docs/threat-model.md).
 */
import { once } from 'node:events';
import { readdirSync, readFileSync, readlinkSync, statSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { heardHolder, MAX_ANSWER, type Taken, tellHolder } from './lock-holder.ts';

/** Longest time for the holder to say who it is, all of it: it may be busy, and the answer only makes the message better. */
const ANSWER_MS = 3000;

export async function takeSocket(path: string, what: string): Promise<Taken> {
  for (let attempt = 0; ; attempt++) {
    const server = await listen(path, tellHolder(what));
    if (server) return { release: () => void server.close() };
    const owner = ownerOf(path);
    const answer = await ask(path);
    // It ended between the two: then once more.
    if (answer === 'nobody' && attempt === 0) continue;
    const heard = heardHolder(answer === 'nobody' ? '' : answer);
    return { heldBy: { ...heard, isStranger: owner === 'stranger' } };
  }
}

/** Undefined if another process listens there. */
async function listen(path: string, said: string): Promise<Server | undefined> {
  const server = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    // Who asks and does not hang up must not keep a socket of ours for ever.
    socket.setTimeout(ANSWER_MS, () => socket.destroy());
    socket.end(said);
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

/** What the holder says within the time, at most so much of it. */
function ask(path: string): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect(path);
    const chunks: Buffer[] = [];
    let length = 0;
    const done = (answer: string): void => {
      clearTimeout(timer);
      socket.destroy();
      resolve(answer);
    };
    // One deadline for all: a holder that drips would otherwise be listened to for ever.
    const timer = setTimeout(() => done(''), ANSWER_MS);
    socket.on('error', ({ code }: NodeJS.ErrnoException) => {
      done(code === 'ECONNREFUSED' || code === 'ENOENT' ? 'nobody' : '');
    });
    socket.on('data', (chunk) => {
      length += chunk.length;
      if (length > MAX_ANSWER) done('');
      else chunks.push(Buffer.from(chunk));
    });
    socket.on('end', () => done(Buffer.concat(chunks).toString('utf8')));
  });
}

/**
 * Whose process listens at an abstract name. The kernel tells nobody its user, but shows us the sockets of our own processes: one that is not among them is
 * another user's, or lies in another container. Undefined where the system does not tell.
 */
function ownerOf(path: string): 'ours' | 'stranger' | undefined {
  if (!path.startsWith('\0')) return undefined;
  try {
    const inode = listenerAt(`@${path.slice(1)}`);
    if (inode === undefined) return undefined;
    const holder = readdirSync('/proc').find((pid) => /^\d+$/.test(pid) && holds(pid, `socket:[${inode}]`));
    if (holder === undefined) return 'stranger';
    return statSync(`/proc/${holder}`).uid === process.getuid?.() ? 'ours' : 'stranger';
  } catch {
    return undefined;
  }
}

/** The inode of the socket that listens at a name. */
function listenerAt(name: string): string | undefined {
  // Num RefCount Protocol Flags Type St Inode Path; the flag is that of a listening socket.
  const lines = readFileSync('/proc/net/unix', 'utf8').split('\n');
  const fields = lines.map((line) => line.trim().split(/\s+/));
  return fields.find((field) => field[7] === name && field[3] === '00010000')?.[6];
}

/** False as well if the process is another user's. */
function holds(pid: string, link: string): boolean {
  const folder = `/proc/${pid}/fd`;
  try {
    return readdirSync(folder).some((fd) => {
      try {
        return readlinkSync(`${folder}/${fd}`) === link;
      } catch {
        return false;
      }
    });
  } catch {
    return false;
  }
}
