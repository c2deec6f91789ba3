/**
 * Takes guards out one by one and looks whether a test notices: `npm run mutants -- [--only PATH ...] [--sample N] [--jobs N] [--list]`.
 * First every test file that may matter is run once as it is, to know which guards it comes to; a mutant is then tried on those alone, the quick ones first.
 * Tests of whole processes are not among them. Exit code 1 if a guard is missed by nothing and not explained in explained.ts.
 */
import { globSync, readFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { root } from '../../tools/runner.mjs';
import { EXPLAINED } from './explained.ts';
import { type Guard, guardsOf } from './guards.ts';
import { allImports } from './imports.ts';
import { type Reach, reachOf } from './reach.ts';
import { tryWithout } from './trial.ts';

/** What money, secrets and verdicts depend on. */
const SCOPE = [
  'primitives/{crypto,fhe,linear,proofs,round}/**/*.ts',
  'pallets/{committee,notes,royalty,tally}/**/*.ts',
  'node/committee/**/*.ts',
];
const TESTS = [
  'test/primitives/**/*.test.ts',
  'test/pallets/**/*.test.ts',
  'test/runtime/**/*.test.ts',
  'test/node/{audit,chain,committee,evaluation,workers}/**/*.test.ts',
  'test/client/{,sdk/}*.test.ts',
];
/** Written by a generator: their guards are the generator's. */
const GENERATED = /\/(?:build|generated)\/|weights\.ts$/;
/** How many of the quickest tests are tried before all others are. */
const FIRST = 3;
/** A mutant that takes so many times as long as the tests it is tried on, and a minute, hangs: that is noticed. */
const PATIENCE = 6;

const usage = 'npm run mutants -- [--only PATH ...] [--sample COUNT] [--jobs COUNT] [--list]';

function flags() {
  const { values } = parseArgs({
    options: {
      only: { type: 'string', multiple: true, default: [] },
      sample: { type: 'string' },
      jobs: { type: 'string', default: String(availableParallelism()) },
      list: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  const count = (name: string, text: string): number => {
    if (/^[1-9][0-9]{0,5}$/.test(text)) return Number(text);
    throw new Error(`--${name} takes a count from 1 on, not '${text}'`);
  };
  const sample = values.sample === undefined ? undefined : count('sample', values.sample);
  return { ...values, sample, jobs: count('jobs', values.jobs) };
}

/** The guards of the wanted files; of a sample every so many-th, so that it is spread over all. */
function wantedGuards(only: readonly string[], sample: number | undefined): Guard[] {
  const files = globSync(SCOPE, { cwd: root }).filter((file) => !GENERATED.test(file));
  const wanted = files.filter((file) => only.length === 0 || only.some((path) => file.startsWith(path)));
  const all = wanted.toSorted().flatMap((file) => guardsOf(file, readFileSync(join(root, file), 'utf8')));
  if (sample === undefined || sample >= all.length) return all;
  return Array.from({ length: sample }, (_, n) => all[Math.floor((n * all.length) / sample)] as Guard);
}

/** Does the work on all items, so many at a time; tells how far it is. */
async function inTurn<T, R>(
  items: readonly T[],
  jobs: number,
  work: (item: T, place: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < items.length) {
      const place = next++;
      results[place] = await work(items[place] as T, place);
    }
  };
  await Promise.all(Array.from({ length: jobs }, worker));
  return results;
}

type Verdict = 'noticed' | 'missed' | 'unreached';

/** Whether some test that comes to a guard notices that it is gone. */
async function judge(guard: Guard, place: number, reaches: readonly Reach[]): Promise<Verdict> {
  const able = reaches.filter(({ guards }) => guards.has(place)).toSorted((a, b) => a.ms - b.ms);
  for (const group of [able.slice(0, FIRST), able.slice(FIRST)]) {
    if (group.length === 0) continue;
    const limit = 60_000 + PATIENCE * group.reduce((sum, { ms }) => sum + ms, 0);
    const { status } = await tryWithout(
      guard,
      group.map(({ test }) => test),
      limit,
    );
    if (status !== 'passed') return 'noticed';
  }
  return able.length === 0 ? 'unreached' : 'missed';
}

/** Explanations of guards that are not there any more: of what stands in their place nothing is explained. */
function staleExplanations(): string[] {
  return EXPLAINED.filter(({ file, text }) => {
    const here = guardsOf(file, readFileSync(join(root, file), 'utf8'));
    return !here.some((guard) => guard.text === text);
  }).map(({ file, text }) => `${file}: ${text}`);
}

const explanation = ({ file, text }: Guard): string | undefined =>
  EXPLAINED.find((known) => known.file === file && known.text === text)?.why;

async function main(): Promise<number> {
  const { only, sample, jobs, list, help } = flags();
  if (help) {
    console.log(usage);
    return 0;
  }
  const guards = wantedGuards(only, sample);
  const shown = ({ file, line, kind, text }: Guard): string => `${file}:${line} ${kind}: ${text.slice(0, 120)}`;
  if (list || guards.length === 0) {
    for (const guard of guards) console.log(shown(guard));
    console.log(`${guards.length} guards`);
    return guards.length === 0 ? 2 : 0;
  }
  const files = new Set(guards.map(({ file }) => file));
  const tests = globSync(TESTS, { cwd: root })
    .filter((test) => [...allImports(test)].some((file) => files.has(file)))
    .toSorted();
  let done = 0;
  const reaches = await inTurn(tests, jobs, async (test) => {
    const reach = await reachOf(test, guards);
    console.log(
      `[${++done}/${tests.length}] ${test}: ${reach ? `${reach.guards.size} guards, ${(reach.ms / 1000).toFixed(1)} s` : 'does not pass as it is: left out'}`,
    );
    return reach;
  });
  const passing = reaches.filter((reach) => reach !== undefined);
  done = 0;
  const verdicts = await inTurn(guards, jobs, async (guard, place) => {
    const verdict = await judge(guard, place, passing);
    done++;
    if (verdict !== 'noticed') console.log(`[${done}/${guards.length}] ${verdict.toUpperCase()} ${shown(guard)}`);
    else if (done % 25 === 0) console.log(`[${done}/${guards.length}]`);
    return verdict;
  });
  const silent = guards.filter((_, place) => verdicts[place] !== 'noticed');
  const unexplained = silent.filter((guard) => explanation(guard) === undefined);
  console.log(
    `\n${guards.length} guards: ${guards.length - silent.length} noticed, ${silent.length - unexplained.length} explained, ${unexplained.length} missed`,
  );
  for (const guard of unexplained) console.log(`missed ${shown(guard)}`);
  const stale = staleExplanations();
  for (const one of stale) console.log(`explained, but not there: ${one}`);
  const left = tests.length - passing.length;
  if (left > 0) console.log(`${left} test files did not pass as they are`);
  return unexplained.length + stale.length + left === 0 ? 0 : 1;
}

try {
  process.exitCode = await main();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  console.error(usage);
  process.exitCode = 2;
}
