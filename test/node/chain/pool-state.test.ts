/** Refusals that depend on the state, and money that is promised more than once. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import type { TransactionStatus } from '../../../node/chain/pool/watch.ts';
import { Transactions } from '../../../node/network/transactions.ts';
import { Outbox } from '../../../node/network/outbox.ts';
import { transactionAnnouncement } from '../../../node/network/wire.ts';
import { type KeyValue, openMemory } from '../../../node/db/index.ts';
import { utf8 } from '../../../primitives/crypto/bytes.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { decodeAll } from '../../../primitives/scale/index.ts';
import { VAIN_TRANSACTIONS } from '../../../node/base/limits.ts';
import { Clock, give, nextBlock, type TestNode, testNode, type TestVerifier, transfer, verifier } from './harness.ts';

const UNIT = 1_000_000n;
const JUSTIFIED = new Uint8Array(1);
const statuses = (node: TestNode, bytes: Uint8Array): string[] => {
  const seen: string[] = [];
  node.pool.watch(node.pool.hashOf(bytes), (status: TransactionStatus) => seen.push(status.kind));
  return seen;
};
const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
const holds = (node: TestNode, hash: string, bytes: Uint8Array): boolean =>
  node.chain.body(hash)!.some((other) => Buffer.from(other).equals(bytes));

describe('node/chain: the pool and forks', () => {
  /** Node `one` is on A1, where a newcomer was funded; `two` has a longer branch without it. */
  async function forked() {
    const clock = new Clock();
    const [one, two] = [await testNode({ clock }), await testNode({ clock })];
    const fund = transfer(one, { from: 'carol', to: 'newcomer', nonce: 0, amount: 100n * UNIT });
    await one.pool.submit(fund, 'external');
    await nextBlock(one, clock);
    const other = [await nextBlock(two, clock), await nextBlock(two, clock)];
    return { clock, one, two, fund, other };
  }

  it('a payment that the branch of two blocks cannot hold comes into a later block, without being sent again', async () => {
    const { clock, one, two, fund, other } = await forked();
    const pay = transfer(one, { from: 'newcomer', to: 'dave', nonce: 0 });
    const seen = statuses(one, pay);
    expect(await one.pool.submit(pay, 'external')).to.include({ kind: 'ready' });
    for (const hash of other) await give(two, hash, one);
    await turn();
    expect(seen, 'it waits').to.deep.equal(['ready', 'future']);
    expect(holds(one, await nextBlock(one, clock), fund)).to.equal(true);
    expect(holds(one, await nextBlock(one, clock), pay)).to.equal(true);
    expect(seen).to.deep.equal(['ready', 'future', 'ready', 'inBlock']);
    expect(one.errors).to.deep.equal([]);
  });

  it('so does one that stood in a block which is retracted', async () => {
    const { clock, one, two, other } = await forked();
    const pay = transfer(one, { from: 'newcomer', to: 'dave', nonce: 0 });
    const seen = statuses(one, pay);
    await one.pool.submit(pay, 'external');
    expect(holds(one, await nextBlock(one, clock), pay)).to.equal(true);
    other.push(await nextBlock(two, clock));
    for (const hash of other) await give(two, hash, one);
    await turn();
    await nextBlock(one, clock);
    expect(holds(one, await nextBlock(one, clock), pay)).to.equal(true);
    expect(seen).to.deep.equal(['ready', 'inBlock', 'retracted', 'future', 'ready', 'inBlock']);
  });

  it('who watches one that has no place left when its block is retracted is told that it is dropped', async () => {
    const clock = new Clock();
    const one = await testNode({ clock, limits: { count: 1, bytes: 1 << 20 } });
    const two = await testNode({ clock });
    const pay = transfer(one, { from: 'carol', nonce: 0 });
    const seen = statuses(one, pay);
    await one.pool.submit(pay, 'external');
    await nextBlock(one, clock);
    const other = [await nextBlock(two, clock), await nextBlock(two, clock)];
    const rich = transfer(one, { from: 'dave', nonce: 0, tip: 9n * UNIT });
    expect((await one.pool.submit(rich, 'external')).kind).to.equal('ready');
    for (const hash of other) await give(two, hash, one);
    await turn();
    expect(seen).to.deep.equal(['ready', 'inBlock', 'retracted', 'dropped']);
    expect(one.pool.transaction(one.pool.hashOf(rich)), 'the other keeps its place').to.deep.equal(rich);
  });

  it('and its user may send it again', async () => {
    const { clock, one, two, other } = await forked();
    const pay = transfer(one, { from: 'newcomer', to: 'dave', nonce: 0 });
    for (const hash of other) await give(two, hash, one);
    expect(await one.pool.submit(pay, 'external')).to.include({ kind: 'invalid', code: 'Payment', lasting: false });
    await turn();
    await nextBlock(one, clock);
    expect(await one.pool.submit(pay, 'external')).to.include({ kind: 'ready' });
  });

  it('what no branch takes is told to be invalid in the end, and may be sent again all the same', async () => {
    const { clock, one, two, fund, other } = await forked();
    const pay = transfer(one, { from: 'newcomer', to: 'dave', nonce: 0 });
    const seen = statuses(one, pay);
    await one.pool.submit(pay, 'external');
    // The funding is replaced by a payment to somebody else: the newcomer never gets its money.
    await two.pool.submit(transfer(two, { from: 'carol', to: 'dave', nonce: 0 }), 'external');
    other.push(await nextBlock(two, clock));
    for (const hash of other) await give(two, hash, one);
    await turn();
    for (let i = 0; i < 40; i++) await nextBlock(one, clock);
    expect(seen).to.deep.equal(['ready', 'future', 'invalid']);
    expect((await one.pool.submit(fund, 'external')).kind).to.equal('invalid');
    expect((await one.pool.submit(pay, 'external')).kind, 'no ban').to.equal('invalid');
  });

  it('a nonce that the finalized state has used up is over at once', async () => {
    const clock = new Clock();
    const one = await testNode({ clock });
    const mine = transfer(one, { from: 'carol', nonce: 1, tip: 5n });
    const seen = statuses(one, mine);
    for (const nonce of [0, 1]) await one.pool.submit(transfer(one, { from: 'carol', nonce }), 'external');
    await one.pool.submit(mine, 'external');
    const hash = await nextBlock(one, clock);
    await one.chain.finalize(hash, JUSTIFIED);
    expect(seen.slice(0, 2)).to.deep.equal(['ready', 'inBlock']);
    const rival = transfer(one, { from: 'carol', nonce: 1, tip: 9n });
    expect(await one.pool.submit(rival, 'external')).to.include({ kind: 'invalid', code: 'Stale', lasting: false });
  });
});

