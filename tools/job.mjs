// Commands that are run one after the other, watched, and stopped with all that they have started.
import { spawn } from 'node:child_process';
import process from 'node:process';
import { root } from './runner.mjs';

const isWindows = process.platform === 'win32';
/** How long what was told to stop may take before it is killed. */
const STOP_MS = 30_000;
/** Lines of one job in the summary. */
const MOST_FIGURES = 12;

/** Signals a job's whole process group. Where there are none, the command alone. */
function signalAll(child, signal) {
  try {
    if (isWindows) child.kill(signal);
    else process.kill(-child.pid, signal);
  } catch {
    // all of it has ended
  }
}

/** The lines of an output that match, the last `most` of them. */
function finder(patterns, most) {
  const found = [];
  let open = '';
  return {
    found,
    take(text) {
      const lines = (open + text).split('\n');
      open = lines.pop() ?? '';
      for (const line of lines) {
        if (!patterns.some((pattern) => pattern.test(line.trimEnd()))) continue;
        found.push(line.trimEnd());
        if (found.length > most) found.shift();
      }
    },
  };
}

/**
 * Starts a command in the project's folder; its output goes on to ours.
 * @returns `ended`: whether it ended with 0, and its lines that match one of `figures`; `stop()` ends it and everything that it has started
 */
function startJob([command, ...args], { env, figures, out }) {
  const child = spawn(command, args, {
    cwd: root,
    // a group of its own: whatever it starts can be stopped with it
    detached: !isWindows,
    shell: isWindows,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const { found, take } = finder(figures, MOST_FIGURES);
  for (const [stream, to] of [
    [child.stdout, out],
    [child.stderr, out === process.stdout ? process.stderr : out],
  ])
    stream.setEncoding('utf8').on('data', (text) => {
      to.write(text);
      take(text);
    });
  const ended = new Promise((resolve) => {
    child.once('error', () => resolve({ ok: false, found }));
    // whatever it has left behind is not to live on
    child.once('exit', () => signalAll(child, 'SIGKILL'));
    child.once('close', (code) => resolve({ ok: code === 0, found }));
  });
  return {
    ended,
    stop() {
      if (child.pid === undefined) return;
      signalAll(child, 'SIGINT');
      const timer = setTimeout(() => signalAll(child, 'SIGKILL'), STOP_MS);
      void ended.then(() => clearTimeout(timer));
    },
  };
}

/**
 * Runs jobs in their order, whatever the others say, until `signal` is aborted.
 * @param jobs `{ name, what, command, env?, figures? }`
 * @returns of each that was begun: `{ name, how: 'ok' | 'FAILED' | 'interrupted', minutes, found }`
 */
export async function runJobs(jobs, { signal, out = process.stdout }) {
  const outcomes = [];
  for (const [index, { name, what, command, env = {}, figures = [] }] of jobs.entries()) {
    if (signal.aborted) break;
    out.write(`\n== ${name} (${index + 1} of ${jobs.length}): ${what}\n`);
    const started = Date.now();
    const { ended, stop } = startJob(command, { env, figures, out });
    signal.addEventListener('abort', stop);
    const { ok, found } = await ended;
    signal.removeEventListener('abort', stop);
    const how = signal.aborted ? 'interrupted' : ok ? 'ok' : 'FAILED';
    outcomes.push({ name, how, minutes: ((Date.now() - started) / 60_000).toFixed(1), found });
  }
  return outcomes;
}

/** What the jobs have given, for people. */
export function summaryOf(outcomes, jobs) {
  const lines = outcomes.flatMap(({ name, how, minutes, found }) => [
    `${how.padEnd(11)} ${name} (${minutes} min)`,
    ...found.map((line) => `            ${line.trim()}`),
  ]);
  const missing = jobs.slice(outcomes.length).map(({ name }) => `not run     ${name}`);
  const count = (how) => outcomes.filter((outcome) => outcome.how === how).length;
  const total = `nightly: ${count('ok')} of ${jobs.length} jobs went well, ${count('FAILED')} failed`;
  return ['', '== summary', ...lines, ...missing, '', total].join('\n');
}
