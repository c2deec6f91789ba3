// Which files have changed, and which tests belong to them.
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import process from 'node:process';
import { NO_RUNNER, root, runners } from './runner.mjs';

/** These need minutes: `npm test` runs them. */
const SLOW = ['test/e2e/', 'test/faults/', 'test/clients/'];

function git(...args) {
  const { status, stdout } = spawnSync('git', args, { cwd: root, encoding: 'utf8' });
  return status === 0 ? stdout.split('\n').filter((line) => line !== '') : [];
}

/** Paths that differ from where this branch left `base`, uncommitted and new ones included. */
export function changedFiles(base) {
  const bases = base === undefined ? ['main', 'origin/main'] : [base];
  const [from] = bases.flatMap((ref) => git('merge-base', 'HEAD', ref));
  const files = [...git('diff', '--name-only', from ?? 'HEAD'), ...git('ls-files', '--others', '--exclude-standard')];
  return [...new Set(files)].sort();
}

const testsIn = (folder) =>
  readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.test.ts'))
    .map((name) => join(folder, name));

/** The tests of a source: its namesake, or else those in the folder that mirrors its own, or in the nearest above that has some. */
function testsNear(file) {
  let folder = file.startsWith('test/') ? dirname(file) : join('test', dirname(file));
  const namesake = join(folder, basename(file).replace(/\.(ts|mjs)$/, '.test.ts'));
  if (existsSync(join(root, namesake))) return [namesake];
  for (; folder !== 'test' && folder !== '.'; folder = dirname(folder)) {
    const found = existsSync(join(root, folder)) ? testsIn(folder) : [];
    if (found.length > 0) return found;
  }
  return [];
}

/** The tests of changed files: a test itself, of a source those near it. A source without any would be checked by nothing. */
export function testsOf(files) {
  const tests = files.flatMap((file) => {
    if (file.endsWith('.test.ts')) return existsSync(join(root, file)) ? [file] : [];
    return file.endsWith('.ts') || file.endsWith('.mjs') ? testsNear(file) : [];
  });
  return [...new Set(tests)].filter((test) => !SLOW.some((folder) => test.startsWith(folder))).sort();
}

/** Runs test files by mocha; `flags` are Node's. Gives the exit code. */
export function mocha(files, flags = []) {
  const [runner] = runners();
  if (runner === undefined) {
    console.error(NO_RUNNER);
    return Promise.resolve(1);
  }
  const args = [...flags, join(root, 'node_modules/mocha/bin/mocha.js'), ...files];
  const child = spawn(runner, args, { cwd: root, stdio: 'inherit' });
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once('error', () => resolve(1));
    child.once('exit', (code) => resolve(code ?? 1));
  });
}
