/** Processes and folders that a benchmark starts and leaves nothing of. */
import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { LocalNetwork } from '../../node/local/network.ts';
import { type NodeReady, nodeReady } from '../../node/process/ready.ts';

const START_MS = 60_000;
const STOP_MS = 15_000;

export const repository = fileURLToPath(new URL('../..', import.meta.url));

/** What must not outlive the measurement, in the order in which it was begun. */
const running = new Set<() => unknown>();

/** Runs `body`, then `stop`; {@link stopRunning} does the latter earlier. */
export async function holding<T>(stop: () => unknown, body: () => Promise<T>): Promise<T> {
  running.add(stop);
  try {
    return await body();
  } finally {
    // what was stopped from outside is being stopped there
    if (running.delete(stop)) await stop();
  }
}

/** Stops what is running, the last begun first: a measurement that waits for it fails. */
export async function stopRunning(): Promise<void> {
  const all = [...running].reverse();
  running.clear();
  for (const stop of all) await stop();
}

/** Runs `body` with a new folder, which is gone afterwards. */
export function withFolder<T>(body: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'tacit-bench-'));
  return holding(
    () => rmSync(folder, { recursive: true, force: true }),
    () => body(folder),
  );
}

/** Runs `body` with a network of four validators, a process each. */
export function withNetwork<T>(body: (network: LocalNetwork) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const network = new LocalNetwork({ directory: folder, validators: 4, basePort: await freePort() });
    return holding(
      () => network.stop(),
      async () => {
        await network.start();
        return body(network);
      },
    );
  });
}

/** A port that was free a moment ago; those that count up from it are likely to be. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Asks a process to end and waits; one that does not is killed. */
export async function stopProcess(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = once(child, 'exit');
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MS);
  await gone;
  clearTimeout(timer);
}

/** Runs `body` with the WebSocket address of one authoring node of the development chain, a process of its own. */
export function withDevNode<T>(body: (rpc: string) => Promise<T>): Promise<T> {
  return withFolder(async (folder) => {
    const child = fork(
      join(repository, 'node/cli/main.ts'),
      `node --chain dev --dev-key //Alice --log error --rpc-port 0 --p2p-host 127.0.0.1 --p2p-port 0`
        .split(' ')
        .concat('--data', folder),
      { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] },
    );
    return holding(
      () => stopProcess(child),
      async () => {
        const { rpcPort } = await readiness(child);
        return body(`ws://127.0.0.1:${rpcPort}`);
      },
    );
  });
}

function readiness(child: ChildProcess): Promise<NodeReady> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error('the node does not serve')), START_MS);
    child.once('exit', (code, signal) => reject(new Error(`the node ended with ${code ?? signal}`)));
    child.on('message', (message) => {
      const parsed = nodeReady.safeParse(message);
      if (!parsed.success) return;
      clearTimeout(timer);
      resolve(parsed.data);
    });
  });
}
