/** Progress as people see it: in a terminal a moving list, elsewhere lines. The terminal is a pretended one: a process of its own with `isTTY` set. */
import { spawnSync } from 'node:child_process';
import { expect } from 'chai';

const MODULE = new URL('../../../client/demo/main.ts', import.meta.url).href;

function shown(isTTY: boolean, fails = false): { status: number | null; out: string; err: string } {
  const script = `
    Object.defineProperty(process.stdout, 'isTTY', { value: ${isTTY} });
    process.stdout.columns = 80;
    const { perform } = await import(${JSON.stringify(MODULE)});
    await perform([
      { title: 'First step', run: async (say) => say('half way') },
      { title: 'Second step', run: async () => { if (${fails}) throw new Error('out of luck'); } },
    ]).catch((error) => { console.error(error.message); process.exitCode = 1; });`;
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', script], {
    encoding: 'utf8',
  });
  return { status, out: stdout, err: stderr };
}

describe('client/demo progress', () => {
  for (const isTTY of [true, false]) {
    it(`shows every step ${isTTY ? 'in a terminal' : 'in a file'} and ends well`, () => {
      const { status, out, err } = shown(isTTY);
      expect([status, err]).to.deep.equal([0, '']);
      expect(out).to.include('First step').and.to.include('Second step');
      if (isTTY) expect(out).to.match(/\[\d+\.\d s\]/);
      else expect(out).to.include('half way');
    });

    it(`passes a step's failure on ${isTTY ? 'in a terminal' : 'in a file'}`, () => {
      const { status, err } = shown(isTTY, true);
      expect(status).to.equal(1);
      expect(err).to.include("in the step 'Second step': out of luck").and.not.to.include('    at ');
    });
  }
});
