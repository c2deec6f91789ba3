/** `tacit start`: a local network, one royalty round on real data, the audit; `tacit local`: the network alone. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError } from 'commander';
import { z } from 'zod';
import { TacitError } from '../../primitives/errors.ts';
import { untilStopped } from '../process/signals.ts';
import { LocalNetwork, type LocalOptions, type LocalValidator } from './network.ts';

interface LocalFlags {
  readonly data: string;
  readonly basePort: number;
  readonly validators: 4 | 7;
}

interface StartFlags extends LocalFlags {
  readonly once?: boolean;
  readonly report?: string;
}

/** Ports of a network lie up to 300 above the base port. */
const HIGHEST_BASE_PORT = 65_000;

function basePortOption(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1024 || port > HIGHEST_BASE_PORT) {
    throw new InvalidArgumentError(`a number from 1024 to ${HIGHEST_BASE_PORT}.`);
  }
  return port;
}

function validatorsOption(text: string): 4 | 7 {
  if (text === '4') return 4;
  if (text === '7') return 7;
  throw new InvalidArgumentError('4 or 7.');
}

function withNetworkFlags(command: Command): Command {
  return command
    .option('--data <DIR>', 'where the network keeps its data; a second start continues the same chain', '.tacit/local')
    .option('--base-port <N>', 'RPC of the first validator; the others count up from there', basePortOption, 9944)
    .option('--validators <4|7>', 'how many validators', validatorsOption, 4);
}

export function addLocalCommands(program: Command): void {
  withNetworkFlags(program.command('local'))
    .description('run a local network of validators, a process each, until it is told to stop')
    .action(runLocal);
  withNetworkFlags(program.command('start'))
    .description('run a local network, one royalty round on real data and the audit; then keep the network running')
    .option('--once', 'end after the audit: exit code 0 if all is right, 1 if not')
    .option('--report <FILE>', 'write what the round and the audit gave as JSON')
    .action(runStart);
}

const say = (text: string): void => console.log(text);

/** A network that is stopped whatever happens to `use`, Ctrl-C included. */
async function withNetwork(
  flags: LocalFlags,
  use: (network: LocalNetwork, stopped: Promise<string>) => Promise<void>,
): Promise<void> {
  let isStopping = false;
  const options: LocalOptions = {
    directory: resolve(flags.data),
    basePort: flags.basePort,
    validators: flags.validators,
    // Ctrl-C reaches the validators as well: then they have not been lost.
    onLost: (validator, how) => {
      if (!isStopping) console.error(lostNotice(network, validator, how));
    },
  };
  const network = new LocalNetwork(options);
  const stopped = untilStopped().then((why) => {
    isStopping = true;
    return why;
  });
  const started = performance.now();
  say(`starting ${flags.validators} validators, a process each, in ${flags.data}`);
  try {
    await network.start().catch((error: unknown) => {
      throw isStopping ? new TacitError('local/interrupted', 'told to stop before the network was up') : error;
    });
    say(
      `they are up after ${((performance.now() - started) / 1000).toFixed(1)} s; their logs: ${join(flags.data, '*', 'node.log')}`,
    );
    await use(network, stopped);
  } finally {
    say('stopping the validators');
    await network.stop();
  }
}

function lostNotice(network: LocalNetwork, { name, log }: LocalValidator, how: number | string): string {
  const { validators } = network.options;
  const faults = (validators - 1) / 3;
  const enough = network.validators.length >= validators - faults;
  return (
    `${name} has ended with ${how}; see ${relative('', log)}\n` +
    `${network.validators.length} of ${validators} validators are running: ` +
    (enough ? 'enough, the round goes on' : `too few, no block becomes final with fewer than ${validators - faults}`)
  );
}

function connections(network: LocalNetwork): string {
  const lines = network.validators.map(({ name, rpc, metrics }) => `  ${name.padEnd(8)} ${rpc}   metrics ${metrics}`);
  const [first] = network.validators;
  return [
    'the network is running; connect polkadot.js or any Substrate client to',
    ...lines,
    'a node of your own joins it with',
    `  --chain ${relative('', network.specFile)} --bootnode ${first?.ready.addresses[0] ?? ''}`,
    'Ctrl-C stops it',
  ].join('\n');
}

async function runLocal(flags: LocalFlags): Promise<void> {
  await withNetwork(flags, async (network, stopped) => {
    say(connections(network));
    await stopped;
  });
}

