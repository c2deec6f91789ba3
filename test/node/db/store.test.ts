import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { BlockStore, type KeyValue, type NewBlock, openLevel, openMemory } from '../../../node/db/index.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';

const named = (name: string): Uint8Array => blake2b256(utf8(name));

function block(name: string, number: number, body: Uint8Array[] = [utf8(name)]): NewBlock {
  const node = utf8(`node of ${name}`);
  return {
    ref: { hash: toHex(named(name)), number },
    header: utf8(`header of ${name}`),
    body,
    trie: new Map([[toHex(blake2b256(node)), node]]),
  };
}
const finality = (enacted: NewBlock[], pruned: NewBlock[] = []) => ({
  enacted: enacted.map(({ ref }) => ref),
  pruned: pruned.map(({ ref }) => ref),
  justification: { hash: enacted.at(-1)!.ref.hash, bytes: utf8('justified') },
});
const genesis = block('genesis', 0, []);

/** What every store must do, over whichever key-value store lies below. */
function conformance(name: string, open: () => Promise<KeyValue>, reopen?: () => Promise<KeyValue>): void {
  describe(`node/db over ${name}`, () => {
    let kv: KeyValue;
    let store: BlockStore;
    beforeEach(async () => {
      kv = await open();
      store = new BlockStore(kv);
      await store.initialize(genesis);
    });
    afterEach(() => kv.close());

    it('reads back a block, its state and the heads', async () => {
      const one = block('one', 1);
      await store.addBlock(one);
      expect(store.header(one.ref.hash)).to.deep.equal(one.header);
      expect(store.body(one.ref.hash)).to.deep.equal(one.body);
      expect(store.nodes.get(blake2b256(utf8('node of one')))).to.deep.equal(utf8('node of one'));
      expect(store.body(toHex(named('unknown')))).to.equal(undefined);
      expect(store.finalized()).to.deep.equal(genesis.ref);
      expect(await store.open()).to.deep.equal([one.ref]);
    });

    it('finalizes a branch and forgets the others', async () => {
      const [one, two, fork] = [block('one', 1), block('two', 2), block('fork', 1)];
      for (const each of [one, fork, two]) await store.addBlock(each);
      expect((await store.open()).map(({ number }) => number)).to.deep.equal([1, 1, 2]);
      await store.finalize(finality([one, two], [fork]));
      expect(store.finalized()).to.deep.equal(two.ref);
      expect(store.canonical(1)).to.equal(one.ref.hash);
      expect(store.canonical(2)).to.equal(two.ref.hash);
      expect(store.justification(two.ref.hash)).to.deep.equal(utf8('justified'));
      expect(store.header(fork.ref.hash)).to.equal(undefined);
      expect(await store.open()).to.deep.equal([]);
    });

    it('keeps a large extrinsic once, as long as some body holds it', async () => {
      const large = new Uint8Array(100_000).fill(7);
      const [one, fork] = [block('one', 1, [utf8('a'), large]), block('fork', 1, [large])];
      await store.addBlock(one);
      await store.addBlock(fork);
      await store.finalize(finality([one], [fork]));
      expect(store.body(one.ref.hash)).to.deep.equal([utf8('a'), large]);
      const sizes: number[] = [];
      for await (const [, value] of kv.range(Uint8Array.of(0), Uint8Array.of(255))) sizes.push(value.length);
      expect(sizes.filter((size) => size >= large.length)).to.have.length(1);
    });

    it('prunes large extrinsics below a height and nothing else', async () => {
      const large = (fill: number): Uint8Array => new Uint8Array(10_000).fill(fill);
      const blocks = [1, 2, 3].map((n) => block(`b${n}`, n, [utf8('small'), large(n)]));
      for (const each of blocks) await store.addBlock(each);
      await store.finalize(finality(blocks));
      await store.pruneBodies(3);
      expect(blocks.map(({ ref }) => store.body(ref.hash)?.length)).to.deep.equal([undefined, undefined, 2]);
      expect(store.header(blocks[0]!.ref.hash)).to.deep.equal(blocks[0]!.header);
      await store.pruneBodies(4);
      expect(store.body(blocks[2]!.ref.hash)).to.equal(undefined);
    });

    it('refuses a database of another chain', async () => {
      const other = new BlockStore(kv);
      await other.initialize(genesis);
      let code: unknown;
      await other.initialize(block('other', 0)).catch((error: { code: unknown }) => (code = error.code));
      expect(code).to.equal('db/other-chain');
    });

    it('keeps small records by name', async () => {
      await store.meta.put('votes', Uint8Array.of(1));
      expect(store.meta.get('votes')).to.deep.equal(Uint8Array.of(1));
      await store.meta.delete('votes');
      expect(store.meta.get('votes')).to.equal(undefined);
    });

    if (reopen) {
      it('is there again after closing', async () => {
        const one = block('one', 1);
        await store.addBlock(one);
        await store.finalize(finality([one]));
        await kv.close();
        kv = await reopen();
        const again = new BlockStore(kv);
        await again.initialize(genesis);
        expect(again.finalized()).to.deep.equal(one.ref);
        expect(again.body(one.ref.hash)).to.deep.equal(one.body);
      });
    }
  });
}

conformance('memory', async () => openMemory());

const directories: string[] = [];
async function freshDirectory(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'tacit-db-'));
  directories.push(directory);
  return directory;
}
conformance(
  'LevelDB',
  async () => openLevel(await freshDirectory()),
  () => openLevel(directories.at(-1)!),
);

describe('node/db', () => {
  after(async () => {
    for (const directory of directories) await rm(directory, { recursive: true, force: true });
  });

  it('says that a database is in use', async () => {
    const directory = await freshDirectory();
    const kv = await openLevel(directory);
    let code: unknown;
    await openLevel(directory).catch((error: { code: unknown }) => (code = error.code));
    expect(code).to.equal('db/locked');
    await kv.close();
  });

  it('loses no acknowledged block and tears none when the process is killed', async function () {
    this.timeout(30_000);
    const directory = await freshDirectory();
    let acknowledged = 0;
    for (let round = 0; round < 4; round++) {
      const child = spawn(process.execPath, [new URL('writer.ts', import.meta.url).pathname, directory]);
      const enough = acknowledged + 25;
      await new Promise<void>((resolve) => {
        child.stdout.on('data', (text: Buffer) => {
          acknowledged = Math.max(acknowledged, ...text.toString().trim().split('\n').map(Number));
          if (acknowledged >= enough) child.kill('SIGKILL');
        });
        child.on('exit', () => resolve());
      });
      const kv = await openLevel(directory);
      const store = new BlockStore(kv);
      const final = store.finalized().number;
      expect(final).to.be.at.least(acknowledged);
      for (const ref of await store.open()) {
        expect(store.body(ref.hash), 'a block has all its parts or is not there').to.have.length(2);
        expect(store.nodes.get(named(`node ${ref.number}`))).to.have.length(500);
      }
      for (let n = 1; n <= final; n++) expect(store.body(store.canonical(n)!)).to.have.length(2);
      await kv.close();
    }
  });
});
