// Runs everything `npm test` promises: types, lint, arrows, and the mocha suites in groups; ends with `N passed, N failed`.
// Usage: node test/run.mjs [group ...]             groups: types lint arrows knip unit clients e2e faults (default: all)
//        node test/run.mjs FILE.test.ts ... [flags]  these files; flags are mocha's, such as -g 'name'
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mocha } from '../tools/changed.mjs';
import { prepare } from '../tools/prepare.mjs';
import { runLanes } from './support/lanes.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const script = (path) => join(root, 'node_modules', ...path.split('/'));
const scratch = mkdtempSync(join(tmpdir(), 'tacit-test-'));

/** Checks count as one test each: a command that must exit 0. */
const checks = {
  types: [['npm', 'run', '--silent', 'types']],
  lint: [['npm', 'run', '--silent', 'lint']],
  arrows: [['npm', 'run', '--silent', 'arrows']],
  knip: [['npm', 'run', '--silent', 'knip']],
};
const unit = (...folders) => folders.map((folder) => `test/${folder}/**/*.test.ts`);
/**
 * Mocha groups: globs of test files by lane (see support/lanes.mjs), each glob in a process of its own, long ones first; of `waiting` and `alone` each file.
 */
const suites = {
  unit: {
    front: [
      ...unit('node/{audit,consensus,committee}', 'client/!(examples)'),
      'test/node/{!(audit|consensus|committee)/**/,}*.test.ts',
      'test/client/*.test.ts',
    ],
    aside: [
      ...unit('primitives/{fhe,linear}', 'pallets/{tally,royalty,committee,disputes}', 'runtime'),
      'test/primitives/{!(fhe|linear)/**/,}*.test.ts',
      'test/pallets/{!(tally|royalty|committee|disputes)/**/,}*.test.ts',
      ...unit('{chain-spec,bench,docs,fuzz,sim,tools,vectors}'),
    ],
    alone: unit('client/examples'),
  },
  // the files of sdk share what they pack
  clients: { waiting: ['test/clients/*.test.ts'], front: ['test/clients/sdk/*.test.ts'] },
  // no rounds in these
  e2e: {
    waiting: ['test/e2e/{launcher,local-flags,signals}.test.ts'],
    alone: ['test/e2e/!(launcher|local-flags|signals).test.ts'],
  },
  faults: {
    waiting: ['test/faults/{full-disk,hostile-peer}.test.ts'],
    alone: ['test/faults/!(full-disk|hostile-peer).test.ts'],
  },
};

/** Lanes with a process for each file. */
const EACH = ['waiting', 'alone'];
/** Files that are named at the end with what they took. */
const SLOWEST = 12;

const asked = process.argv.slice(2);
const problem = prepare();
if (problem !== undefined) {
  console.error(problem);
  process.exit(1);
}
if (asked.some((text) => text.endsWith('.ts'))) {
  rmSync(scratch, { recursive: true, force: true });
  process.exit(await mocha(asked));
}
const known = [...Object.keys(checks), ...Object.keys(suites)];
for (const name of asked) {
  if (!known.includes(name)) {
    console.error(`'${name}' is neither a test file nor a group; the groups are: ${known.join(' ')}`);
    process.exit(2);
  }
}
const wanted = (name) => asked.length === 0 || asked.includes(name);
const total = { passed: 0, failed: 0, skipped: 0, notes: [], files: [] };

/** What a check or a group runs, and in which lane. */
function tasksOf(name) {
  if (name in checks)
    return checks[name].map(([command, ...args]) => ({ name, command, args, lane: 'aside', counts: undefined }));
  return Object.entries(suites[name]).flatMap(([lane, globs]) =>
    globs.flatMap((glob) => {
      const files = globSync(glob, { cwd: root }).toSorted();
      if (EACH.includes(lane)) return files.map((file) => mochaTask(name, lane, file, [file]));
      return files.length === 0 ? [] : [mochaTask(name, lane, glob, files)];
    }),
  );
}

function mochaTask(group, lane, what, files) {
  const counts = join(scratch, `${what.replaceAll(/\W/g, '_')}.json`);
  const args = [script('mocha/bin/mocha.js'), '--reporter', 'test/support/reporter.cjs', ...files];
  // modules are compiled once in a run, not in each of its many processes
  const env = { TACIT_TEST_COUNTS: counts, NODE_COMPILE_CACHE: join(scratch, 'compiled') };
  return { name: `${group}: ${what}`, command: process.execPath, args, env, lane, counts };
}

/** Adds up how a task went: a check counts as one test, a suite tells of its own. */
function count({ name, counts }, status) {
  if (counts !== undefined && !existsSync(counts)) {
    total.failed++;
    total.notes.push(`${name} ended without a result (exit ${status})`);
    return;
  }
  const told = counts === undefined ? undefined : JSON.parse(readFileSync(counts, 'utf8'));
  const { passed, failed, pending, files } = told ?? { passed: status === 0 ? 1 : 0, failed: 0, pending: 0, files: {} };
  total.files.push(...Object.entries(files));
  total.passed += passed;
  total.skipped += pending;
  total.failed += failed > 0 || status === 0 ? failed : 1;
  if (failed > 0 || status !== 0) total.notes.push(`${name} failed`);
}

/** A test file that no group has would never run, and one that two have twice. */
function checkGroups() {
  const globs = Object.values(suites).flatMap((lanes) => Object.values(lanes).flat());
  const grouped = globs.flatMap((glob) => globSync(glob, { cwd: root }));
  for (const file of globSync('test/**/*.test.ts', { cwd: root })) {
    const count = grouped.filter((one) => one === file).length;
    if (count === 1) continue;
    total.failed++;
    total.notes.push(`${file} is in ${count === 0 ? 'no group' : `${count} globs`}: see test/run.mjs`);
  }
}

/** What takes longest, where it is worth a line. */
function slowest() {
  const seconds = (ms) => (ms / 1000).toFixed(1).padStart(6);
  const files = total.files.toSorted(([, a], [, b]) => b.ms - a.ms).slice(0, SLOWEST);
  return files.map(([file, { ms, cpuMs }]) => `${seconds(ms)} s, of a core ${seconds(cpuMs)} s  ${file}`);
}

checkGroups();
const started = performance.now();
await runLanes(known.filter(wanted).flatMap(tasksOf), count, { cwd: root });
rmSync(scratch, { recursive: true, force: true });

console.log(`\n-- ${((performance.now() - started) / 60_000).toFixed(1)} minutes; the slowest files`);
for (const line of slowest()) console.log(line);
for (const note of total.notes) console.log(`-- ${note}`);
console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
