import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { files as pageFiles } from '../../../client/sdk/browser/files.ts';
import { files } from '../../../client/sdk/node/files.ts';
import { codeOf } from '../support/paper-chain.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { cannotMount, SmallDisk } from '../../support/small-disk.ts';

const module = new URL('../../../client/sdk/node/files.ts', import.meta.url).href;
/** Locks what it is told, says how that went, and holds it until it is ended. */
const SCRIPT = `
const { files } = await import(${JSON.stringify(module)});
try {
  await files.lock(process.argv[1]);
  console.log('held');
  setInterval(() => undefined, 1000);
} catch (error) {
  console.log(error.code);
}`;

interface Other {
  readonly process: ChildProcess;
  /** `held`, or the code of the refusal. */
  readonly said: Promise<string>;
}

function another(name: string): Other {
  const child = spawn(process.execPath, ['--input-type=module', '-e', SCRIPT, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return { process: child, said: once(child.stdout!, 'data').then(([data]) => String(data).trim()) };
}

async function killed({ process: child }: Other): Promise<void> {
  const ended = once(child, 'exit');
  child.kill('SIGKILL');
  await ended;
}

describe('client/sdk: locks beside files', function () {
  this.timeout(120_000);
  let count = 0;
  const folder = scratchFolder('locks');
  const fresh = (): string => join(folder, `store${count++}`);
  const holder = (name: string): Record<string, unknown> => JSON.parse(readFileSync(`${name}.lock`, 'utf8'));
  const change = (name: string, changes: object): void =>
    writeFileSync(`${name}.lock`, JSON.stringify({ ...holder(name), ...changes }));

  it('are held by one at a time, who is named, and end with being disposed of', async () => {
    const name = fresh();
    {
      await using _ = await files.lock(name);
      const refused = await files.lock(name).catch((error: unknown) => error);
      expect(refused).to.include({ code: 'sdk/locked' });
      expect(String(refused)).to.include(`process ${process.pid} has been at this wallet since 20`);
      expect(await another(name).said).to.equal('sdk/locked');
    }
    expect(existsSync(`${name}.lock`)).to.equal(false);
    await using _ = await files.lock(name);
  });

  it('end with a process that is killed', async () => {
    const name = fresh();
    const other = another(name);
    expect(await other.said).to.equal('held');
    expect(await codeOf(() => files.lock(name))).to.equal('sdk/locked');
    await killed(other);
    expect(existsSync(`${name}.lock`)).to.equal(true);
    await using _ = await files.lock(name);
    expect(holder(name)).to.include({ pid: process.pid });
    expect(existsSync(`${name}.lock.next`)).to.equal(false);
  });

  it('that were left over go to one of many who come at once [two that both take it away hold it both]', async () => {
    const name = fresh();
    const dead = another(name);
    await dead.said;
    await killed(dead);
    const others = Array.from({ length: 4 }, () => another(name));
    const said = await Promise.all(others.map((other) => other.said));
    expect(said.toSorted()).to.deep.equal(['held', ...Array.from({ length: 3 }, () => 'sdk/locked')]);
    await killed(others[said.indexOf('held')] as Other);
    await using _ = await files.lock(name);
  });

  it('whose taking over was itself killed do not stay', async () => {
    const name = fresh();
    const dead = another(name);
    await dead.said;
    await killed(dead);
    writeFileSync(`${name}.lock.next`, readFileSync(`${name}.lock`));
    await using _ = await files.lock(name);
    expect(['.next', '.next.next'].filter((end) => existsSync(`${name}.lock${end}`))).to.deep.equal([]);
  });

  it('of before the machine began anew, or of a number that another process has now, are left over', async () => {
    for (const changes of [{ boot: 'another' }, { began: '1' }]) {
      const name = fresh();
      await files.lock(name);
      change(name, { id: 'theirs', ...changes });
      await using _ = await files.lock(name);
      expect(holder(name).id).not.to.equal('theirs');
    }
  });

  it('end with a process that nobody has buried [in a container whose first process does not, it stays for good]', async function () {
    if (process.platform !== 'linux') this.skip();
    const name = fresh();
    await files.lock(name);
    // what it becomes asks for no child
    const parent = spawn('sh', ['-c', 'sleep 600 & echo $!; exec sleep 600'], { stdio: ['ignore', 'pipe', 'inherit'] });
    const until = async (holds: () => boolean): Promise<void> => {
      while (!holds()) await new Promise((resolve) => setTimeout(resolve, 10));
    };
    try {
      const [said] = await once(parent.stdout!, 'data');
      const pid = Number(said);
      const stat = (): string[] => readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ')[1]!.split(' ');
      await until(() => readFileSync(`/proc/${parent.pid}/comm`, 'latin1').trim() === 'sleep');
      await until(() => readFileSync(`/proc/${pid}/comm`, 'latin1').trim() === 'sleep');
      change(name, { id: 'theirs', pid, began: stat()[19] });
      expect(await codeOf(() => files.lock(name))).to.equal('sdk/locked');
      process.kill(pid, 'SIGKILL');
      await until(() => stat()[0] === 'Z');
      await using _ = await files.lock(name);
      expect(holder(name)).to.include({ pid: process.pid });
    } finally {
      parent.kill();
    }
  });

  it('that a full disk has no room for are not left behind', async function () {
    const disk = SmallDisk.mount(1 << 20);
    if (disk === undefined) {
      cannotMount(this.test!.title);
      this.skip();
    }
    const name = join(disk.path, 'store');
    disk.fill(0);
    expect(await codeOf(() => files.lock(name))).to.equal('sdk/no-lock');
    expect(existsSync(`${name}.lock`)).to.equal(false);
    disk.makeRoom();
    await using _ = await files.lock(name);
  });

  it('of another machine or container stay until somebody deletes them, and so do files that say nothing', async () => {
    const name = fresh();
    await files.lock(name);
    // no such process is here: that says nothing of there
    change(name, { machine: 'far\u001b[2J', pid: 2 ** 30 });
    const refused = await files.lock(name).catch((error: unknown) => error);
    expect(refused).to.include({ code: 'sdk/locked' });
    expect(String(refused)).to.include('another machine').and.include(`delete ${name}.lock`).and.not.include('\u001b');
    for (const text of ['', '{}', 'x'.repeat(10_000), JSON.stringify({ ...holder(name), pid: -1 })]) {
      writeFileSync(`${name}.lock`, text);
      expect(await codeOf(() => files.lock(name))).to.equal('sdk/locked');
      expect(readFileSync(`${name}.lock`, 'utf8')).to.equal(text);
    }
  });

  it('are not taken from whoever has them now by one that comes to its end', async () => {
    const name = fresh();
    {
      await using _ = await files.lock(name);
      change(name, { id: 'theirs' });
    }
    expect(holder(name).id).to.equal('theirs');
  });

  it('say so where nothing can be written', async () => {
    expect(await codeOf(() => files.lock(join(folder, 'nowhere', 'store')))).to.equal('sdk/no-lock');
  });

  it('of a page are those that its browser has for all its pages', async () => {
    {
      await using _ = await pageFiles.lock('a');
      expect(await codeOf(() => pageFiles.lock('a'))).to.equal('sdk/locked');
      await using _other = await pageFiles.lock('b');
    }
    await using _ = await pageFiles.lock('a');
  });
});
