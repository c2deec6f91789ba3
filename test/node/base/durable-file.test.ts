import { chmodSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'chai';
import { createFile, replaceFile } from '../../../node/base/durable-file.ts';
import { diskTrouble } from '../../../node/base/disk.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { cannotMount, SmallDisk } from '../../support/small-disk.ts';

const codeOf = (work: () => void): unknown => {
  try {
    work();
    return undefined;
  } catch (error) {
    return (error as { code: unknown }).code;
  }
};

describe('node/base: durable files', () => {
  it('are made once, for their owner only, in folders that are made', () => {
    const path = join(scratchFolder('durable'), 'a', 'b', 'key');
    createFile(path, 'one');
    expect(readFileSync(path, 'utf8')).to.equal('one');
    expect(statSync(path).mode & 0o777).to.equal(0o600);
    expect(codeOf(() => createFile(path, 'two'))).to.equal('files/exists');
    expect(readFileSync(path, 'utf8')).to.equal('one');
    expect(readdirSync(join(path, '..')), 'nothing is left beside it').to.deep.equal(['key']);
  });

  it('are replaced as a whole, and closed to others whoever opened them', () => {
    const path = join(scratchFolder('durable'), 'vault');
    writeFileSync(`${path}.new`, 'what a crash has left, and longer', { mode: 0o644 });
    chmodSync(`${path}.new`, 0o644);
    replaceFile(path, 'one');
    replaceFile(path, Uint8Array.of(1, 2));
    expect([...readFileSync(path)]).to.deep.equal([1, 2]);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
  });

  it('on a full disk stay as they were, and can be written when there is room', function () {
    const disk = SmallDisk.mount(1 << 20);
    if (!disk) {
      cannotMount(this.test!.title);
      this.skip();
    }
    try {
      const [path, other] = [join(disk.path, 'vault'), join(disk.path, 'key')];
      replaceFile(path, new Uint8Array(100_000).fill(1));
      disk.fill(50_000);
      for (const write of [
        () => replaceFile(path, new Uint8Array(120_000)),
        () => createFile(other, new Uint8Array(120_000)),
      ]) {
        expect(codeOf(write)).to.equal('files/not-written');
        expect(write)
          .to.throw(/vault|key/)
          .with.property('message')
          .that.matches(/ENOSPC.*MiB free.*make room/);
      }
      expect(readFileSync(path)).to.deep.equal(Buffer.alloc(100_000, 1));
      expect(readdirSync(disk.path)).not.to.include('key');
      disk.makeRoom();
      replaceFile(path, new Uint8Array(120_000));
      createFile(other, new Uint8Array(120_000));
      expect(readFileSync(path).length).to.equal(120_000);
    } finally {
      disk.unmount();
    }
  });

  it('a folder that is not there or not ours is told', () => {
    const folder = scratchFolder('durable');
    expect(codeOf(() => replaceFile(join(folder, 'no', 'vault'), 'x'))).to.equal('files/not-written');
    writeFileSync(join(folder, 'file'), '');
    expect(codeOf(() => createFile(join(folder, 'file', 'key'), 'x'))).to.equal('files/not-written');
  });

  it('each cause has its remedy', () => {
    const said = (cause: string): string => diskTrouble('/', cause);
    expect(said('IO error: No space left on device')).to.match(/make room/);
    expect(said('EIO: i/o error, write')).to.match(/system log/);
    expect(said('EROFS: read-only file system')).to.match(/read-only/);
    expect(said('EACCES: permission denied')).to.match(/permissions/);
    expect(said('EFBIG: file too large')).to.match(/ulimit/);
    expect(said('something else')).to.match(/see to its disk/);
  });
});
