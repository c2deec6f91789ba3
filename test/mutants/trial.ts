/** Runs test files in a process of their own, as they are or without one guard. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { root, runners } from '../../tools/runner.mjs';
import { type Guard, withoutGuard } from './guards.ts';

export interface Outcome {
  readonly status: 'passed' | 'failed' | 'hung';
  readonly ms: number;
}

interface Limits {
  readonly env?: Readonly<Record<string, string>>;
  /** Milliseconds after which it counts as hung; none if absent. */
  readonly limitMs?: number;
}

const PRELOAD = pathToFileURL(join(root, 'test/mutants/preload.mjs')).href;
const MOCHA = join(root, 'node_modules/mocha/bin/mocha.js');

/** Runs test files up to the first test that fails. */
export function runMocha(files: readonly string[], { env, limitMs }: Limits): Promise<Outcome> {
  const [runner] = runners();
  if (runner === undefined) throw new Error('there is no Node that runs the sources');
  const began = performance.now();
  const child = spawn(runner, [MOCHA, '--bail', '--reporter', 'min', ...files], {
    cwd: root,
    detached: process.platform !== 'win32',
    stdio: 'ignore',
    env: { ...process.env, ...env },
  });
  const stop = (): void => {
    // the whole group: tests start threads and processes
    if (child.pid !== undefined && process.platform !== 'win32') process.kill(-child.pid, 'SIGKILL');
    else child.kill('SIGKILL');
  };
  return new Promise((resolve) => {
    let hung = false;
    const timer = limitMs && setTimeout(() => ((hung = true), stop()), limitMs);
    const end = (status: Outcome['status']): void => {
      if (timer) clearTimeout(timer);
      resolve({ status, ms: performance.now() - began });
    };
    child.once('error', () => end('failed'));
    child.once('close', (code) => end(hung ? 'hung' : code === 0 ? 'passed' : 'failed'));
  });
}

/** Runs test files without one guard. `failed` and `hung` mean that they notice. */
export async function tryWithout(guard: Guard, files: readonly string[], limitMs: number): Promise<Outcome> {
  const folder = mkdtempSync(join(tmpdir(), 'tacit-mutant-'));
  try {
    const path = join(root, guard.file);
    const source = withoutGuard(readFileSync(path, 'utf8'), guard);
    const at = join(folder, 'mutant.json');
    writeFileSync(at, JSON.stringify({ url: pathToFileURL(path).href, source }));
    const options = [process.env['NODE_OPTIONS'], `--import=${PRELOAD}`].filter(Boolean).join(' ');
    return await runMocha(files, { env: { TACIT_MUTANT: at, NODE_OPTIONS: options }, limitMs });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
