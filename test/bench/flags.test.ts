import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';

const root = fileURLToPath(new URL('../..', import.meta.url));

describe('bench: commands that measure', () => {
  for (const [file, args, text] of [
    ['checks', ['--runs', 'many'], '--runs is a whole number from 1 to 999'],
    ['crowd', ['--members', '5'], '--members is 4, 7 or 10'],
    ['sketch', ['--nonsense'], '--nonsense'],
  ] as const) {
    it(`${file} ${args.join(' ')} is told what is wrong, without a stack, and ends with 2`, () => {
      const { status, stderr } = spawnSync(process.execPath, [`bench/${file}/run.ts`, ...args], {
        cwd: root,
        encoding: 'utf8',
      });
      expect(stderr)
        .to.include(text)
        .and.not.match(/^\s+at /m);
      expect(status).to.equal(2);
    });
  }
});
