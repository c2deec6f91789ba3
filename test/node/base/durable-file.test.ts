import fs, { chmodSync, readdirSync, readFileSync, statSync } from 'node:fs';
import promises from 'node:fs/promises';
import { syncBuiltinESMExports } from 'node:module';
import { dirname, join } from 'node:path';
import { expect } from 'chai';
import { createFile, replaceFile, replaceFileInBackground } from '../../../node/base/durable-file.ts';
import { diskTrouble } from '../../../node/base/disk.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
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
    fs.writeFileSync(`${path}.new`, 'what a crash has left, and longer', { mode: 0o644 });
    chmodSync(`${path}.new`, 0o644);
    replaceFile(path, 'one');
    replaceFile(path, Uint8Array.of(1, 2));
    expect([...readFileSync(path)]).to.deep.equal([1, 2]);
    expect(statSync(path).mode & 0o777).to.equal(0o600);
  });

  describe('what the system is asked for', () => {
    /** The calls for a file and its folder, in their order; `failing` is refused. */
    async function callsOf(write: () => void | Promise<void>, failing?: string) {
      const calls: string[] = [];
      const names = new Map<number, string>();
      const note = (call: string): void => {
        calls.push(call);
        if (call === failing) throw Object.assign(new Error(`EIO: i/o error, ${call}`), { code: 'EIO' });
      };
      /** The call, which is noted before. */
      const noted = <A extends unknown[], R>(call: (...args: A) => R, name: (...args: NoInfer<A>) => string) => {
        return (...args: A): R => {
          note(name(...args));
          return call(...args);
        };
      };
      const nameOf = (flags: unknown): string => (flags === 'r' ? 'folder' : 'file');
      const { openSync, writeFileSync, fsyncSync, renameSync, linkSync } = fs;
      const { open, rename } = promises;
      Object.assign(fs, {
        openSync: (path: string, flags: string, mode?: number) => {
          const file = openSync(path, flags, mode);
          names.set(file, nameOf(flags));
          return file;
        },
        writeFileSync: noted(writeFileSync, () => 'write'),
        fsyncSync: noted(fsyncSync, (file) => `sync ${names.get(file)}`),
        renameSync: noted(renameSync, () => 'rename'),
        linkSync: noted(linkSync, () => 'link'),
      });
      Object.assign(promises, {
        open: async (path: string, flags: string, mode?: number) => {
          const file = await open(path, flags, mode);
          return Object.assign(file, {
            writeFile: noted(file.writeFile.bind(file), () => 'write'),
            sync: noted(file.sync.bind(file), () => `sync ${nameOf(flags)}`),
          });
        },
        rename: noted(rename, () => 'rename'),
      });
      syncBuiltinESMExports();
      try {
        await write();
        return { calls, code: undefined };
      } catch (error) {
        return { calls, code: (error as { code: unknown }).code };
      } finally {
        Object.assign(fs, { openSync, writeFileSync, fsyncSync, renameSync, linkSync });
        Object.assign(promises, { open, rename });
        syncBuiltinESMExports();
      }
    }
    const replacements = { replaceFile, replaceFileInBackground };

    for (const [name, replace] of Object.entries(replacements)) {
      it(`${name}: bytes are on the disk before they have the name, and the name before it is done`, async () => {
        const path = join(scratchFolder('durable'), 'vault');
        const { calls } = await callsOf(() => replace(path, utf8('one')));
        expect(calls).to.deep.equal(['write', 'sync file', 'rename', 'sync folder']);
        expect(statSync(path).mode & 0o777).to.equal(0o600);
      });

      it(`${name}: whatever is refused, the file holds the old bytes or the new ones`, async () => {
        const path = join(scratchFolder('durable'), 'vault');
        replaceFile(path, 'old');
        for (const failing of ['write', 'sync file', 'rename']) {
          const { code } = await callsOf(() => replace(path, utf8('new')), failing);
          expect(code, failing).to.equal('files/not-written');
          expect(readFileSync(path, 'utf8'), failing).to.equal('old');
        }
        const { code } = await callsOf(() => replace(path, utf8('new')), 'sync folder');
        expect(code).to.equal('files/not-written');
        expect(readFileSync(path, 'utf8')).to.equal('new');
      });

      it(`${name}: what a crash has left open to others is closed`, async () => {
        const path = join(scratchFolder('durable'), 'vault');
        fs.writeFileSync(`${path}.new`, 'what a crash has left, and longer');
        chmodSync(`${path}.new`, 0o644);
        await replace(path, utf8('one'));
        expect([readFileSync(path, 'utf8'), statSync(path).mode & 0o777]).to.deep.equal(['one', 0o600]);
      });
    }

    it('createFile: the same, and nothing is there if it is refused', async () => {
      const path = join(scratchFolder('durable'), 'key');
      for (const failing of ['write', 'sync file', 'link']) {
        const { code } = await callsOf(() => createFile(path, 'new'), failing);
        expect(code, failing).to.equal('files/not-written');
        expect(readdirSync(dirname(path)), failing).to.deep.equal([]);
      }
      const { calls } = await callsOf(() => createFile(path, 'one'));
      expect(calls).to.deep.equal(['write', 'sync file', 'link', 'sync folder']);
    });
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
    fs.writeFileSync(join(folder, 'file'), '');
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