describe('node/chain: the pool and money', () => {
  const LIMITS = { count: 64, bytes: 1 << 20 };

  /** Mallory gets so much. */
  async function withMallory(amount: bigint, limits: object = LIMITS): Promise<{ node: TestNode; clock: Clock }> {
    const clock = new Clock();
    const node = await testNode({ clock, users: ['carol', 'dave', 'erin'], limits: { ...LIMITS, ...limits } });
    await node.pool.submit(transfer(node, { from: 'carol', to: 'mallory', nonce: 0, amount }), 'external');
    await nextBlock(node, clock);
    return { node, clock };
  }

  it('who can pay one transaction has one place, whatever its tips promise', async () => {
    const { node } = await withMallory(2n * UNIT);
    const honest = Array.from({ length: 32 }, (_, nonce) => transfer(node, { from: 'dave', to: 'carol', nonce }));
    for (const bytes of honest) await node.pool.submit(bytes, 'external');
    const kinds: string[] = [];
    for (let nonce = 0; nonce < 64; nonce++) {
      const bytes = transfer(node, { from: 'mallory', nonce, amount: 1000n, tip: 1_900_000n });
      const result = await node.pool.submit(bytes, 'external');
      kinds.push('code' in result ? result.code : result.kind);
    }
    expect(kinds[0]).to.equal('ready');
    expect(new Set(kinds.slice(1))).to.deep.equal(new Set(['pool/sender-overdrawn']));
    for (const bytes of honest) expect(node.pool.transaction(node.pool.hashOf(bytes))).to.deep.equal(bytes);
    const newcomer = transfer(node, { from: 'erin', nonce: 0 });
    expect(await node.pool.submit(newcomer, 'external')).to.include({ kind: 'ready' });
  });

  it('future ones count, replacing one counts once, and an included one counts no more', async () => {
    const { node, clock } = await withMallory(2n * UNIT);
    const wish = { from: 'mallory', to: 'dave', amount: 1000n };
    const tip = 900_000n;
    expect((await node.pool.submit(transfer(node, { ...wish, nonce: 5, tip }), 'external')).kind).to.equal('future');
    expect((await node.pool.submit(transfer(node, { ...wish, nonce: 0, tip }), 'external')).kind).to.equal('ready');
    const third = transfer(node, { ...wish, nonce: 1, tip });
    expect(await node.pool.submit(third, 'external')).to.include({ code: 'pool/sender-overdrawn' });
    const dearer = transfer(node, { ...wish, nonce: 0, tip: tip + 1000n });
    expect(await node.pool.submit(dearer, 'external')).to.include({ kind: 'ready' });
    await nextBlock(node, clock);
    // About 1.1 TAC are left, and 0.9 of them are promised.
    expect(await node.pool.submit(third, 'external')).to.include({ code: 'pool/sender-overdrawn' });
    const cheap = transfer(node, { ...wish, nonce: 1, tip: 1000n });
    expect(await node.pool.submit(cheap, 'external')).to.include({ kind: 'ready' });
  });

  it('one account has a share of the pool only', async () => {
    const { node } = await withMallory(1000n * UNIT, { perSender: { count: 5, bytes: 1 << 20 } });
    const codes: string[] = [];
    for (let nonce = 0; nonce < 7; nonce++) {
      const result = await node.pool.submit(transfer(node, { from: 'mallory', nonce, amount: 1000n }), 'external');
      codes.push('code' in result ? result.code : result.kind);
    }
    expect(codes).to.deep.equal([...Array<string>(5).fill('ready'), 'pool/sender-full', 'pool/sender-full']);
    // It may still make one of its own better.
    const better = transfer(node, { from: 'mallory', nonce: 2, amount: 1000n, tip: 10n });
    expect(await node.pool.submit(better, 'external')).to.include({ kind: 'ready' });
    const size = transfer(node, { from: 'dave', nonce: 0 }).length;
    const narrow = await withMallory(1000n * UNIT, { perSender: { count: 50, bytes: 2 * size } });
    for (const [nonce, kind] of ['ready', 'ready', 'refused'].entries()) {
      const bytes = transfer(narrow.node, { from: 'mallory', nonce, amount: 1000n });
      expect((await narrow.node.pool.submit(bytes, 'external')).kind).to.equal(kind);
    }
  });

  it('who has become poorer loses its latest places', async () => {
    const { node, clock } = await withMallory(10n * UNIT);
    const other = await testNode({ clock, users: ['carol', 'dave', 'erin'] });
    await give(node, node.chain.best().hash, other);
    const waiting = Array.from({ length: 8 }, (_, i) =>
      transfer(node, { from: 'mallory', to: 'dave', nonce: i + 1, amount: 1000n, tip: UNIT }),
    );
    for (const bytes of waiting) expect((await node.pool.submit(bytes, 'external')).kind).to.equal('future');
    // Elsewhere it spends most of what it has.
    const spending = transfer(other, { from: 'mallory', to: 'dave', nonce: 0, amount: 7n * UNIT });
    await other.pool.submit(spending, 'external');
    const hash = await nextBlock(other, clock);
    await give(other, hash, node);
    const left = waiting.map((bytes) => node.pool.transaction(node.pool.hashOf(bytes)) !== undefined);
    expect(left).to.deep.equal([true, true, ...Array<boolean>(6).fill(false)]);
  });

  it('whatever is sent, in whatever order: nobody has more waiting than it can pay', async () => {
    const { node, clock } = await withMallory(3n * UNIT);
    const step = fc.record({ nonce: fc.nat({ max: 6 }), tip: fc.bigInt(0n, 2n * UNIT), block: fc.nat({ max: 9 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        for (const { nonce, tip, block } of steps) {
          await node.pool.submit(transfer(node, { from: 'mallory', nonce, amount: 1000n, tip }), 'external');
          if (block === 0) await nextBlock(node, clock);
          const owed = [...node.pool.waiting()].reduce((sum, { payer }) => sum + (payer?.cost ?? 0n), 0n);
          expect(owed <= 3n * UNIT).to.equal(true);
        }
      }),
      { numRuns: 8 },
    );
  });
});

describe('node/chain: the pool behind the network', () => {
  const encoded = (value: Uint8Array[]) => transactionAnnouncement.codec.enc({ tag: 'bundle', value });

  /** The network's judgement of announcements, before a real pool; `sent`: what it announces itself. */
  function doorOf(node: TestNode, now: () => number = () => 0) {
    const faults: string[] = [];
    const sent: Uint8Array[][] = [];
    const transactions = new Transactions({
      door: { ...pick(node), transaction: (hash) => node.pool.transaction(hash) },
      publish(data) {
        const message = decodeAll(transactionAnnouncement, data);
        if (message.tag === 'bundle') sent.push([...message.value]);
      },
      fetch: async () => undefined,
      peers: () => [],
      pool: async () => [],
      now,
      punish: (_peer, fault) => faults.push(fault),
    });
    node.pool.on('transaction', ({ bytes }) => transactions.announce(bytes));
    const hearAll = (...all: Uint8Array[]) => transactions.onGossip('peer', encoded(all));
    return { hear: hearAll, hearAll, faults, sent, flush: () => transactions.stop() };
  }
  const pick = ({ pool }: TestNode) => ({
    submit: (bytes: Uint8Array, source: 'external' | 'local') => pool.submit(bytes, source),
    propagatable: () => pool.propagatable(),
  });

  it('bytes that are no extrinsic cost their sender its place, bad signatures a little', async () => {
    const node = await testNode();
    const { hear, faults } = doorOf(node);
    expect(await hear(transfer(node, { from: 'carol', nonce: 0 }))).to.equal('accept');
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), async (bytes) => {
        // A second time the pool knows it, and whoever sends it is to blame as well.
        for (const time of [1, 2]) expect(await hear(bytes), `time ${time}`).to.equal('reject');
      }),
      { numRuns: 50 },
    );
    expect(await hear(Uint8Array.of(5 << 2, 4, 0xee, 0xee, 1, 2))).to.equal('reject');
    expect(await hear(new Uint8Array(60_000).fill(7))).to.equal('reject');
    expect(faults).to.deep.equal([]);
    // A fork or another version of the runtime may explain one, not a stream of them.
    for (const time of [1, 2]) {
      const bad = transfer(node, { from: 'carol', nonce: 1, signer: 'dave' });
      expect(await hear(bad), `time ${time}`).to.equal('ignore');
    }
    expect(faults).to.deep.equal(['bad-transaction', 'bad-transaction']);
  });

  it('what becomes ready is announced once, in order, and what gossip has spread is not announced again', async () => {
    const [one, two] = [await testNode(), await testNode()];
    const [here, there] = [doorOf(one), doorOf(two)];
    const all = [0, 1, 2, 3].map((nonce) => transfer(one, { from: 'carol', nonce }));
    for (const bytes of all) await one.pool.submit(bytes, 'local');
    here.flush();
    // The first may have gone alone: outbox.test.ts.
    expect(here.sent.flat()).to.deep.equal(all);
    expect(await there.hearAll(...all)).to.equal('accept');
    there.flush();
    expect(there.sent).to.deep.equal([]);
    expect(two.pool.size.ready).to.equal(4);
    expect(await there.hearAll(...all), 'a second time').to.equal('ignore');
  });

  it('a message is bounded, in bytes and in number', async () => {
    const node = await testNode({ users: ['carol'] });
    const { hearAll, sent } = doorOf(node);
    expect(await hearAll()).to.equal('reject');
    expect(await hearAll(new Uint8Array(40_000), new Uint8Array(40_000))).to.equal('reject');
    expect(node.pool.size.ready).to.equal(0);
    const small: Uint8Array[] = [];
    const outbox = new Outbox((data) =>
      sent.push([...(decodeAll(transactionAnnouncement, data).value as Uint8Array[])]),
    );
    for (let i = 0; i < 1100; i++) small.push(Uint8Array.of(i & 255, i >> 8));
    for (const bytes of [...small, new Uint8Array(60_000), new Uint8Array(60_000)]) outbox.add(bytes);
    outbox.close();
    expect(sent.map(({ length }) => length)).to.deep.equal([512, 512, 77, 1]);
    expect(sent.flat().slice(0, 1100)).to.deep.equal(small);
  });

  it('who adds what can be paid to what cannot makes nobody spread it; what can goes on alone', async () => {
    for (const verdict of ['ignore', 'reject'] as const) {
      const node = await testNode();
      const bad = verdict === 'ignore' ? transfer(node, { from: 'nobody', nonce: 0 }) : utf8('no extrinsic');
      const { hearAll, sent, flush } = doorOf(node);
      const good = transfer(node, { from: 'carol', nonce: 0 });
      expect(await hearAll(bad, good)).to.equal(verdict);
      flush();
      expect(sent).to.deep.equal([[good]]);
      expect(node.pool.size.ready).to.equal(1);
    }
  });

  it('what is late, unpaid or of another fork costs nothing', async () => {
    const clock = new Clock();
    const node = await testNode({ clock });
    const { hear, faults } = doorOf(node);
    await node.pool.submit(transfer(node, { from: 'carol', nonce: 0 }), 'external');
    await nextBlock(node, clock);
    for (const wish of [
      { from: 'carol', nonce: 0, tip: 1n },
      { from: 'nobody', nonce: 0 },
    ]) {
      expect(await hear(transfer(node, wish))).to.equal('ignore');
    }
    expect(faults).to.deep.equal([]);
  });

  it('of those that nobody pays for a peer has so many judged, and then few a second, none with its signature; what can be paid has no limit', async () => {
    let [judged, checks] = [0, 0];
    const host: TestVerifier = {
      ...verifier,
      verify: ((asked: Parameters<TestVerifier['verify']>[0]) => {
        if (Array.isArray(asked)) checks += asked.length;
        return (verifier.verify as (tasks: unknown) => unknown)(asked);
      }) as TestVerifier['verify'],
    };
    const node = await testNode({ verifier: host });
    const submit = node.pool.submit.bind(node.pool);
    node.pool.submit = (...args) => {
      judged++;
      return submit(...args);
    };
    const clock = { now: 0 };
    const { hearAll, faults } = doorOf(node, () => clock.now);
    const limit = VAIN_TRANSACTIONS.burst + 256;
    // Well signed, and of an account that has nothing.
    const bundle = Array.from({ length: 256 }, (_, nonce) => transfer(node, { from: 'nobody', nonce }));
    const flood = async (count: number): Promise<void> => {
      for (let sent = 0; sent < count; sent += bundle.length)
        expect(await hearAll(...bundle)).to.be.oneOf(['ignore', 'later']);
    };
    await flood(limit + 512);
    // nothing is said of what is not looked at: it may come of another
    expect(await hearAll(...bundle)).to.equal('later');
    expect(judged).to.be.within(VAIN_TRANSACTIONS.burst, limit);
    clock.now += 4_000;
    const before = judged;
    await flood(1_024);
    expect(checks).to.equal(0);
    expect(judged - before).to.be.within(4 * VAIN_TRANSACTIONS.rate, 4 * VAIN_TRANSACTIONS.rate + 256);
    expect(faults, 'a node that is far behind meets the same from honest peers').to.deep.equal([]);
    const rich = doorOf(node);
    for (let nonce = 0; nonce < 10; nonce++)
      expect(await rich.hear(transfer(node, { from: 'carol', nonce }))).to.equal('accept');
  });

  it('a database that fails is not the sender’s fault, and is told', async () => {
    const fail = { read: false };
    const memory = openMemory();
    const kv: KeyValue = {
      ...memory,
      get(key) {
        if (fail.read) throw new TacitError('db/read-failed', 'bad sector');
        return memory.get(key);
      },
    };
    await testNode({ kv });
    // Opened anew: the state is read from the database.
    const node = await testNode({ kv });
    const { hear, faults } = doorOf(node);
    fail.read = true;
    const bytes = transfer(node, { from: 'carol', nonce: 0 });
    expect(await node.pool.submit(bytes, 'external')).to.include({ kind: 'refused', code: 'pool/unavailable' });
    expect(await hear(bytes)).to.equal('later');
    expect(faults).to.deep.equal([]);
    expect(node.errors.length).to.be.greaterThan(0);
    fail.read = false;
    expect(await hear(bytes)).to.equal('accept');
  });
});
