// Runs everything `npm test` promises: types, lint, arrows, then the mocha suites in groups; ends with `N passed, N failed`.
// Usage: node test/run.mjs [group ...]             groups: types lint arrows knip unit clients e2e faults (default: all)
//        node test/run.mjs FILE.test.ts ... [flags]  these files; flags are mocha's, such as -g 'name'
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mocha } from '../tools/changed.mjs';
import { prepare } from '../tools/prepare.mjs';

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
/** Mocha groups: a glob of test files, each group in a process of its own. */
const suites = {
  unit: ['primitives', 'pallets', 'runtime', 'chain-spec', 'node', 'client', 'bench', 'docs', 'sim', 'tools'].map(
    (folder) => `test/${folder}/**/*.test.ts`,
  ),
  clients: ['test/clients/**/*.test.ts'],
  e2e: ['test/e2e/**/*.test.ts'],
  faults: ['test/faults/**/*.test.ts'],
};

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
const total = { passed: 0, failed: 0, skipped: 0 };

function run(command, args, env = {}) {
  // npm is a script of the shell's on Windows.
  const shell = process.platform === 'win32' && command === 'npm';
  return spawnSync(command, args, { cwd: root, stdio: 'inherit', shell, env: { ...process.env, ...env } }).status ?? 1;
}

for (const [name, commands] of Object.entries(checks)) {
  if (!wanted(name)) continue;
  for (const [tool, ...args] of commands) {
    console.log(`\n== ${name}`);
    if (run(tool, args) === 0) total.passed++;
    else {
      total.failed++;
      console.log(`-- ${name} failed`);
    }
  }
}

for (const [name, globs] of Object.entries(suites)) {
  if (!wanted(name)) continue;
  for (const glob of globs) {
    const files = globSync(glob, { cwd: root }).toSorted();
    if (files.length === 0) continue;
    console.log(`\n== ${name}: ${glob}`);
    const counts = join(scratch, `${glob.replaceAll(/\W/g, '_')}.json`);
    const status = run(
      process.execPath,
      [script('mocha/bin/mocha.js'), '--reporter', 'test/support/reporter.cjs', ...files],
      { TACIT_TEST_COUNTS: counts },
    );
    if (!existsSync(counts)) {
      console.log(`-- ${glob} ended without a result (exit ${status})`);
      total.failed++;
      continue;
    }
    const { passed, failed, pending } = JSON.parse(readFileSync(counts, 'utf8'));
    total.passed += passed;
    total.failed += failed;
    total.skipped += pending;
    if (status !== 0 && failed === 0) total.failed++;
  }
}
rmSync(scratch, { recursive: true, force: true });

console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1);
