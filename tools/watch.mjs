// `npm run watch [-- FILE.test.ts ...]`: runs the tests again whenever a file that they import changes; without files those of what has changed since main.
import process from 'node:process';
import { changedFiles, mocha, testsOf } from './changed.mjs';

const named = process.argv.slice(2);
const tests = named.length > 0 ? named : testsOf(changedFiles());
if (tests.length === 0) {
  console.error('nothing has changed since main: npm run watch -- test/.../FILE.test.ts');
  process.exit(2);
}
process.exit(await mocha(tests, ['--watch', '--watch-preserve-output']));
