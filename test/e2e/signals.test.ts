/**
 * The documented commands as processes of their own: whichever of them is told to stop, and however, nothing is left that runs. The signal goes to the one
 * process that a user or a supervisor knows, not to the group; SIGINT alone goes to all of them, as a terminal sends it, and npm counts on that.
 */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { basename, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { openLevel } from '../../node/db/index.ts';
import { scratchFolder } from '../support/scratch.ts';

const PROJECT = fileURLToPath(new URL('../..', import.meta.url));
const PORT = 22_600;

/** Processes whose command line names `marker`, other than ours. */
function processesOf(marker: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(marker);
      } catch {
        return false;
      }
    })
    .map(Number);
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, '127.0.0.1');
  const outcome = await Promise.race([
    once(server, 'listening').then(() => true),
    once(server, 'error').then(() => false),
  ]);
  server.close();
  return outcome;
}

/** Every database below a data folder. @throws if there is none */
function databases(folder: string): string[] {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((path) => basename(path) === 'chain');
  expect(found).not.to.have.length(0);
  return found.map((path) => join(folder, path));
}

/** Resolves when the child has said `text`. @throws with what it said, if it ends before */
async function untilSaid(child: ChildProcess, text: string): Promise<void> {
  let said = '';
  await new Promise<void>((resolve, reject) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.on('data', (chunk: Buffer) => {
        said += chunk.toString();
        if (said.includes(text)) resolve();
      });
    }
    child.once('exit', () => reject(new Error(`it ended without '${text}':\n${said}`)));
  });
}

describe('signals to the documented commands', function () {
  this.timeout(600_000);

  const folder = scratchFolder('signals');
  let marker = '';

  before(function () {
    // The processes are found by their command lines, as only Linux shows them.
    if (process.platform !== 'linux') this.skip();
  });

  afterEach(() => {
    for (const pid of processesOf(marker)) process.kill(pid, 'SIGKILL');
  });

  after(() => rmSync(folder, { recursive: true, force: true }));

  /** npm, the shell that it starts, the launcher, the node: what `npx tacit node` runs. */
  const viaNpm = (args: readonly string[]): [string, string[]] => [
    'npm',
    ['exec', '--call', ['node', 'bin/tacit.mjs', ...args].join(' ')],
  ];
  const direct = (args: readonly string[]): [string, string[]] => [
    process.execPath,
    [join(PROJECT, 'bin/tacit.mjs'), ...args],
  ];
  const oneNode = (data: string): string[] => ['node', '--data', data, '--rpc-port', '0', '--p2p-port', '0'];

  interface Case {
    readonly what: string;
    readonly signal: NodeJS.Signals;
    readonly command: (data: string) => [string, string[]];
    readonly up: string;
    readonly processes: number;
  }
  const network: Omit<Case, 'signal'> = {
    what: 'npm start',
    command: (data) => ['npm', ['run', '--silent', 'start', '--', '--data', data, '--base-port', `${PORT}`]],
    up: 'they are up',
    processes: 5,
  };
  const npx: Omit<Case, 'signal'> = {
    what: 'npx tacit node',
    command: (data) => viaNpm(oneNode(data)),
    up: '"node up"',
    processes: 2,
  };
  const bin: Omit<Case, 'signal'> = { ...npx, what: 'tacit node', command: (data) => direct(oneNode(data)) };
  const cases: Case[] = [
    { ...network, signal: 'SIGTERM' },
    { ...npx, signal: 'SIGTERM' },
    { ...npx, signal: 'SIGHUP' },
    { ...npx, signal: 'SIGINT' },
    { ...bin, signal: 'SIGTERM' },
    { ...bin, signal: 'SIGKILL' },
  ];
  for (const [i, { what, signal, command, up, processes }] of cases.entries()) {
    it(`${what}: ${signal} leaves no process, no port and no database in use`, async () => {
      marker = join(folder, `data-${i}`);
      const [program, args] = command(marker);
      const child = spawn(program, args, { cwd: PROJECT, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
      await untilSaid(child, up);
      expect(processesOf(marker).length).to.be.at.least(processes);
      const gone = once(child, 'exit');
      process.kill((signal === 'SIGINT' ? -1 : 1) * (child.pid as number), signal);
      await gone;
      while (processesOf(marker).length > 0) await pause(100);
      for (const port of [PORT, PORT + 103, PORT + 200]) expect(await isFree(port), `${port}`).to.equal(true);
      for (const level of databases(marker)) await (await openLevel(level)).close();
    });
  }
});
