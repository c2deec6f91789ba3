/** What goes wrong around a chain: disks that fail, authors that flood, finality that does not come. */
import { expect } from 'chai';
import { AuraAuthor } from '../../../node/authoring/author.ts';
import { slotDigest } from '../../../node/base/seal.ts';
import type { Block } from '../../../node/chain/index.ts';
import { type KeyValue, openLevel, openMemory, stopsAtFailure } from '../../../node/db/index.ts';
import { TacitError } from '../../../primitives/errors.ts';
import type { VerifyTask } from '../../../pallets/support/index.ts';
import {
  AUTHORS,
  Clock,
  give,
  keyOf,
  nextBlock,
  runtime,
  testNode,
  type TestVerifier,
  transfer,
  verifier,
} from './harness.ts';
import { scratchFolder } from '../../support/scratch.ts';

/** A store whose disk can be made to fail. */
function failing(): { kv: KeyValue; inner: KeyValue; fail: { write: boolean; read: (key: Uint8Array) => boolean } } {
  const inner = openMemory();
  const fail = { write: false, read: (_key: Uint8Array): boolean => false };
  return {
    fail,
    inner,
    kv: stopsAtFailure({
      ...inner,
      get(key) {
        if (fail.read(key)) throw new TacitError('db/read-failed', 'bad sector');
        return inner.get(key);
      },
      async write(batch, sync) {
        if (fail.write) throw new Error('No space left on device');
        await inner.write(batch, sync);
      },
    }),
  };
}
const rejection = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );

