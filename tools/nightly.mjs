// `npm run nightly [-- --only NAME ...] [--brief] [--list]`: what is too slow for every commit, one job after the other. A job that fails keeps no other from
// running. At the end stands what each has found. Exit code 0 if all went well, 1 if a job failed, 2 for wrong flags, 130 if it was interrupted: then nothing is
// left running. `--brief` runs each job in its smallest size, to see that it still starts and ends.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import process from 'node:process';
import { parseArgs } from 'node:util';
import { runJobs, summaryOf } from './job.mjs';
import { prepare } from './prepare.mjs';

const npm = (...args) => ['npm', 'run', '--silent', ...args];
const scratch = mkdtempSync(join(tmpdir(), 'tacit-nightly-'));
const COUNTS = /^\d+ passed, \d+ failed.*$/;
const TESTS = /^ *\d+ (?:passing|failing|pending).*$/;
/**
 * Name: what it does; the command, and the one of its smallest size; what its environment has besides; and which lines of its output are its figures, of which
 * the last few stand in the summary.
 */
const JOBS = {
  test: {
    what: 'the whole suite',
    command: npm('test'),
    brief: npm('test', '--', 'test/primitives/failure.test.ts'),
    figures: [COUNTS, TESTS],
  },
  seeds: {
    what: 'property tests on inputs that no run has seen',
    command: npm('test', '--', 'unit'),
    brief: npm('test', '--', 'test/primitives/scale/scale.test.ts'),
    env: { TACIT_TEST_SEED: 'random' },
    figures: [COUNTS, TESTS],
  },
  hostile: {
    what: 'hostile calls and sequences of calls, many seeds',
    command: npm('test', '--', 'test/runtime/hostile.test.ts', 'test/runtime/sequences.test.ts', '--timeout', '0'),
    brief: npm('test', '--', 'test/runtime/hostile.test.ts', '--timeout', '0', '-g', 'carry no more than'),
    env: { TACIT_TEST_SEED: 'random', TACIT_HOSTILE_SEEDS: '6' },
    figures: [TESTS],
  },
  committees: {
    what: 'rounds of four, seven and ten members with every mix of crashed and lying ones in every phase',
    command: npm('test', '--', 'test/pallets/tally/mixes.test.ts', '--timeout', '0'),
    brief: npm('test', '--', 'test/pallets/tally/mixes.test.ts', '-g', 'of 4: 1 crashed and 0 lying in Payout'),
    env: { TACIT_COMMITTEES: 'all' },
    figures: [TESTS],
  },
  thousand: {
    what: 'a round of a thousand payees on the pallets: right to the last unit, what it leaves, and what it costs a payload',
    command: npm('test', '--', 'test/pallets/tally/crowd.test.ts', '--timeout', '0'),
    brief: npm('test', '--', 'test/pallets/tally/crowd.test.ts', '-g', 'is refused with one place more'),
    env: { TACIT_ITEMS: '1000' },
    figures: [TESTS],
  },
  crowds: {
    what: 'what a round of 100 payees costs with four, seven and ten members, and one of 1,000 with four',
    command: npm('crowd', '--', '--all'),
    brief: npm('crowd', '--', '--items', '4'),
    figures: [/^a round of/, /^in all/],
  },
  sim: {
    what: 'finality in the simulated network, many seeds',
    command: npm('sim', '--', '--seeds', '120'),
    brief: npm('sim', '--', '--seeds', '1', '--cycles', '1', '--scenario', 'n4-liar'),
    figures: [/healed within/, /^nothing happened|seeds failed$/],
  },
  seven: {
    what: 'a round of seven validators',
    command: npm('start', '--', '--once', '--validators', '7', '--data', join(scratch, 'seven')),
    // a network is too much for a small size: the flags are looked at
    brief: npm('start', '--', '--once', '--validators', '7', '--data', join(scratch, 'seven'), '--help'),
    figures: [/^audit passed|^AUDIT FAILED/],
  },
  clients: {
    what: 'Subsquid and sidecar against a dev node',
    command: ['npx', '--no-install', 'tacit', 'run', 'test/clients/nightly/run.ts'],
    brief: ['npx', '--no-install', 'tacit', 'run', 'test/clients/nightly/run.ts', '--brief'],
    figures: [/^(?:ok|FAILED) /],
  },
  mutants: {
    what: 'whether a test notices each guard that is taken out',
    command: npm('mutants'),
    brief: npm('mutants', '--', '--list'),
    figures: [/^\d+ guards/, /^missed /],
  },
  weights: {
    what: 'what calls cost, without writing it',
    command: npm('weights', '--', '--dry-run'),
    brief: npm('weights', '--', '--dry-run', '--only', 'Timestamp'),
    figures: [/^measuring /],
  },
  fuzz: {
    what: 'damaged inputs for everything that reads what comes from outside',
    command: npm('fuzz', '--', '--inputs', '1000000'),
    brief: npm('fuzz', '--', '--inputs', '100', '--only', 'extrinsic,header,claim'),
    figures: [/^FOUND /, /^\d+ decoders, /],
  },
  anonymity: {
    what: 'what anonymity claims leave, in another world than the page’s',
    command: npm('anonymity', '--', '--seed', '2'),
    brief: npm('anonymity', '--', '--brief'),
    figures: [/never split, 0 % sybils: notes guessed/],
  },
  bench: {
    what: 'all measurements, against the stored run',
    command: npm('bench'),
    brief: npm('bench', '--', '--only', 'sr25519-verify'),
    figures: [
      /^warning: /,
      /^not measured: /,
      /^(?:finality-p50|close-to-payout|demo-total|transfers|sr25519-verify) /,
    ],
  },
};

/** Which jobs are wanted; ends the process where the flags are wrong. */
function parsed() {
  try {
    const flag = { type: 'boolean', default: false };
    const { values } = parseArgs({ options: { only: { type: 'string', multiple: true }, list: flag, brief: flag } });
    const names = values.only?.flatMap((text) => text.split(',')) ?? Object.keys(JOBS);
    const unknown = names.find((name) => !Object.hasOwn(JOBS, name));
    if (unknown === undefined) return { ...values, names };
    return `there is no job '${unknown}'; the jobs are ${Object.keys(JOBS).join(', ')}`;
  } catch (error) {
    return error.message;
  }
}

async function main() {
  const flags = parsed();
  if (typeof flags === 'string') {
    console.error(flags);
    return 2;
  }
  const { names, list, brief } = flags;
  if (list) {
    for (const name of names) console.log(`${name.padEnd(9)} ${JOBS[name].what}`);
    return 0;
  }
  const problem = prepare();
  if (problem !== undefined) {
    console.error(problem);
    return 1;
  }
  const interruption = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => interruption.abort());
  const jobs = names.map((name) => ({ ...JOBS[name], name, ...(brief && { command: JOBS[name].brief }) }));
  const outcomes = await runJobs(jobs, interruption);
  console.log(summaryOf(outcomes, jobs));
  if (interruption.signal.aborted) return 130;
  return outcomes.every(({ how }) => how === 'ok') ? 0 : 1;
}

try {
  process.exitCode = await main();
} finally {
  rmSync(scratch, { recursive: true, force: true });
}
process.exit();
