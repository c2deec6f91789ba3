/** Disks that are full, for a while or for good: what was acknowledged is there after reopening, and nothing is acknowledged that is not. */
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect } from 'chai';
import { BlockStore, type KeyValue, openLevel } from '../../../node/db/index.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import type { TacitError } from '../../../primitives/errors.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { cannotMount, SmallDisk } from '../../support/small-disk.ts';

const MIB = 1 << 20;
const failure = (work: Promise<unknown>): Promise<TacitError | undefined> =>
  work.then(
    () => undefined,
    (error: TacitError) => error,
  );

/** Writes records until one is refused. Gives the names of those that were acknowledged, and why it ended. */
async function writeUntilFull(kv: KeyValue, name: string, sync: boolean): Promise<[string[], TacitError]> {
  const acknowledged: string[] = [];
  for (let i = 0; ; i++) {
    const key = `${name} ${i}`;
    const error = await failure(kv.write([[utf8(key), new Uint8Array(1500).fill(i)]], sync));
    if (error) return [acknowledged, error];
    acknowledged.push(key);
  }
}

describe('node/db: a full disk', () => {
  const disks: SmallDisk[] = [];
  afterEach(() => {
    for (const disk of disks.splice(0)) disk.unmount();
  });
  function disk(test: Mocha.Context, bytes: number): SmallDisk {
    const mounted = SmallDisk.mount(bytes);
    if (!mounted) {
      cannotMount(test.test!.title);
      test.skip();
    }
    disks.push(mounted);
    return mounted;
  }

  for (const sync of [true, false]) {
    it(`stops the store with the first failed write, ${sync ? 'synced' : 'not synced'}, and loses nothing acknowledged`, async function () {
      const small = disk(this, 2 * MIB);
      const folder = `${small.path}/chain`;
      let kv = await openLevel(folder);
      await kv.write([[utf8('before'), utf8('1')]], true);
      small.fill(16_384);
      const [acknowledged, error] = await writeUntilFull(kv, 'full', sync);
      expect(error.code).to.equal('db/write-failed');
      expect(error.message).to.match(/tacit-disk-.*takes no more.*No space left.*MiB free.*make room/s);

      small.makeRoom();
      const after = await failure(kv.write([[utf8('after'), utf8('1')]], true));
      expect(after, 'there is room again, and a torn log').to.equal(error);
      expect(kv.get(utf8('before')), 'it can be read').to.deep.equal(utf8('1'));
      await kv.close();

      kv = await openLevel(folder);
      for (const key of ['before', ...acknowledged]) expect(kv.get(utf8(key)), key).not.to.equal(undefined);
      expect(kv.get(utf8('after'))).to.equal(undefined);
      await kv.write([[utf8('again'), utf8('1')]], true);
      await kv.close();
      kv = await openLevel(folder);
      expect(kv.get(utf8('again'))).to.deep.equal(utf8('1'));
      await kv.close();
    });
  }

  it('refuses the writes that wait behind the one that fails', async function () {
    const small = disk(this, 2 * MIB);
    const kv = await openLevel(`${small.path}/chain`);
    small.fill(8192);
    const outcomes = await Promise.all(
      Array.from({ length: 40 }, (_, i) =>
        failure(kv.write([[utf8(`k${i}`), new Uint8Array(1500).fill(i)]], true)).then((error) => {
          // The disk is full for one moment only.
          if (error) small.makeRoom();
          return error;
        }),
      ),
    );
    const first = outcomes.findIndex((error) => error !== undefined);
    expect(first).to.be.within(1, 38);
    expect(outcomes.slice(first).every((error) => error?.code === 'db/write-failed')).to.equal(true);
    await kv.close();
    const again = await openLevel(`${small.path}/chain`);
    for (let i = 0; i < first; i++) expect(again.get(utf8(`k${i}`)), `k${i}`).not.to.equal(undefined);
    await again.close();
  });

  it('four validators fill up at different times: each ends at the finality it acknowledged, and goes on from there', async function () {
    const named = (name: string): string => toHex(blake2b256(utf8(name)));
    const ref = (number: number) => ({ hash: named(`block ${number}`), number });
    const bodyOf = (number: number) => [new Uint8Array(700).fill(number)];
    const blockOf = (number: number) => ({
      ref: ref(number),
      header: utf8(`header ${number}`),
      body: bodyOf(number),
      trie: new Map([[named(`node ${number}`), new Uint8Array(200)]]),
    });
    async function validator(small: SmallDisk, room: number): Promise<void> {
      const folder = `${small.path}/chain`;
      const told: TacitError[] = [];
      const store = new BlockStore(await openLevel(folder), (damage) => told.push(damage));
      await store.initialize({ ...blockOf(0), body: [] });
      let [added, final, voted] = [0, 0, 0];
      let error: TacitError | undefined;
      for (let number = 1; !error; number++) {
        if (number === 5) small.fill(room);
        error = await failure(store.addBlock(blockOf(number)));
        if (!error) added = number;
        error ??= await failure(store.meta.put('votes', utf8(String(number))));
        if (!error) voted = number;
        const justification = { hash: ref(number).hash, bytes: utf8('yes') };
        error ??= await failure(store.finalize({ enacted: [ref(number)], pruned: [], justification }));
        if (!error) final = number;
      }
      expect(told[0]).to.equal(error).and.to.have.property('code', 'db/write-failed');
      small.makeRoom();
      expect(await failure(store.meta.put('votes', utf8('twice'))), 'a vote is not recorded in a torn log').to.equal(
        error,
      );
      await store.close();

      const again = new BlockStore(await openLevel(folder));
      await again.initialize({ ...blockOf(0), body: [] });
      expect(again.finalized().number).to.be.within(final, final + 1);
      for (let number = 1; number <= added; number++) {
        expect(again.body(ref(number).hash), `block ${number}`).to.deep.equal(bodyOf(number));
      }
      expect(Number(Buffer.from(again.meta.get('votes') ?? '0').toString())).to.be.within(voted, voted + 1);
      await again.addBlock(blockOf(added + 1));
      await again.close();
    }
    const rooms = [20_000, 60_000, 150_000, 400_000];
    const smalls = rooms.map(() => disk(this, 2 * MIB));
    await Promise.all(smalls.map((small, i) => validator(small, rooms[i]!)));
  });

  it('a limit on the size of files does the same, wherever no file system can be mounted', async function () {
    this.timeout(600_000);
    if (process.platform !== 'linux') {
      process.stderr.write(
        '    a limit on the size of files: left out, it is set with prlimit, which only Linux has\n',
      );
      this.skip();
    }
    const folder = scratchFolder('fsize');
    const child = fork(fileURLToPath(new URL('./limited-writer.ts', import.meta.url)), [folder]);
    const limit = (size: string): void => {
      execFileSync('prlimit', ['--pid', String(child.pid), `--fsize=${size}:unlimited`]);
    };
    limit('40000');
    const acknowledged: number[] = [];
    const refused: { refused: number; code: string; message: string }[] = [];
    await new Promise<void>((resolve, reject) => {
      child.once('exit', () => reject(new Error('the writer ended early')));
      child.on('message', (message: { acknowledged?: number; refused?: number } | 'done') => {
        if (message === 'done') resolve();
        else if (message.acknowledged !== undefined) acknowledged.push(message.acknowledged);
        else {
          refused.push(message as (typeof refused)[number]);
          limit('unlimited');
          child.send('go on');
        }
      });
    });
    const ended = once(child, 'exit');
    child.send('close');
    await ended;
    expect(acknowledged).to.have.length.within(5, 30);
    expect(refused[0]!.message).to.match(/File too large.*ulimit -f/);
    expect(new Set(refused.map(({ code }) => code))).to.deep.equal(new Set(['db/write-failed']));
    expect(refused).to.have.length(200 - acknowledged.length);
    const kv = await openLevel(folder);
    for (const i of acknowledged) expect(kv.get(utf8(`key ${i}`)), `key ${i}`).not.to.equal(undefined);
    await kv.close();
  });
});
