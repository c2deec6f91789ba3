import { expect } from 'chai';
import { type Block, headerHash } from '../../../node/chain/index.ts';
import { yieldToLoop } from '../../../node/base/serial.ts';
import { sealHeader, slotDigest } from '../../../node/base/seal.ts';
import { type KeyValue, openMemory } from '../../../node/db/index.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { orderedRoot } from '../../../primitives/trie/index.ts';
import { Clock, genesisOf, give, keyOf, nextBlock, type TestNode, testNode, transfer } from './harness.ts';

const JUSTIFIED = utf8('justified');

async function pair(): Promise<{ clock: Clock; one: TestNode; two: TestNode }> {
  const clock = new Clock();
  return { clock, one: await testNode({ clock }), two: await testNode({ clock }) };
}

describe('node/chain', () => {
  it('makes the same genesis block everywhere', () => {
    const hashes = [1, 2].map(() => headerHash(genesisOf(['carol', 'dave']).header));
    expect(hashes[0]).to.equal(hashes[1]);
  });

  it('authors blocks that another node executes to the same state', async () => {
    const { clock, one, two } = await pair();
    await one.pool.submit(transfer(one, { from: 'carol', nonce: 0 }), 'external');
    for (let i = 0; i < 3; i++) {
      const hash = await nextBlock(one, clock);
      expect(await give(one, hash, two)).to.include({ kind: 'imported', best: true });
    }
    expect(two.chain.best()).to.deep.equal(one.chain.best());
    expect(two.chain.best().number).to.equal(3);
    const first = two.chain.body(two.chain.hashByNumber(1)!)!;
    expect(first).to.have.length(2);
    expect([...one.errors, ...two.errors]).to.deep.equal([]);
  });

  describe('refuses a block', () => {
    let clock: Clock;
    let one: TestNode;
    let two: TestNode;
    let good: Block;
    beforeEach(async () => {
      ({ clock, one, two } = await pair());
      await give(one, await nextBlock(one, clock), two);
      await one.pool.submit(transfer(one, { from: 'carol', nonce: 0 }), 'external');
      const hash = await nextBlock(one, clock);
      good = { header: one.chain.header(hash)!, body: one.chain.body(hash)! };
    });
    const author = (): ReturnType<typeof keyOf> => keyOf(clock.slot % 2 === 0 ? 'alice//aura' : 'bob//aura');
    /** The good block with a changed header or body, sealed by its rightful author. */
    function changed(header: Partial<Block['header']>, body = good.body): Block {
      const logs = good.header.digest.logs.filter(({ tag }) => tag !== 'Seal');
      const unsealed = { ...good.header, digest: { logs }, extrinsicsRoot: orderedRoot(body), ...header };
      return { header: sealHeader(unsealed, author()), body };
    }
    const cases: Record<string, [code: string, make: () => Block]> = {
      'with another state root': ['chain/bad-state-root', () => changed({ stateRoot: new Uint8Array(32) })],
      'with another body': ['chain/bad-extrinsics-root', () => ({ ...good, body: good.body.slice(0, 1) })],
      'with another number': ['chain/bad-number', () => changed({ number: 7 })],
      'with a digest item of its own': [
        'chain/bad-digest',
        () => {
          const logs = good.header.digest.logs.filter(({ tag }) => tag !== 'Seal');
          return changed({ digest: { logs: [...logs, { tag: 'Other', value: utf8('x') }] } });
        },
      ],
      'in a slot that does not increase': [
        'chain/slot-not-increasing',
        () => changed({ digest: { logs: [slotDigest(clock.slot - 1)] } }),
      ],
      'without a slot': ['aura/bad-digest', () => changed({ digest: { logs: [] } })],
      'without a seal': [
        'aura/bad-seal',
        () => ({ ...good, header: { ...good.header, digest: { logs: good.header.digest.logs.slice(0, -1) } } }),
      ],
      'sealed by someone else': [
        'aura/bad-seal',
        () => {
          const logs = good.header.digest.logs.slice(0, -1);
          return { ...good, header: sealHeader({ ...good.header, digest: { logs } }, keyOf('mallory')) };
        },
      ],
      'with an extrinsic that has a bad signature': [
        'chain/bad-extrinsic',
        () => changed({}, [good.body[0]!, transfer(one, { from: 'carol', nonce: 0, signer: 'dave' })]),
      ],
      'with the same extrinsic twice': ['chain/bad-extrinsic', () => changed({}, [...good.body, good.body[1]!])],
      'with garbage for an extrinsic': ['chain/bad-extrinsic', () => changed({}, [good.body[0]!, utf8('garbage')])],
      'without its inherent': ['timestamp/not-set', () => changed({}, [good.body[1]!])],
      'that is too large': [
        'chain/too-large',
        () => changed({}, [...good.body, ...Array.from({ length: 9 }, () => new Uint8Array(1 << 20))]),
      ],
    };
    for (const [name, [code, make]] of Object.entries(cases)) {
      it(name, async () => {
        const before = two.chain.best();
        const result = await two.chain.importBlock(make(), 'gossip');
        expect(result.kind, JSON.stringify(result)).to.equal('invalid');
        expect((result as { code: string }).code).to.match(new RegExp(`^${code}`));
        expect(two.chain.best()).to.deep.equal(before);
        expect(await two.chain.importBlock(good, 'gossip'), 'the good one still goes in').to.include({
          kind: 'imported',
        });
        expect(two.errors).to.deep.equal([]);
      });
    }

    it('but not for ever if it is early or its parent is unknown', async () => {
      const late = await testNode({ clock });
      expect(await late.chain.importBlock(good, 'gossip')).to.include({ kind: 'unknown-parent' });
      clock.slot -= 1;
      expect(await two.chain.importBlock(good, 'gossip')).to.include({ kind: 'future' });
      clock.slot += 1;
      expect(await two.chain.importBlock(good, 'gossip')).to.include({ kind: 'imported' });
      expect(await two.chain.importBlock(good, 'gossip')).to.include({ kind: 'known' });
    });
  });

  it('follows the longest branch and tells of the reorganisation', async () => {
    const { clock, one, two } = await pair();
    const short = await nextBlock(one, clock);
    const long = [await nextBlock(two, clock), await nextBlock(two, clock)];
    const told: { retracted: string[]; enacted: string[] }[] = [];
    one.chain.on('best', ({ retracted, enacted }) => {
      told.push({ retracted: retracted.map(({ hash }) => hash), enacted: enacted.map(({ hash }) => hash) });
    });
    expect(await give(two, long[0]!, one)).to.include({ kind: 'imported', best: false });
    expect(one.chain.best().hash, 'first seen wins a tie').to.equal(short);
    await give(two, long[1]!, one);
    expect(told).to.deep.equal([{ retracted: [short], enacted: long }]);
    expect(one.chain.hashByNumber(1)).to.equal(long[0]);
    expect(one.chain.isDescendent(long[0]!, long[1]!)).to.equal(true);
    expect(one.chain.isDescendent(short, long[1]!)).to.equal(false);
    expect(one.chain.bestContaining(short)!.hash).to.equal(short);
    expect(one.chain.children(one.chain.genesisHash)).to.have.members([short, long[0]]);
  });

  it('finalizes even against the longest branch, and never goes back', async () => {
    const { clock, one, two } = await pair();
    const short = await nextBlock(one, clock);
    const long = [await nextBlock(two, clock), await nextBlock(two, clock)];
    for (const hash of long) await give(two, hash, one);
    const finalized: string[][] = [];
    one.chain.on('finalized', ({ enacted, pruned }) => {
      finalized.push(
        enacted.map(({ hash }) => hash),
        pruned.map(({ hash }) => hash),
      );
    });
    await one.chain.finalize(short, JUSTIFIED);
    expect(finalized).to.deep.equal([[short], long]);
    expect(one.chain.best().hash).to.equal(short);
    expect(one.chain.justification(short)).to.deep.equal(JUSTIFIED);
    expect(one.chain.header(long[1]!)).to.equal(undefined);
    expect(await give(two, long[0]!, one)).to.include({ kind: 'stale' });
    let code: unknown;
    await one.chain.finalize(long[1]!, JUSTIFIED).catch((error: { code: unknown }) => (code = error.code));
    expect(code).to.equal('chain/unknown-block');
    expect(one.chain.finalized().hash).to.equal(short);
  });

  it('shows one consistent chain while a finality is being written', async () => {
    const clock = new Clock();
    const memory = openMemory();
    const slow: KeyValue = {
      ...memory,
      write: async (batch, sync) => {
        for (let turn = 0; turn < 3; turn++) await yieldToLoop();
        await memory.write(batch, sync);
      },
    };
    const node = await testNode({ clock, kv: slow });
    const hashes = [await nextBlock(node, clock), await nextBlock(node, clock)];
    const written = node.chain.finalize(hashes[1]!, JUSTIFIED);
    const seen: string[][] = [];
    for (let turn = 0; turn < 6; turn++) {
      const { number, hash } = node.chain.finalized();
      expect(node.chain.hashByNumber(number)).to.equal(hash);
      seen.push([1, 2].map((height) => node.chain.hashByNumber(height) ?? 'none'));
      await yieldToLoop();
    }
    await written;
    expect(node.chain.finalized().number).to.equal(2);
    for (const each of seen) expect(each).to.deep.equal(hashes);
  });

  it('continues after a restart where it was', async () => {
    const clock = new Clock();
    const node = await testNode({ clock });
    const hashes = [];
    for (let i = 0; i < 4; i++) hashes.push(await nextBlock(node, clock));
    await node.chain.finalize(hashes[1]!, JUSTIFIED);
    const again = await testNode({ clock, kv: node.kv });
    expect(again.chain.best()).to.deep.equal(node.chain.best());
    expect(again.chain.finalized().hash).to.equal(hashes[1]);
    expect(again.chain.hashByNumber(1)).to.equal(hashes[0]);
    await nextBlock(again, clock);
    expect(again.chain.best().number).to.equal(5);
  });

  it('answers ancestry questions across the finalized block', async () => {
    const clock = new Clock();
    const node = await testNode({ clock });
    const hashes: string[] = [];
    for (let i = 0; i < 4; i++) hashes.push(await nextBlock(node, clock));
    await node.chain.finalize(hashes[2]!, JUSTIFIED);
    const [one, two, , four] = hashes as [string, string, string, string];
    expect(node.chain.isDescendent(one, two)).to.equal(true);
    expect(node.chain.isDescendent(two, one)).to.equal(false);
    expect(node.chain.isDescendent(one, four)).to.equal(true);
    expect(node.chain.children(one)).to.deep.equal([two]);
    expect(node.chain.bestContaining(one)!.hash).to.equal(four);
    expect(node.chain.bestContaining(`0x${'00'.repeat(32)}`)).to.equal(undefined);
  });

  it('names the authorities of a state', async () => {
    const node = await testNode();
    const { setId, authorities } = node.chain.authorities(node.chain.genesisHash);
    expect(setId).to.equal(0n);
    expect(authorities).to.have.length(2);
    expect(() => node.chain.authorities(`0x${'00'.repeat(32)}`))
      .to.throw()
      .with.property('code', 'chain/unknown-block');
  });

  it('authors only in its own slots', async () => {
    const clock = new Clock();
    const node = await testNode({ clock, authors: ['alice'] });
    const made: boolean[] = [];
    for (let i = 0; i < 4; i++) {
      clock.slot++;
      made.push((await node.author.propose(clock.slot)) !== undefined);
    }
    expect(made.filter(Boolean)).to.have.length(2);
    expect(made[0]).to.equal(made[2]);
    expect(await node.author.propose(clock.slot - 2), 'a slot that has passed').to.equal(undefined);
  });

  it('authors once in a slot, though a longer branch leaves its block and its clock goes back', async () => {
    const clock = new Clock();
    const [node, other] = [await testNode({ clock }), await testNode({ clock })];
    await nextBlock(other, clock);
    const top = await nextBlock(other, clock);
    const left = await nextBlock(node, clock);
    for (const hash of [other.chain.hashByNumber(1)!, top]) {
      const block = { header: other.chain.header(hash)!, body: other.chain.body(hash)! };
      expect(await node.chain.importBlock(block, 'sync')).to.include({ kind: 'imported' });
    }
    expect(node.chain.best().hash).to.equal(top).and.not.to.equal(left);
    expect(await node.author.propose(clock.slot)).to.equal(undefined);
    expect((await node.author.propose(clock.slot + 1))?.number).to.equal(3);
  });

  it('authors in its slots again when its clock was far ahead for a while', async () => {
    const clock = new Clock();
    const [node, other] = [await testNode({ clock }), await testNode({ clock })];
    const now = clock.slot;
    clock.slot += 40_000;
    expect((await node.author.propose(clock.slot))?.number).to.equal(1);
    clock.slot = now;
    await nextBlock(other, clock);
    const top = await nextBlock(other, clock);
    for (const hash of [other.chain.hashByNumber(1)!, top]) {
      const block = { header: other.chain.header(hash)!, body: other.chain.body(hash)! };
      expect(await node.chain.importBlock(block, 'sync')).to.include({ kind: 'imported' });
    }
    clock.slot++;
    expect((await node.author.propose(clock.slot))?.number).to.equal(3);
  });
});
