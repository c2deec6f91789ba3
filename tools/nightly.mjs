// `npm run nightly [-- --only NAME ...] [--list]`: what is too slow for every commit. Every job runs, whatever the others say; exit code 1 if one failed.
import { spawnSync } from 'node:child_process';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { root } from './runner.mjs';

const npm = (...args) => ['npm', ['run', '--silent', ...args]];
/** Name: what it does, the command, and what its environment has besides. */
const JOBS = {
  test: ['the whole suite', npm('test')],
  seeds: ['property tests on inputs that no run has seen', npm('test', '--', 'unit'), { TACIT_TEST_SEED: 'random' }],
  hostile: [
    'hostile calls and sequences of calls, many seeds',
    npm('test', '--', 'test/runtime/hostile.test.ts', 'test/runtime/sequences.test.ts', '--timeout', '0'),
    { TACIT_TEST_SEED: 'random', TACIT_HOSTILE_SEEDS: '20' },
  ],
  sim: ['finality in the simulated network, many seeds', npm('sim', '--', '--seeds', '500')],
  seven: ['a round of seven validators', npm('start', '--', '--once', '--validators', '7', '--data', '.tacit/nightly')],
  clients: [
    'Subsquid and sidecar against a dev node',
    ['npx', ['--no-install', 'tacit', 'run', 'test/clients/nightly/run.ts']],
  ],
  weights: ['what calls cost, without writing it', npm('weights', '--', '--dry-run')],
  bench: ['all measurements, against the stored run', npm('bench')],
};

const { values } = parseArgs({
  options: { only: { type: 'string', multiple: true }, list: { type: 'boolean', default: false } },
});
const names = values.only ?? Object.keys(JOBS);
const unknown = names.find((name) => !Object.hasOwn(JOBS, name));
if (unknown !== undefined) {
  console.error(`there is no job '${unknown}'; the jobs are ${Object.keys(JOBS).join(', ')}`);
  process.exit(2);
}
if (values.list) {
  for (const [name, [what]] of Object.entries(JOBS)) console.log(`${name.padEnd(8)} ${what}`);
  process.exit(0);
}
const outcomes = names.map((name) => {
  const [what, [command, args], env = {}] = JOBS[name];
  console.log(`\n== ${name}: ${what}`);
  const started = Date.now();
  const { status } = spawnSync(command, args, {
    cwd: root,
    stdio: 'inherit',
    shell: process.platform === 'win32',
    env: { ...process.env, ...env },
  });
  return { name, ok: status === 0, minutes: ((Date.now() - started) / 60_000).toFixed(1) };
});
console.log('');
for (const { name, ok, minutes } of outcomes) console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${minutes} min)`);
process.exit(outcomes.every(({ ok }) => ok) ? 0 : 1);
