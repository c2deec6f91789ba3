// `npm run check`: types, lint, arrows, and the tests of what has changed since main, quickly enough to run before every commit.
// Usage: node tools/check.mjs [--base REF]   compares with where the branch left REF (main, or origin/main)
import { spawn } from 'node:child_process';
import process from 'node:process';
import { changedFiles, mocha, testsOf } from './changed.mjs';
import { root } from './runner.mjs';

/** Runs a command to its end; gives what it said. */
function run(command, args) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd: root, shell: process.platform === 'win32' });
    let said = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
    child.once('error', (error) => resolve({ code: 1, said: error.message }));
    child.once('close', (code) => resolve({ code: code ?? 1, said }));
  });
}

const at = process.argv.indexOf('--base');
const changed = changedFiles(at < 0 ? undefined : process.argv[at + 1]);
const tests = testsOf(changed);
const steps = ['types', 'lint', 'arrows'].map((name) => [name, ['npm', ['run', '--silent', name]]]);
let failed = 0;
const told = await Promise.all(
  steps.map(async ([name, [command, args]]) => {
    const started = performance.now();
    const { code, said } = await run(command, args);
    if (code !== 0) failed++;
    const seconds = ((performance.now() - started) / 1000).toFixed(1);
    return `${code === 0 ? 'ok    ' : 'FAILED'} ${name} (${seconds} s)${code === 0 ? '' : `\n${said}`}`;
  }),
);
for (const line of told) console.log(line);
if (tests.length === 0) console.log(`no test belongs to the ${changed.length} changed files`);
else if ((await mocha(tests)) !== 0) failed++;
process.exit(failed === 0 ? 0 : 1);
