#!/usr/bin/env node
// The command `tacit`: finds a Node that can run the sources, makes what is generated from them if they have changed, and runs the command. Plain JavaScript
// for any Node from 18 on; nothing is loaded that help does not need.
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import process from 'node:process';
import { prepare } from '../tools/prepare.mjs';
import { NO_RUNNER, root, runners } from '../tools/runner.mjs';

// Room for young objects, per thread: V8's own choice costs a node some 100 MB and gains nothing. Child processes inherit it.
const NODE_FLAGS = ['--max-semi-space-size=8'];
const NODE = 'node/cli/main.ts';
const CLIENT = 'client/cli/main.ts';
/** Command: the program that has it, and what it does. */
const COMMANDS = {
  start: [NODE, 'a local network, one royalty round on real data, the audit'],
  local: [NODE, 'a local network of validators'],
  story: [NODE, 'everyone on a chain, each doing every step of their part, and a balance sheet'],
  node: [NODE, 'one node, validating or not'],
  keys: [NODE, "a validator's keys"],
  audit: [NODE, 'replay a chain from genesis without trusting the node that stores it'],
  wallet: [CLIENT, 'make a wallet, list its notes, claim them'],
  contribute: [CLIENT, 'enrol in a round and submit a model update'],
  round: [CLIENT, 'look at a round, write its aggregate to a file'],
  demo: [CLIENT, 'a royalty round with eight parties, on a network that runs'],
  run: [undefined, 'run a file of this project: tacit run FILE [arguments]'],
};
const USAGE = [
  'usage: tacit <command> [options]',
  ...Object.entries(COMMANDS).map(([name, [, what]]) => `  ${name.padEnd(11)} ${what}`),
  'tacit <command> --help tells more',
].join('\n');
const ABORTED =
  'tacit was aborted (SIGABRT): most likely a database in --data is damaged. Start it again: it then checks all files, names the damaged one and says ' +
  'what to do (docs/operate.md).';
/** How often the launcher looks whether the npm that started it is still there. */
const PARENT_MS = 500;

function end(code, text) {
  if (code === 0) console.log(text);
  else console.error(text);
  process.exit(code);
}

/** Makes a program that does not look after its launcher stop with it. */
const FOLLOW = ['--import', new URL('follow.mjs', import.meta.url).href];

/** Program and arguments of the command line, with flags for Node before them; ends the process where there is none. */
function programOf([command, ...rest]) {
  if (['--help', '-h', 'help'].includes(command)) end(0, USAGE);
  if (['--version', '-V'].includes(command)) {
    end(0, JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version);
  }
  if (command === undefined) end(2, `tacit needs a command\n\n${USAGE}`);
  if (!Object.hasOwn(COMMANDS, command)) end(2, `tacit has no command '${command}'\n\n${USAGE}`);
  const [entry] = COMMANDS[command];
  if (entry !== undefined) return [join(root, entry), command, ...rest];
  const [file, ...args] = rest;
  if (file === undefined || file.startsWith('-')) end(2, 'usage: tacit run FILE [arguments]');
  if (!existsSync(file)) end(1, `error: there is no file ${resolve(file)}`);
  return [...FOLLOW, resolve(file), ...args];
}

/** Something of the installation is missing, or the build fails: said before the command starts. */
function checkHouse() {
  if (!existsSync(join(root, 'node_modules', 'commander', 'package.json'))) {
    end(1, `error: the packages are not installed; run npm ci in ${root}`);
  }
  const problem = prepare();
  if (problem !== undefined) end(1, `error: ${problem}`);
}

/** Runs the program and ends as it ends. A pinned Node may turn out not to run on this system: then the next is tried. */
function launch(program, [node, ...others]) {
  if (node === undefined) end(1, NO_RUNNER);
  // The channel tells the program when the launcher has gone, however it went.
  const child = spawn(node, [...NODE_FLAGS, ...program], { stdio: ['inherit', 'inherit', 'inherit', 'ipc'] });
  const forward = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, forward);
  const watch = stopWithParent(() => child.kill('SIGTERM'));
  const release = () => {
    clearInterval(watch);
    for (const signal of signals) process.off(signal, forward);
  };
  child.once('error', (error) => {
    release();
    if (others.length > 0 && child.pid === undefined) launch(program, others);
    else end(1, `error: cannot run ${node}: ${error.message}`);
  });
  child.once('exit', (code, signal) => {
    if (signal === 'SIGABRT') console.error(ABORTED);
    process.exit(signal ? 1 : (code ?? 1));
  });
}

/** The parent of a process, and whether it is a shell, where the system tells. */
function kinOf(pid) {
  try {
    // pid (name) state ppid ...; the name may hold anything
    const [, name, rest] = /^\d+ \((.*)\) (.*)$/s.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'));
    return { parent: Number(rest.split(' ')[1]), isShell: name.endsWith('sh') };
  } catch {
    return { parent: undefined, isShell: false };
  }
}

/**
 * npm starts commands through a shell that does not pass signals on: SIGTERM ends npm and the shell, SIGHUP npm alone, and nothing below hears of it. So a
 * launcher that npm started stops when npm, or the shell between them, has gone. One that a shell or a supervisor started may outlive it.
 */
function stopWithParent(stop) {
  if (process.env.npm_execpath === undefined && process.env.npm_command === undefined) return undefined;
  const parent = process.ppid;
  const { parent: grandparent, isShell } = kinOf(parent);
  const isOrphan = () => process.ppid !== parent || (isShell && kinOf(parent).parent !== grandparent);
  const watch = setInterval(() => {
    if (!isOrphan()) return;
    clearInterval(watch);
    stop();
  }, PARENT_MS);
  return watch.unref();
}

const program = programOf(process.argv.slice(2));
const isHelp = process.argv[2] !== 'run' && process.argv.some((flag) => flag === '--help' || flag === '-h');
if (!isHelp || !existsSync(join(root, 'node_modules', 'commander'))) checkHouse();
launch(program, runners());
