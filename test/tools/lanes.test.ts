import { rmSync } from 'node:fs';
import { getPriority } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { runLanes, type Task } from '../support/lanes.mjs';
import { scratchFolder } from '../support/scratch.ts';

const cwd = process.cwd();
const node = (name: string, lane: Task['lane'], script: string): Task => ({
  name,
  lane,
  command: process.execPath,
  args: ['-e', script],
});
/** Waits for a file; without it the task fails after a while. */
const until = (path: string): string =>
  `setTimeout(() => process.exit(8), 60_000).unref(); { const look = () => require('fs').existsSync(${JSON.stringify(path)}) || setTimeout(look, 10); look(); }`;
const touch = (path: string): string => `require('fs').writeFileSync(${JSON.stringify(path)}, '');`;

describe('test/run: lanes', () => {
  let folder: string;
  const file = (name: string): string => join(folder, name);
  beforeEach(() => {
    folder = scratchFolder('lanes');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  async function run(tasks: Task[], cores: number) {
    const ended: string[] = [];
    let output = '';
    const write = (text: string): void => {
      output += text;
    };
    await runLanes(tasks, ({ name }, status) => ended.push(`${name} ${status}`), { cwd, write, cores });
    return { ended, output };
  }

  const exists = (name: string): string => `require('fs').existsSync(${JSON.stringify(file(name))})`;

  it('carries out the side lane beside what is alone and beside the front, which wait for each other, and one that waits beside a network', async () => {
    const tasks = [
      // each of these waits for another that runs at the same time
      node('a check', 'aside', `${touch(file('side'))} ${until(file('alone'))} console.log('checked');`),
      node('a long check', 'aside', `${until(file('front'))}`),
      node('the front', 'front', `if (!${exists('late')}) process.exit(9); ${touch(file('front'))}`),
      node('waits', 'waiting', `${touch(file('waits'))} ${until(file('alone'))}`),
      node(
        'alone',
        'alone',
        `${touch(file('alone'))} ${until(file('waits'))} process.on('exit', () => { ${touch(file('late'))} });`,
      ),
    ];
    const { ended, output } = await run(tasks, 2);
    expect(ended).to.have.members(['a check 0', 'a long check 0', 'the front 0', 'waits 0', 'alone 0']);
    expect(output).to.include('== a check\nchecked\n');
    // what others keep is not shown in the middle of what is alone
    expect(output.indexOf('== alone')).to.be.lessThan(output.indexOf('== a check'));
  });

  it('gives what is alone and the front the processor before what computes', async () => {
    const told = "console.log(require('os').getPriority());";
    const { output } = await run([node('side', 'aside', told), node('front', 'front', told)], 2);
    expect(output)
      .to.match(/== side\n19\n/)
      .and.match(new RegExp(`== front\\n${getPriority()}\\n`));
  });

  it('gives the front more cores when nothing computes any more', async () => {
    const pair = (name: string, other: string): Task =>
      node(name, 'front', `${touch(file(name))} ${until(file(other))}`);
    const { ended } = await run([node('side', 'aside', ''), pair('one', 'two'), pair('two', 'one')], 2);
    expect(ended).to.have.members(['side 0', 'one 0', 'two 0']);
  });

  it('runs one after the other on one core, and tells how each has ended', async () => {
    const tasks = [
      node('front', 'front', `process.exit(require('fs').existsSync(${JSON.stringify(file('side'))}) ? 3 : 4)`),
      node('side', 'aside', touch(file('side'))),
    ];
    expect((await run(tasks, 1)).ended).to.deep.equal(['side 0', 'front 3']);
  });

  it('carries out what waits several at a time, beside the front, and before them what is alone, two at a time where cores are many', async () => {
    const both = (name: string, lane: Task['lane'], ...others: string[]): Task =>
      node(name, lane, [touch(file(name)), ...others.map((other) => until(file(other)))].join(' '));
    const tasks = [
      both('front', 'front', 'c'),
      // these three wait for each other, and for the front
      both('a', 'waiting', 'b', 'front'),
      both('b', 'waiting', 'c'),
      both('c', 'waiting', 'a'),
      both('d', 'waiting'),
      both('x', 'alone', 'y'),
      both('y', 'alone', 'x'),
    ];
    const { ended, output } = await run(tasks, 4);
    expect(ended).to.have.members(['front', 'a', 'b', 'c', 'd', 'x', 'y'].map((name) => `${name} 0`));
    expect(ended.indexOf('front 0')).to.be.greaterThan(Math.max(ended.indexOf('x 0'), ended.indexOf('y 0')));
    for (const name of ['a', 'd', 'x']) expect(output).to.include(`== ${name}\n`);
  });

  it('leaves what is alone alone where cores are few', async () => {
    const look = `process.exit(require('fs').existsSync(${JSON.stringify(file('first'))}) ? 0 : 7)`;
    const first = `setTimeout(() => { ${touch(file('first'))} }, 200)`;
    const { ended } = await run([node('first', 'alone', first), node('second', 'alone', look)], 2);
    expect(ended).to.deep.equal(['first 0', 'second 0']);
  });

  it('computes on as many cores as there are', async () => {
    const pair = (name: string, other: string): Task =>
      node(name, 'aside', `${touch(file(name))} ${until(file(other))}`);
    const tasks = [pair('one', 'two'), pair('two', 'one'), node('front', 'front', until(file('two')))];
    expect((await run(tasks, 2)).ended).to.have.members(['one 0', 'two 0', 'front 0']);
  });

  it('takes a command that is not there for a failure', async () => {
    const missing: Task = { name: 'missing', lane: 'front', command: join(folder, 'no-such-program'), args: [] };
    expect((await run([missing, node('side', 'aside', '')], 2)).ended).to.have.members(['missing 1', 'side 0']);
  });
});
