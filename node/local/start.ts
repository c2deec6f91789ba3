/** `tacit start`: a local network, one royalty round on real data, the audit. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { TacitError } from '../../primitives/errors.ts';
import { connections, type LocalFlags, say, withNetwork } from './command.ts';
import { needsOf, thisMachine } from './needs.ts';
import type { LocalNetwork } from './network.ts';
import { tryReportFile } from './report-file.ts';

export interface StartFlags extends LocalFlags {
  readonly once?: boolean;
  readonly report?: string;
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

export async function runStart(flags: StartFlags): Promise<void> {
  if (flags.report !== undefined) tryReportFile(flags.report);
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

/** Longest wait of the demo for a phase of its round, in seconds, where the machine is up to it. */
const PHASE_S = 600;

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
  const { patience } = needsOf(network.options.validators, thisMachine());
  const flags = [...rpcs, '--chain', network.specFile, '--report', reportFile, '--timeout', `${PHASE_S * patience}`];
  const demo = launch('../../client/demo/main.ts', flags, 'inherit', run);
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
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', out, 'inherit', 'ipc'] });
  run.children.add(child);
  child.once('exit', () => run.children.delete(child));
  return child;
}

/** Exit code or signal; resolves when everything the process has said is there. */
async function endOf(child: ChildProcess): Promise<number | string> {
  const [code, signal] = (await once(child, 'close')) as [number | null, string | null];
  return code ?? signal ?? 'nothing';
}
