import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { type NodeReady, nodeReady } from '../../node/process/ready.ts';
import { scratchFolder } from '../support/scratch.ts';

const MAIN = fileURLToPath(new URL('../../node/cli/main.ts', import.meta.url));

/** A node of the development chain in a process of its own, on free ports, with a folder that is removed at the end. */
export interface DevNode {
  readonly ready: NodeReady;
  readonly ws: string;
  readonly http: string;
  readonly directory: string;
  readonly process: ChildProcess;
  /** Standard error so far. */
  log(): string;
  /** Ends it by `signal` and gives its exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  stop(): Promise<void>;
}

export async function startDevNode(flags: readonly string[] = [], directory?: string): Promise<DevNode> {
  const data = directory ?? scratchFolder('node');
  const args = ['node', '--chain', 'dev', '--data', data, '--dev-key', '//Alice', '--p2p-host', '127.0.0.1'];
  const child = fork(MAIN, [...args, '--rpc-port', '0', '--p2p-port', '0', ...flags], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let log = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      log += chunk.toString();
    });
  }
  const gone = once(child, 'exit') as Promise<[number | null]>;
  const told = once(child, 'message') as Promise<[unknown]>;
  const first = await Promise.race([told, gone.then(() => undefined)]);
  if (!first) throw new Error(`the node ended while starting:\n${log}`);
  const ready = nodeReady.parse(first[0]);
  const end = async (signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> => {
    child.kill(signal);
    return (await gone)[0];
  };
  return {
    ready,
    ws: `ws://127.0.0.1:${ready.rpcPort}`,
    http: `http://127.0.0.1:${ready.rpcPort}`,
    directory: data,
    process: child,
    log: () => log,
    end,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) await end('SIGKILL');
      await rm(data, { recursive: true, force: true });
    },
  };
}