describe('node/chain: adversity', () => {
  it('a full disk is nobody’s fault: the block is not called invalid; nothing goes in until the node is started again', async () => {
    const clock = new Clock();
    const { kv, inner, fail } = failing();
    const told: TacitError[] = [];
    const one = await testNode({ clock });
    const two = await testNode({ clock, kv, onDamage: (damage) => told.push(damage) });
    const hash = await nextBlock(one, clock);
    fail.write = true;
    expect(await rejection(give(one, hash, two))).to.have.property('code', 'db/write-failed');
    expect(two.chain.best().number).to.equal(0);
    expect(two.errors).to.have.length(1);
    expect(told.map(({ code }) => code)).to.deep.equal(['db/write-failed']);
    fail.write = false;
    expect(await rejection(give(one, hash, two))).to.have.property('code', 'db/write-failed');
    expect(two.chain.best().number).to.equal(0);

    const three = await testNode({ clock, kv: inner });
    expect(await give(one, hash, three)).to.include({ kind: 'imported', best: true });
  });

  it('a finality that is not on the disk is seen by nobody', async () => {
    const clock = new Clock();
    const { kv, fail } = failing();
    const [one, two] = [await testNode({ clock }), await testNode({ clock, kv })];
    const hash = await nextBlock(one, clock);
    await give(one, hash, two);
    const seen: string[] = [];
    two.chain.on('finalized', ({ ref }) => seen.push(ref.hash));
    fail.write = true;
    expect(await rejection(two.chain.finalize(hash, new Uint8Array(1)))).to.have.property('code', 'db/write-failed');
    expect(two.chain.finalized().number).to.equal(0);
    expect(seen).to.deep.equal([]);
  });

  it('LevelDB’s own errors are ours by code', async () => {
    const directory = scratchFolder('adversity');
    const kv = await openLevel(directory);
    await kv.write([[Uint8Array.of(1), Uint8Array.of(2)]], true);
    await kv.close();
    expect(await rejection(kv.write([[Uint8Array.of(1), undefined]], true))).to.have.property('code', 'db/closed');
    expect(() => kv.get(Uint8Array.of(1)))
      .to.throw(TacitError)
      .with.property('code', 'db/read-failed');
  });

  it('a database with holes is nobody’s fault either, and changes no outcome', async () => {
    const clock = new Clock();
    const { kv, fail } = failing();
    const one = await testNode({ clock });
    await testNode({ clock, kv });
    // Opened anew: the state is read from the database.
    const two = await testNode({ clock, kv });
    await one.pool.submit(transfer(one, { from: 'carol', nonce: 0 }), 'external');
    const hash = await nextBlock(one, clock);
    const TRIE = 0x08;
    let reads = 0;
    let survived = 0;
    for (let broken = 1; ; broken++) {
      reads = 0;
      fail.read = (key) => key[0] === TRIE && ++reads === broken;
      const result = await give(one, hash, two).catch((error: unknown) => error);
      if (!(result instanceof Error)) {
        expect(result).to.include({ kind: 'imported' });
        break;
      }
      survived++;
      expect(two.chain.best().number).to.equal(0);
    }
    expect(survived).to.be.greaterThan(3);
  });

  it('an author that floods its slot is heard a few times only; what others build on still comes by sync', async () => {
    const clock = new Clock();
    const victim = await testNode({ clock });
    clock.slot++;
    const blocks: Block[] = [];
    for (let i = 0; i < 5; i++) {
      // The same slot, the same parent, another body each time.
      const forger = await testNode({ clock });
      await forger.pool.submit(transfer(forger, { from: 'carol', nonce: 0, amount: BigInt(5_000 + i) }), 'external');
      const ref = await forger.author.propose(clock.slot);
      blocks.push({ header: forger.chain.header(ref!.hash)!, body: forger.chain.body(ref!.hash)! });
    }
    const kinds = [];
    for (const block of blocks) kinds.push((await victim.chain.importBlock(block, 'gossip')).kind);
    expect(kinds).to.deep.equal(['imported', 'imported', 'imported', 'stale', 'stale']);
    expect(await victim.chain.importBlock(blocks[4]!, 'sync')).to.include({ kind: 'imported' });
    // Finality clears the count, and it is the same after a restart.
    const again = await testNode({ clock, kv: victim.kv });
    expect(await again.chain.importBlock(blocks[3]!, 'gossip')).to.include({ kind: 'stale' });
  });

  it('while finality does not come, authors rest longer and longer; when it comes they go on', async () => {
    const clock = new Clock();
    const node = await testNode({ clock });
    const author = new AuraAuthor({
      chain: node.chain,
      pool: node.pool,
      runtime,
      host: verifier,
      keys: AUTHORS.map((name) => keyOf(`${name}//aura`)),
      now: clock.now,
      paused: () => false,
      finalitySlack: 4,
      onBlock: () => undefined,
      onError: (error) => node.errors.push(error),
    });
    const proposed: boolean[] = [];
    const go = async (slots: number): Promise<number> => {
      const before = proposed.filter(Boolean).length;
      for (let i = 0; i < slots; i++) {
        clock.slot++;
        proposed.push((await author.propose(clock.slot)) !== undefined);
      }
      return proposed.filter(Boolean).length - before;
    };
    expect(await go(5)).to.equal(5);
    expect(await go(20)).to.be.lessThan(10);
    const late = await go(200);
    expect(late).to.be.greaterThan(4);
    expect(late).to.be.lessThan(40);
    await node.chain.finalize(node.chain.best().hash, new Uint8Array(1));
    expect(await go(4)).to.equal(4);
    expect(node.errors).to.deep.equal([]);
  });

  it('slots far ahead, or of numbers that are none, harm nothing', async () => {
    const clock = new Clock();
    const one = await testNode({ clock });
    const hash = await nextBlock(one, clock);
    const good = { header: one.chain.header(hash)!, body: one.chain.body(hash)! };
    const two = await testNode({ clock });
    for (const slot of [clock.slot + 1, clock.slot + 1e6, Number.MAX_SAFE_INTEGER]) {
      const logs = [slotDigest(slot), ...good.header.digest.logs.slice(1)];
      const block = { ...good, header: { ...good.header, digest: { logs } } };
      expect((await two.chain.importBlock(block, 'gossip')).kind).to.equal('future');
    }
    expect(await give(one, hash, two)).to.include({ kind: 'imported' });
  });

  it('a block of a thousand extrinsics that nobody has told us of takes its turn, and still counts in the pool', async () => {
    const clock = new Clock();
    const believing = {
      verify: (asked: VerifyTask | VerifyTask[]) =>
        Array.isArray(asked) ? Promise.resolve(asked.map(() => true)) : true,
    } as TestVerifier;
    const [one, two] = [await testNode({ clock, verifier: believing }), await testNode({ clock, verifier: believing })];
    const COUNT = 1000;
    const paid = Array.from({ length: COUNT }, (_, nonce) => transfer(one, { from: 'carol', nonce, amount: 5_000n }));
    for (const bytes of paid) await one.pool.submit(bytes, 'external');
    const next = transfer(two, { from: 'carol', nonce: COUNT, amount: 5_000n });
    expect(await two.pool.submit(next, 'external')).to.include({ kind: 'future' });
    const rival = transfer(two, { from: 'carol', nonce: COUNT - 1, amount: 6_000n });
    await two.pool.submit(rival, 'external');
    const hash = await nextBlock(one, clock);
    let followed = false;
    const heard = new Promise<void>((resolve) => {
      two.chain.on('best', () => setImmediate(resolve));
      two.pool.on('transaction', () => {
        followed = true;
      });
    });
    const ready = new Promise<string>((resolve) => {
      two.pool.on('transaction', ({ hash: name }) => resolve(name));
    });
    await give(one, hash, two);
    await heard;
    expect(followed, 'the event loop had its turn before the last tag').to.equal(false);
    expect(await ready).to.equal(two.pool.hashOf(next));
    expect(two.pool.transaction(two.pool.hashOf(rival))).to.equal(undefined);
    expect(two.errors).to.deep.equal([]);
  });
});
