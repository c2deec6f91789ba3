import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { takeLock } from '../../../node/process/lock.ts';

const LOCK = fileURLToPath(new URL('../../../node/process/lock.ts', import.meta.url));

/** Another process that takes the lock and says so, then waits until it is killed. */
async function otherHolder(name: string): Promise<{ pid: number; kill(): Promise<void> }> {
  const code = `
    const { takeLock } = await import(${JSON.stringify(LOCK)});
    const taken = await takeLock('test', ${JSON.stringify(name)}, 'the other');
    console.log('release' in taken ? 'has it' : 'has it not');
    setInterval(() => undefined, 1000);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [said] = (await once(child.stdout, 'data')) as [Buffer];
  expect(said.toString()).to.equal('has it\n');
  return {
    pid: child.pid ?? 0,
    async kill() {
      const gone = once(child, 'exit');
      child.kill('SIGKILL');
      await gone;
    },
  };
}

describe('node/process: locks between processes', function () {
  this.timeout(120_000);

  it('are held once, and whoever wants one that is held learns by whom', async () => {
    const name = randomUUID();
    const first = await takeLock('test', name, 'this test');
    expect(first).to.have.property('release');
    expect(await takeLock('test', name, 'again')).to.deep.equal({ heldBy: { pid: process.pid, what: 'this test' } });
    const another = await takeLock('test', `${name}x`, 'another name');
    expect(another).to.have.property('release');
    if ('release' in another) another.release();
    if ('release' in first) first.release();
    const again = await takeLock('test', name, 'again');
    expect(again).to.have.property('release');
    if ('release' in again) again.release();
  });

  it('end with the process that holds them, even if it is killed', async () => {
    const name = randomUUID();
    const other = await otherHolder(name);
    expect(await takeLock('test', name, 'this')).to.deep.equal({ heldBy: { pid: other.pid, what: 'the other' } });
    await other.kill();
    const taken = await takeLock('test', name, 'this');
    expect(taken).to.have.property('release');
    if ('release' in taken) taken.release();
  });
});
