#!/usr/bin/env node
// Finds a Node that can run the sources (>= 22.20) and runs the command with it. Plain JavaScript for any Node from 18 on.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const NEEDED = [22, 20];
// Room for young objects, per thread: V8's own choice costs a node some 100 MB and gains nothing. Child processes inherit it.
const NODE_FLAGS = ['--max-semi-space-size=8'];
const NODE = 'node/cli/main.ts';
const CLIENT = 'client/cli/main.ts';
/** Command: the program that has it, and what it does. */
const COMMANDS = {
  start: [NODE, 'a local network, one royalty round on real data, the audit'],
  local: [NODE, 'a local network of validators'],
  node: [NODE, 'one node, validating or not'],
  keys: [NODE, "a validator's keys"],
  audit: [NODE, 'replay a chain from genesis without trusting the node that stores it'],
  wallet: [CLIENT, 'make a wallet, list its notes, claim them'],
  contribute: [CLIENT, 'enrol in a round and submit a model update'],
  demo: [CLIENT, 'a royalty round with eight parties, on a network that runs'],
};
const USAGE = [
  'usage: tacit <command> [options]',
  ...Object.entries(COMMANDS).map(([name, [, what]]) => `  ${name.padEnd(11)} ${what}`),
  'tacit <command> --help tells more',
].join('\n');

const isEnough = (version) => {
  const [major, minor] = version.replace(/^v/, '').split('.').map(Number);
  return major > NEEDED[0] || (major === NEEDED[0] && minor >= NEEDED[1]);
};

/** The Node that the lock file pins, wherever the package manager put it; undefined if it is not installed or does not run here. */
function pinnedNode() {
  const name = `node-${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;
  const binary = process.platform === 'win32' ? 'node.exe' : 'node';
  const candidates = [];
  try {
    candidates.push(join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'bin', binary));
  } catch {
    // Not for this platform.
  }
  candidates.push(join(root, 'node_modules', '.bin', binary));
  return candidates.find((path) => {
    if (!existsSync(path)) return false;
    const { status, stdout } = spawnSync(path, ['--version'], { encoding: 'utf8' });
    return status === 0 && isEnough(stdout.trim());
  });
}

const [command, ...rest] = process.argv.slice(2);
if (['--help', '-h', 'help'].includes(command)) {
  console.log(USAGE);
  process.exit(0);
}
if (['--version', '-V'].includes(command)) {
  console.log(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
  process.exit(0);
}
if (command === undefined || !Object.hasOwn(COMMANDS, command)) {
  console.error(`${command === undefined ? 'tacit needs a command' : `tacit has no command '${command}'`}\n\n${USAGE}`);
  process.exit(2);
}
const [entry] = COMMANDS[command];

const node =
  isEnough(process.version) && process.version.startsWith('v24.')
    ? process.execPath
    : (pinnedNode() ?? (isEnough(process.version) ? process.execPath : undefined));
if (node === undefined) {
  console.error(
    `tacit needs Node ${NEEDED.join('.')} or later; this is ${process.version}.\n` +
      'The right one comes with "npm ci" on Linux (x64, arm64) and Windows (x64); elsewhere install Node 24.',
  );
  process.exit(1);
}

const child = spawn(node, [...NODE_FLAGS, join(root, entry), command, ...rest], { stdio: 'inherit' });
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // At a terminal the child gets Ctrl-C itself; a second one would cut its clean-up short.
    if (signal === 'SIGINT' && process.stdin.isTTY) return;
    child.kill(signal);
  });
}
child.on('error', (error) => {
  console.error(`cannot run ${node}: ${error.message}`);
  process.exit(1);
});
child.on('exit', (code, signal) => {
  if (signal === 'SIGABRT') {
    console.error(
      'tacit was aborted (SIGABRT): most likely a database in --data is damaged. Start it again: it then checks all files, names the damaged one and says what to do (docs/operate.md).',
    );
  }
  process.exit(signal ? 1 : (code ?? 1));
});
