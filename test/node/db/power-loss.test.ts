/** What is on the disk when the power fails: finality and small records, and nothing that was only on its way. */
import { expect } from 'chai';
import { Level } from 'level';
import { BlockStore, openLevel } from '../../../node/db/index.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { PowerLossStore } from '../../support/power-loss.ts';
import { scratchFolder } from '../../support/scratch.ts';

const block = (name: string, number: number) => ({
  ref: { hash: toHex(blake2b256(utf8(name))), number },
  header: utf8(name),
  body: [],
  trie: new Map<string, Uint8Array>(),
});
const [genesis, one, two] = [block('genesis', 0), block('one', 1), block('two', 2)];

describe('node/db: power loss', () => {
  it('small records are on the disk when put and delete resolve', async () => {
    const disk = new PowerLossStore();
    const { meta } = new BlockStore(disk.kv);
    const kept = async (): Promise<Uint8Array | undefined> =>
      new BlockStore(await disk.afterPowerLoss()).meta.get('votes');
    await meta.put('votes', utf8('first'));
    expect(await kept()).to.deep.equal(utf8('first'));
    await meta.put('votes', utf8('second'));
    expect(await kept()).to.deep.equal(utf8('second'));
    await meta.delete('votes');
    expect(await kept()).to.equal(undefined);
  });

  it('a chain begins and becomes final with all below it; a block that is not final may be gone, as a whole', async () => {
    const disk = new PowerLossStore();
    const store = new BlockStore(disk.kv);
    const kept = async (): Promise<BlockStore> => new BlockStore(await disk.afterPowerLoss());
    await store.initialize(genesis);
    expect((await kept()).finalized()).to.deep.equal(genesis.ref);
    await store.addBlock(one);
    expect((await kept()).header(one.ref.hash)).to.equal(undefined);
    const justification = { hash: one.ref.hash, bytes: utf8('justified') };
    await store.finalize({ enacted: [one.ref], pruned: [], justification });
    await store.addBlock(two);
    const after = await kept();
    expect(after.finalized()).to.deep.equal(one.ref);
    expect(after.header(one.ref.hash)).to.deep.equal(one.header);
    expect(after.justification(one.ref.hash)).to.deep.equal(justification.bytes);
    expect(await after.open()).to.deep.equal([]);
  });

  it('the database hands the wish to sync on to LevelDB', async () => {
    const folder = scratchFolder('power-loss');
    const kv = await openLevel(folder);
    const { batch } = Level.prototype;
    const synced: unknown[] = [];
    Level.prototype.batch = function (this: Level, ...args: unknown[]) {
      synced.push((args[1] as { sync?: boolean }).sync);
      return (batch as (...all: unknown[]) => unknown).apply(this, args);
    } as typeof batch;
    try {
      await new BlockStore(kv).meta.put('votes', utf8('1'));
      await kv.write([[utf8('other'), utf8('1')]], false);
    } finally {
      Level.prototype.batch = batch;
      await kv.close();
    }
    expect(synced).to.deep.equal([true, false]);
  });
});
