import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { type Job, runJobs, summaryOf } from '../../tools/job.mjs';
import { scratchFolder } from '../support/scratch.ts';

const job = (name: string, script: string, more: Partial<Job> = {}): Job => ({
  name,
  what: `the job ${name}`,
  command: [process.execPath, '-e', script],
  ...more,
});

async function run(jobs: readonly Job[], signal = new AbortController().signal) {
  let output = '';
  const out = {
    write(text: string) {
      output += text;
    },
  };
  const outcomes = await runJobs(jobs, { signal, out });
  return { outcomes, output, summary: summaryOf(outcomes, jobs) };
}

/** What has been killed and nobody has asked after yet is dead as well. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    const stat = `/proc/${pid}/stat`;
    return !existsSync(stat) || !readFileSync(stat, 'utf8').includes(') Z ');
  } catch {
    return false;
  }
}

/** A killed process closes its pipes before it has ended. */
async function gone(pid: number): Promise<void> {
  while (isAlive(pid)) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('tools/nightly', () => {
  it('goes on after a job that fails or is not there, and sums up what each has found', async () => {
    const jobs = [
      job('first', 'console.log("12 passed"); console.log("noise"); console.error("3 slow"); process.exit(3)', {
        figures: [/passed$/, /slow$/],
      }),
      { ...job('missing', ''), command: ['/no/such/program'] as const },
      job('last', 'console.log(process.env.WORD)', { env: { WORD: 'heard' }, figures: [/heard/] }),
    ];
    const { outcomes, output, summary } = await run(jobs);
    expect(outcomes.map(({ name, how }) => `${name} ${how}`)).to.deep.equal([
      'first FAILED',
      'missing FAILED',
      'last ok',
    ]);
    expect(outcomes[0]!.found).to.have.members(['12 passed', '3 slow']);
    expect(output).to.include('== last (3 of 3): the job last').and.include('noise');
    expect(summary)
      .to.match(/ok +last .*\n +heard/)
      .and.include('1 of 3 jobs went well, 2 failed');
  });

  it('that is interrupted ends the job with all that it has started, and begins no other', async () => {
    const file = join(scratchFolder('nightly'), 'pid');
    // one that has started another, and neither listens
    const inner = `process.on('SIGINT', () => {}); require('fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000)`;
    const outer = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(inner)}], { stdio: 'inherit' }); setInterval(() => {}, 1000)`;
    const interruption = new AbortController();
    const jobs = [job('long', outer), job('never', '')];
    const running = run(jobs, interruption.signal);
    while (!existsSync(file) || readFileSync(file, 'utf8') === '')
      await new Promise((resolve) => setTimeout(resolve, 20));
    interruption.abort();
    const { outcomes, summary } = await running;
    expect(outcomes.map(({ name, how }) => `${name} ${how}`)).to.deep.equal(['long interrupted']);
    expect(summary).to.include('not run     never');
    await gone(Number(readFileSync(file, 'utf8')));
  });

  it('leaves nothing of what has ended by itself', async () => {
    const file = join(scratchFolder('nightly'), 'pid');
    const inner = `require('fs').writeFileSync(${JSON.stringify(file)}, String(process.pid)); setInterval(() => {}, 1000)`;
    const script = `require('child_process').spawn(process.execPath, ['-e', ${JSON.stringify(inner)}], { stdio: 'inherit' }); const look = () => require('fs').existsSync(${JSON.stringify(file)}) ? process.exit(0) : setTimeout(look, 10); look()`;
    const { outcomes } = await run([job('careless', script)]);
    expect(outcomes[0]!.how).to.equal('ok');
    await gone(Number(readFileSync(file, 'utf8')));
  });

  describe('npm run nightly', function () {
    this.timeout(600_000);
    const nightly = (...args: string[]) =>
      spawnSync(process.execPath, ['tools/nightly.mjs', ...args], { encoding: 'utf8' });

    it('runs its jobs in their smallest size: their commands and flags are as they are', () => {
      // the whole suite tries what the others are made of: hostile, bench, clients and a network
      const { status, stdout } = nightly('--brief', '--only', 'test,sim,seven,weights,fuzz');
      expect(stdout).to.match(/^ok +test .*\n +\d+ passing/m);
      expect(stdout).to.match(/^ok +sim .*\n(?: .*\n)* +nothing happened that must not/m);
      expect(stdout).to.include('--validators').and.include('measuring Timestamp');
      expect(stdout).to.include('3 decoders, 100 inputs each, seed 1: 0 found');
      expect(stdout).to.include('5 of 5 jobs went well, 0 failed');
      expect(status).to.equal(0);
    });

    it('refuses what it does not know', () => {
      const { status, stderr } = nightly('--only', 'nothing');
      expect([status, stderr]).to.deep.equal([
        2,
        "there is no job 'nothing'; the jobs are test, seeds, hostile, committees, thousand, crowds, sim, seven, clients, mutants, weights, fuzz, anonymity, bench\n",
      ]);
      expect(nightly('--fast').status).to.equal(2);
    });
  });
});
