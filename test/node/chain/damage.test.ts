/** Databases from which something is gone: each is told, or was not needed. */
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'chai';
import { type KeyValue, openLevel, openMemory } from '../../../node/db/index.ts';
import { isTacitError, type TacitError } from '../../../primitives/errors.ts';
import { checkStored } from '../../../primitives/trie/index.ts';
import { Clock, nextBlock, testNode, type TestNode, transfer } from './harness.ts';

/** Long enough for the log to have some of LevelDB's blocks of 32 KiB: it drops what follows a bad record in the same one. */
const JUSTIFIED = new Uint8Array(20_000).fill(1);
const BLOCKS = 12;
const FINAL = 9;

/** A chain with transfers, most of it final. */
async function grown(kv: KeyValue, clock: Clock): Promise<TestNode> {
  const node = await testNode({ clock, kv });
  const hashes: string[] = [];
  for (let i = 0; i < BLOCKS; i++) {
    await node.pool.submit(transfer(node, { from: 'carol', nonce: i }), 'external');
    hashes.push(await nextBlock(node, clock));
    if (i >= 2 && i <= FINAL) await node.chain.finalize(hashes[i - 1]!, JUSTIFIED);
  }
  return node;
}

/** Everything that a node on this chain can be asked for now, read to the last part. */
function readAll({ chain }: TestNode): void {
  for (const { hash } of [chain.finalized(), ...chain.unfinalized()]) {
    for (const [,] of chain.state(hash)!.entries(new Uint8Array(0)));
    if (!chain.body(hash)) throw new Error('no body');
  }
  for (let number = chain.finalized().number; number > 0; number--) {
    const hash = chain.hashByNumber(number)!;
    if (chain.header(hash)?.number !== number || !chain.body(hash)) throw new Error('no block');
  }
}

const damageOf = async (opened: Promise<unknown>): Promise<TacitError | undefined> => {
  try {
    await opened;
    return undefined;
  } catch (error) {
    if (isTacitError(error, 'db/damaged')) return error;
    throw error;
  }
};

