/** What honest peers send and this node cannot judge is no reason to shut them out. */
import { expect } from 'chai';
import type { HexHash } from '../../../node/base/types.ts';
import { Reputation } from '../../../node/network/reputation.ts';
import { Transactions } from '../../../node/network/transactions.ts';
import { transactionAnnouncement } from '../../../node/network/wire.ts';
import { Clock, give, nextBlock, type TestNode, testNode, transfer, verifier } from '../chain/harness.ts';

const MANY = 110;

/** What `to` makes of the transactions of `from`, and whether it has shut it out. */
function between(from: TestNode, to: TestNode): { transactions: Transactions; isBanned: () => boolean } {
  const reputation = new Reputation(() => 0);
  let banned = false;
  const transactions = new Transactions({
    door: to.pool,
    publish: () => undefined,
    peers: () => [],
    fetch: async (_peer, hash: HexHash) => from.pool.transaction(hash),
    pool: async () => from.pool.propagatable(),
    now: () => 0,
    punish: (peer, fault) => {
      banned = reputation.penalize(peer, fault) || banned;
    },
  });
  return { transactions, isBanned: () => banned };
}

/** Mortal payments whose birth block `node` knows. */
async function payments(node: TestNode, phase: number, birthHash: HexHash): Promise<Uint8Array[]> {
  const all = Array.from({ length: MANY }, (_, nonce) =>
    transfer(node, { from: 'carol', nonce, era: { period: 64, phase }, birthHash }),
  );
  for (const bytes of all) expect((await node.pool.submit(bytes, 'external')).kind).to.equal('ready');
  return all;
}

describe('honest peers', () => {
  it('keep their place when a node that has nothing yet asks for their pool [a hundred signatures over blocks it does not know]', async () => {
    const clock = new Clock();
    const [busy, fresh] = [await testNode({ clock }), await testNode({ clock })];
    for (let i = 0; i < 70; i++) await nextBlock(busy, clock);
    await payments(busy, 0, busy.chain.hashByNumber(64) as HexHash);
    const { transactions, isBanned } = between(busy, fresh);
    await transactions.greet('busy');
    expect(isBanned()).to.equal(false);
  });

  it('keep it when they are on another head of the same height', async () => {
    const clock = new Clock();
    const [one, two] = [await testNode({ clock }), await testNode({ clock })];
    const birth = await nextBlock(one, clock);
    await two.pool.submit(transfer(two, { from: 'dave', to: 'carol', nonce: 0 }), 'external');
    await nextBlock(two, clock, 0);
    const bundle = await payments(one, 1, birth);
    const { transactions, isBanned } = between(one, two);
    const message = transactionAnnouncement.codec.enc({ tag: 'bundle', value: bundle });
    expect(await transactions.onGossip('one', message)).to.equal('ignore');
    expect(isBanned()).to.equal(false);
  });

  it('and their blocks are not blamed when this machine runs out of memory', async () => {
    const clock = new Clock();
    const one = await testNode({ clock });
    await one.pool.submit(transfer(one, { from: 'carol', nonce: 0 }), 'external');
    const hash = await nextBlock(one, clock);
    let isSick = true;
    const weak = {
      verify(tasks: Parameters<typeof verifier.verify>[0]) {
        // The runtime asks for one at a time, while the block is executed.
        if (isSick && 'kind' in tasks) throw new RangeError('Array buffer allocation failed');
        return verifier.verify(tasks);
      },
    };
    const two = await testNode({ clock, verifier: weak as typeof verifier });
    const outcome = await give(one, hash, two).then(
      ({ kind }) => kind,
      () => 'rejected',
    );
    expect(outcome).to.not.equal('invalid');
    isSick = false;
    expect((await give(one, hash, two)).kind).to.equal('imported');
  });
});
