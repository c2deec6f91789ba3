import { expect } from 'chai';
import type { TransactionStatus } from '../../../node/chain/pool/watch.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { Clock, give, nextBlock, type TestNode, testNode, transfer } from './harness.ts';

const JUSTIFIED = utf8('justified');
const statuses = (node: TestNode, bytes: Uint8Array): string[] => {
  const seen: string[] = [];
  node.pool.watch(node.pool.hashOf(bytes), (status: TransactionStatus) => seen.push(status.kind));
  return seen;
};

describe('node/chain: transaction pool', () => {
  it('orders by nonce within an account and by tip between accounts', async () => {
    const clock = new Clock();
    const node = await testNode({ clock });
    const late = transfer(node, { from: 'carol', nonce: 1, tip: 900_000n });
    const early = transfer(node, { from: 'carol', nonce: 0 });
    const generous = transfer(node, { from: 'dave', to: 'carol', nonce: 0, tip: 500_000n });
    expect(await node.pool.submit(late, 'external')).to.include({ kind: 'future' });
    expect(await node.pool.submit(early, 'external')).to.include({ kind: 'ready' });
    expect(await node.pool.submit(generous, 'external')).to.include({ kind: 'ready' });
    expect(node.pool.size).to.include({ ready: 3, future: 0 });
    const hash = await nextBlock(node, clock);
    expect(node.chain.body(hash)!.slice(1)).to.deep.equal([generous, early, late]);
    expect(node.pool.size).to.deep.equal({ ready: 0, future: 0, bytes: 0 });
  });

  it('announces a transaction once, when it is ready', async () => {
    const clock = new Clock();
    const node = await testNode({ clock });
    const announced: string[] = [];
    node.pool.on('transaction', ({ hash }) => announced.push(hash));
    const [zero, one, two] = [0, 1, 2].map((nonce) => transfer(node, { from: 'carol', nonce }));
    await node.pool.submit(one!, 'external');
    expect(announced).to.deep.equal([]);
    await node.pool.submit(zero!, 'external');
    await node.pool.submit(two!, 'external');
    expect(announced).to.deep.equal([zero!, one!, two!].map((bytes) => node.pool.hashOf(bytes)));
    await nextBlock(node, clock);
    expect(announced).to.have.length(3);
  });

  it('replaces only by a higher priority', async () => {
    const node = await testNode();
    const first = transfer(node, { from: 'carol', nonce: 0, tip: 10n });
    const seen = statuses(node, first);
    await node.pool.submit(first, 'external');
    const same = transfer(node, { from: 'carol', nonce: 0, tip: 10n, amount: 5n * 1_000_000n });
    const better = transfer(node, { from: 'carol', nonce: 0, tip: 11n });
    expect(await node.pool.submit(same, 'external')).to.include({ kind: 'refused', code: 'pool/too-low-priority' });
    expect(await node.pool.submit(better, 'external')).to.include({ kind: 'ready' });
    expect(seen).to.deep.equal(['ready', 'usurped']);
    expect([...node.pool.ready()].map(({ bytes }) => bytes)).to.deep.equal([better]);
  });

  it('refuses what is invalid and says why', async () => {
    const clock = new Clock();
    const node = await testNode({ clock });
    await node.pool.submit(transfer(node, { from: 'carol', nonce: 0 }), 'external');
    await nextBlock(node, clock);
    const old = { period: 4, phase: 0 };
    const cases: [string, Uint8Array][] = [
      ['Stale', transfer(node, { from: 'carol', nonce: 0, tip: 3n })],
      ['BadProof', transfer(node, { from: 'carol', nonce: 1, signer: 'dave' })],
      ['BadProof', transfer(node, { from: 'carol', nonce: 1, birthHash: `0x${'11'.repeat(32)}` })],
      ['BadProof', transfer(node, { from: 'carol', nonce: 1, era: old, birthHash: `0x${'22'.repeat(32)}` })],
      ['Payment', transfer(node, { from: 'nobody', nonce: 0 })],
      ['Call', utf8('garbage')],
      ['Call', new Uint8Array(0)],
      ['pool/too-large', new Uint8Array(2 << 20)],
    ];
    for (const [code, bytes] of cases) {
      expect(await node.pool.submit(bytes, 'external'), code).to.include({ kind: 'invalid', code });
    }
    const inherent = node.chain.body(node.chain.best().hash)![0]!;
    expect(await node.pool.submit(inherent, 'external')).to.include({ kind: 'invalid' });
    expect(node.pool.size).to.include({ ready: 0, future: 0 });
    expect(node.errors).to.deep.equal([]);
  });

  it('knows what it has', async () => {
    const node = await testNode();
    const bytes = transfer(node, { from: 'carol', nonce: 0 });
    const twice = await Promise.all([node.pool.submit(bytes, 'external'), node.pool.submit(bytes, 'external')]);
    expect(twice.map(({ kind }) => kind)).to.have.members(['ready', 'known']);
    expect(node.pool.transaction(node.pool.hashOf(bytes))).to.deep.equal(bytes);
    expect(node.pool.propagatable()).to.deep.equal([node.pool.hashOf(bytes)]);
  });

  it('keeps its limits: the future and the cheap go first', async () => {
    const node = await testNode({ limits: { count: 3, bytes: 1 << 20 } });
    const waiting = transfer(node, { from: 'dave', to: 'carol', nonce: 5 });
    const seen = statuses(node, waiting);
    await node.pool.submit(waiting, 'external');
    for (let nonce = 0; nonce < 3; nonce++) {
      await node.pool.submit(transfer(node, { from: 'carol', nonce, tip: 100n - BigInt(nonce) }), 'external');
    }
    expect(seen).to.deep.equal(['future', 'dropped']);
    expect(node.pool.size).to.include({ ready: 3, future: 0 });
    const cheap = transfer(node, { from: 'dave', to: 'carol', nonce: 0, tip: 1n });
    expect(await node.pool.submit(cheap, 'external')).to.include({ kind: 'refused', code: 'pool/full' });
    const dear = transfer(node, { from: 'dave', to: 'carol', nonce: 0, tip: 1000n });
    expect(await node.pool.submit(dear, 'external')).to.include({ kind: 'ready' });
    expect(node.pool.size.ready).to.equal(3);
  });

  it('keeps its limit of bytes', async () => {
    const node = await testNode({ limits: { count: 100, bytes: 400 } });
    for (let nonce = 0; nonce < 5; nonce++)
      await node.pool.submit(transfer(node, { from: 'carol', nonce }), 'external');
    expect(node.pool.size.bytes).to.be.at.most(400);
    expect(node.pool.size.ready).to.be.greaterThan(0);
  });

  it('drops what has outlived its mortality', async () => {
    const clock = new Clock();
    const node = await testNode({ clock });
    // A gap in the nonces keeps both in the pool.
    const mortal = transfer(node, { from: 'carol', nonce: 3, era: { period: 4, phase: 0 } });
    const immortal = transfer(node, { from: 'dave', to: 'carol', nonce: 3 });
    const seen = statuses(node, mortal);
    for (const bytes of [mortal, immortal])
      expect(await node.pool.submit(bytes, 'external')).to.include({ kind: 'future' });
    for (let i = 0; i < 6; i++) await nextBlock(node, clock);
    expect(seen).to.deep.equal(['future', 'invalid']);
    expect([...node.pool.waiting()].map(({ bytes }) => bytes)).to.deep.equal([immortal]);
  });

  it('tells a watcher of block, reorganisation and finality, and plays retracted transactions again', async () => {
    const clock = new Clock();
    const [one, two] = [await testNode({ clock }), await testNode({ clock })];
    const bytes = transfer(one, { from: 'carol', nonce: 0 });
    const seen = statuses(one, bytes);
    await one.pool.submit(bytes, 'external');
    await nextBlock(one, clock);
    const other = [await nextBlock(two, clock), await nextBlock(two, clock)];
    for (const hash of other) await give(two, hash, one);
    await new Promise((resolve) => setImmediate(resolve));
    expect(one.pool.size.ready, 'it is back').to.equal(1);
    const hash = await nextBlock(one, clock);
    await one.chain.finalize(hash, JUSTIFIED);
    expect(seen).to.deep.equal(['ready', 'inBlock', 'retracted', 'ready', 'inBlock', 'finalized']);
    expect(one.errors).to.deep.equal([]);
  });

  it('makes followers ready when another node included what they wait for', async () => {
    const clock = new Clock();
    const [one, two] = [await testNode({ clock }), await testNode({ clock })];
    const [zero, next] = [0, 1].map((nonce) => transfer(one, { from: 'carol', nonce }));
    expect(await one.pool.submit(next!, 'external')).to.include({ kind: 'future' });
    // The first one reaches only the other node.
    await two.pool.submit(zero!, 'external');
    await give(two, await nextBlock(two, clock), one);
    expect(one.pool.size).to.include({ ready: 1, future: 0 });
    const hash = await nextBlock(one, clock);
    expect(one.chain.body(hash)!.slice(1)).to.deep.equal([next]);
  });

  it('forgets what another node has used up', async () => {
    const clock = new Clock();
    const [one, two] = [await testNode({ clock }), await testNode({ clock })];
    const mine = transfer(one, { from: 'carol', nonce: 0, amount: 1_000_001n });
    const seen = statuses(one, mine);
    await one.pool.submit(mine, 'external');
    await two.pool.submit(transfer(two, { from: 'carol', nonce: 0 }), 'external');
    await give(two, await nextBlock(two, clock), one);
    expect(seen).to.deep.equal(['ready', 'usurped']);
    expect(one.pool.size.ready).to.equal(0);
  });

  it('bans what authors find unusable again and again although the state takes it', async () => {
    const clock = new Clock();
    const node = await testNode({ clock });
    const bytes = transfer(node, { from: 'carol', nonce: 0 });
    const hash = node.pool.hashOf(bytes);
    const seen = statuses(node, bytes);
    await node.pool.submit(bytes, 'external');
    for (const place of ['aside', 'aside', 'gone']) {
      node.pool.reject(hash, 'Custom7');
      expect(node.pool.size, place).to.include({ ready: 0, future: 0 });
      await nextBlock(node, clock);
      if (place === 'aside') expect(node.pool.size.ready, 'the new state takes it').to.equal(1);
    }
    expect(seen).to.deep.equal(['ready', 'future', 'ready', 'future', 'ready', 'invalid']);
    expect(await node.pool.submit(bytes, 'external')).to.include({ kind: 'banned' });
  });

  it('bans only what no state takes, and says which', async () => {
    const node = await testNode();
    const { pool } = node;
    const inherent = node.chain.body(await nextBlock(node, new Clock()))![0]!;
    const lasting: Uint8Array[] = [
      utf8('garbage'),
      Uint8Array.of(5 << 2, 4, 0xee, 0xee, 1, 2),
      new Uint8Array(2 << 20),
      inherent,
    ];
    for (const bytes of lasting) {
      const first = await pool.submit(bytes, 'external');
      expect(first).to.include({ kind: 'invalid', lasting: true });
      expect(await pool.submit(bytes, 'external'), 'the same answer').to.deep.equal(first);
    }
    const mortal = { era: { period: 64, phase: 0 }, birthHash: `0x${'22'.repeat(32)}` };
    const passing: Uint8Array[] = [
      transfer(node, { from: 'nobody', nonce: 0 }),
      transfer(node, { from: 'carol', nonce: 0, ...mortal }),
      transfer(node, { from: 'carol', nonce: 0, signer: 'dave' }),
      // A peer that runs the next version passes on what its own state takes [it was thrown out for it].
      transfer(node, { from: 'carol', nonce: 0, specVersion: 2 }),
    ];
    for (const bytes of [...passing, ...passing]) {
      expect(await pool.submit(bytes, 'external')).to.include({ kind: 'invalid', lasting: false });
    }
    expect(node.errors).to.deep.equal([]);
  });
});