/** What `tacit audit --json` prints, as far as it is needed here. */
const auditAnswer = z.object({
  ok: z.boolean(),
  checks: z.array(
    z.object({
      id: z.number(),
      name: z.string(),
      section: z.string(),
      ok: z.boolean(),
      checked: z.number(),
      failure: z.object({ block: z.number().optional(), what: z.string() }).optional(),
    }),
  ),
});
type AuditAnswer = z.infer<typeof auditAnswer>;

async function runStart(flags: StartFlags): Promise<void> {
  if (flags.report !== undefined && !existsSync(dirname(resolve(flags.report)))) {
    throw new TacitError('start/no-folder', `--report: there is no folder ${dirname(resolve(flags.report))}`);
  }
  const scratch = mkdtempSync(join(tmpdir(), 'tacit-'));
  try {
    await withNetwork(flags, async (network, stopped) => {
      const reportFile = join(scratch, 'report.json');
      const run: Run = { children: new Set(), isInterrupted: false };
      void stopped.then(() => {
        run.isInterrupted = true;
        for (const child of run.children) child.kill('SIGTERM');
      });
      try {
        process.exitCode = (await performRound(network, reportFile, run)) ? 0 : 1;
      } catch (error) {
        if (!run.isInterrupted) throw error;
        process.exitCode = 1;
        return;
      }
      if (flags.report !== undefined) copyFileSync(reportFile, flags.report);
      if (flags.once) return;
      say(`\n${connections(network)}`);
      await stopped;
    });
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** What `tacit start` has running besides the network. */
interface Run {
  readonly children: Set<ChildProcess>;
  isInterrupted: boolean;
}

/**
 * The round and the audit, each a process; the report of the first is completed by the second. Gives whether both found everything right.
 * @throws `start/round-failed`, `start/audit-failed` if one of them ended without a result
 */
async function performRound(network: LocalNetwork, reportFile: string, run: Run): Promise<boolean> {
  const rpcs = network.validators.flatMap(({ rpc }) => ['--rpc', rpc]);
  const demo = launch(
    '../../client/demo/main.ts',
    [...rpcs, '--chain', network.specFile, '--report', reportFile],
    'inherit',
    run,
  );
  const how = await endOf(demo);
  if (!existsSync(reportFile)) {
    throw new TacitError('start/round-failed', `the round ended with ${how} and without a report, see above; no audit`);
  }
  say('\naudit: replaying the chain from genesis');
  const [source] = network.validators;
  if (source === undefined) throw new TacitError('start/audit-failed', 'no validator is left to audit');
  const args = ['audit', '--rpc', source.rpc, '--chain', network.specFile, '--json'];
  const audit = launch('../cli/main.ts', args, 'pipe', run);
  let output = '';
  audit.stdout?.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  const auditEnd = await endOf(audit);
  const answer = answerOf(output, auditEnd);
  say(auditTable(answer));
  const report = JSON.parse(readFileSync(reportFile, 'utf8')) as Record<string, unknown>;
  report.audit = { ok: answer.ok, checks: answer.checks.length };
  writeFileSync(reportFile, `${JSON.stringify(report, null, 2)}\n`);
  return how === 0 && answer.ok;
}

function answerOf(output: string, how: number | string): AuditAnswer {
  try {
    return auditAnswer.parse(JSON.parse(output));
  } catch {
    throw new TacitError('start/audit-failed', `the audit ended with ${how} and without a result`);
  }
}

function auditTable({ ok, checks }: AuditAnswer): string {
  const lines = checks.flatMap(({ id, name, section, ok: passed, checked, failure }) => {
    const verdict = passed ? 'ok    ' : failure ? 'FAILED' : 'undone';
    const line = `  ${String(id).padStart(2)} ${verdict} ${section.padEnd(12)} ${name} (${checked})`;
    return failure ? [line, `            block ${failure.block ?? 0}: ${failure.what}`] : [line];
  });
  return [...lines, `audit ${ok ? 'passed' : 'FAILED'}: ${checks.length} checks`].join('\n');
}

function launch(module: string, args: readonly string[], out: 'inherit' | 'pipe', run: Run): ChildProcess {
  if (run.isInterrupted) throw new TacitError('start/interrupted', 'told to stop');
  const file = fileURLToPath(new URL(module, import.meta.url));
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', out, 'inherit'] });
  run.children.add(child);
  child.once('exit', () => run.children.delete(child));
  return child;
}

/** Exit code or signal; resolves when everything the process has said is there. */
async function endOf(child: ChildProcess): Promise<number | string> {
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return code ?? signal ?? 'nothing';
}