describe('node/chain: a damaged database', () => {
  it('is told at the start whichever record is missing, unless nothing needs that one', async () => {
    const clock = new Clock();
    const kv = openMemory();
    await grown(kv, clock);
    const records: [Uint8Array, Uint8Array][] = [];
    for await (const record of kv.range(Uint8Array.of(0), Uint8Array.of(0xff))) records.push(record);
    const told = new Map<number, number>();
    for (const [key, value] of records) {
      await kv.write([[key, undefined]], false);
      const damage = await damageOf(testNode({ clock, kv }).then(readAll));
      if (damage) told.set(key[0]!, (told.get(key[0]!) ?? 0) + 1);
      if (damage) expect(damage.message).to.match(/memory is damaged: .*operate\.md/);
      // What the start wrote in its place, if it began anew, must not stay.
      await kv.write([[key, value]], false);
    }
    const [HEADER, BODY, CANONICAL, TRIE, HEAD] = [0x01, 0x02, 0x06, 0x08, 0x09];
    // All headers and bodies but those of block 0, which is known without them.
    expect(told.get(HEADER)).to.equal(BLOCKS);
    expect(told.get(BODY)).to.equal(BLOCKS);
    expect(told.get(CANONICAL)).to.equal(FINAL + 1);
    expect(told.get(TRIE)).to.be.greaterThan(20);
    // The layout, the chain's name, the finalized block.
    expect(told.get(HEAD)).to.equal(3);
  });

  it('is told at the start whichever byte of a state is another', async () => {
    const clock = new Clock();
    const kv = openMemory();
    const { chain } = await grown(kv, clock);
    const needed: Uint8Array[] = [];
    const nodes = {
      get(hash: Uint8Array): Uint8Array | undefined {
        needed.push(hash);
        return kv.get(Uint8Array.of(0x08, ...hash));
      },
    };
    const roots = [chain.finalized(), ...chain.unfinalized()].map(({ hash }) => chain.header(hash)!.stateRoot);
    expect(checkStored(nodes, roots, { parts: 1e6, bytes: 1e9 }).complete).to.equal(true);
    expect(checkStored(nodes, roots, { parts: 3, bytes: 1e9 })).to.include({ parts: 3, complete: false });
    for (const [i, hash] of [...needed].entries()) {
      const key = Uint8Array.of(0x08, ...hash);
      const good = kv.get(key)!;
      const at = i % good.length;
      await kv.write([[key, good.map((byte, j) => (j === at ? byte ^ 0x10 : byte))]], false);
      expect(await damageOf(testNode({ clock, kv }))).to.have.property('code', 'db/damaged');
      await kv.write([[key, good]], false);
    }
    await testNode({ clock, kv });
  });

  it('is told when the hole is met, by whoever reads there; the reader fails', async () => {
    const clock = new Clock();
    const kv = openMemory();
    await grown(kv, clock);
    const told: TacitError[] = [];
    const { chain } = await testNode({ clock, kv, onDamage: (damage) => told.push(damage) });
    // A state of the past: the start does not look at it.
    const old = chain.header(chain.hashByNumber(2)!)!.stateRoot;
    await kv.write([[Uint8Array.of(0x08, ...old), undefined]], false);
    expect(told).to.deep.equal([]);
    expect(() => chain.authorities(chain.hashByNumber(2)!)).to.throw(/not in the store/);
    expect(told.map(({ code }) => code)).to.deep.equal(['db/damaged']);
  });

  describe('in LevelDB', () => {
    let folder: string;
    let whole: string;
    const clock = new Clock();

    before(async () => {
      folder = await mkdtemp(join(tmpdir(), 'tacit-damage-'));
      whole = join(folder, 'whole');
      const { chain } = await grown(await openLevel(whole), clock);
      await chain.close();
    });
    after(() => rm(folder, { recursive: true, force: true }));

    /** Opens a copy with another log. Gives the height of its finalized block, or the damage. */
    async function openedWith(change: (log: Buffer) => Uint8Array): Promise<number | TacitError> {
      const copy = await mkdtemp(join(folder, 'copy-'));
      await cp(whole, copy, { recursive: true });
      const logs = (await readdir(copy)).filter((name) => name.endsWith('.log'));
      expect(logs).to.have.length(1);
      const path = join(copy, logs[0]!);
      await writeFile(path, change(await readFile(path)));
      const kv = await openLevel(copy);
      try {
        let final = 0;
        const damage = await damageOf(
          testNode({ clock, kv }).then((node) => {
            readAll(node);
            final = node.chain.finalized().number;
          }),
        );
        if (damage) expect(damage.message).to.include(copy);
        return damage ?? final;
      } finally {
        await kv.close();
      }
    }
    const flipped = (log: Buffer, from: number, to: number): Uint8Array =>
      log.map((byte, i) => (i >= from && i < to ? byte ^ 0xff : byte));

    it('whose log is as it was: nothing is told', async () => {
      expect(await openedWith((log) => log)).to.equal(FINAL);
    });

    it('whose log has its middle half flipped is told, with the folder', async () => {
      const result = await openedWith((log) => flipped(log, log.length >> 2, log.length - (log.length >> 2)));
      expect(result).to.have.property('code', 'db/damaged');
    });

    it('wherever the log is flipped: it is told, or all that is left can be read', async () => {
      let told = 0;
      for (let i = 0; i < 40; i++) {
        const result = await openedWith((log) => {
          const from = Math.floor((log.length * i) / 40);
          return flipped(log, from, from + 16);
        });
        if (typeof result !== 'number') told++;
      }
      expect(told).to.be.greaterThan(5);
    });

    it('wherever the log ends: the chain stands at an earlier block, as after a crash, and nothing is told', async () => {
      const heights: number[] = [];
      for (let i = 1; i <= 20; i++) {
        const result = await openedWith((log) => log.subarray(0, Math.floor((log.length * i) / 20)));
        expect(result).to.be.a('number');
        heights.push(result as number);
      }
      expect(heights).to.deep.equal([...heights].sort((a, b) => a - b));
      expect(heights.at(-1)).to.equal(FINAL);
    });
  });
});
