/** A program that the launcher runs ends when the launcher has gone, even by `kill -9`. */
import { once } from 'node:events';
import { existsSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { TacitCommand } from '../support/command.ts';
import { scratchFolder } from '../support/scratch.ts';

/** Resolves when this file of the folder is there. */
async function untilThere(folder: string, name: string): Promise<string> {
  const watcher = watch(folder);
  try {
    while (!existsSync(join(folder, name))) await once(watcher, 'change');
    return readFileSync(join(folder, name), 'utf8');
  } finally {
    watcher.close();
  }
}

/** Whether there is such a process. */
function lives(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describe('tacit run', function () {
  this.timeout(600_000);

  /** Runs a program, kills its launcher, and gives the folder it works in and the program's process id. */
  async function orphan(body: string): Promise<{ folder: string; pid: number }> {
    const folder = scratchFolder('launcher');
    const file = join(folder, 'program.ts');
    writeFileSync(file, `import { writeFileSync } from 'node:fs';\n${body}\nconsole.log('up', process.pid);\n`);
    const command = new TacitCommand(['run', file]);
    await command.says('up');
    await command.says('\n');
    const pid = Number(/up (\d+)/.exec(command.output)?.[1]);
    expect(lives(pid)).to.equal(true);
    command.process.kill('SIGKILL');
    // Its standard output is the program's as well: it ends when both have.
    await command.ended;
    return { folder, pid };
  }

  it('stops the program in order when the launcher is killed', async () => {
    const { folder, pid } = await orphan(`
      const done = new URL('done', import.meta.url);
      const timer = setInterval(() => undefined, 1000);
      process.once('SIGTERM', () => {
        clearInterval(timer);
        writeFileSync(done, 'in order');
      });`);
    expect(await untilThere(folder, 'done')).to.equal('in order');
    while (lives(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it('ends one that listens to nothing', async () => {
    const { pid } = await orphan('setInterval(() => undefined, 1000);');
    while (lives(pid)) await new Promise((resolve) => setTimeout(resolve, 50));
  });

  it('keeps no program alive that is done, and gives its exit code', async () => {
    const file = join(scratchFolder('launcher'), 'program.ts');
    writeFileSync(
      file,
      "import { Worker } from 'node:worker_threads';\nnew Worker('', { eval: true });\nprocess.exitCode = import.meta.main ? 7 : 8;\n",
    );
    expect((await new TacitCommand(['run', file]).ended).code).to.equal(7);
  });
});
