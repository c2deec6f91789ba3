/** Transactions that wait for another branch: nobody fills the place of the others. */
import { expect } from 'chai';
import { Aside, type AsideTransaction } from '../../../node/chain/pool/aside.ts';
import type { TransactionStatus } from '../../../node/chain/pool/watch.ts';
import { Clock, give, nextBlock, type TestNode, testNode, transfer } from './harness.ts';

const UNIT = 1_000_000n;
/** Bytes of a submission of 8,192 values for ten members. */
const LARGEST_SUBMISSION = 496_214;

function waiting(hash: string, sender: string | undefined, size = 10): AsideTransaction {
  return { hash, bytes: new Uint8Array(size), sender, code: 'Payment', validTill: Infinity, since: 0 };
}
const names = (list: readonly AsideTransaction[]): string[] => list.map(({ hash }) => hash);

describe('node/chain: what is set aside', () => {
  it('of one sender is a share, of which its own oldest make room', () => {
    const aside = new Aside({ count: 100, bytes: 1_000, perSender: { count: 3, bytes: 50 } });
    expect(aside.add(waiting('h', 'honest'))).to.deep.equal([]);
    const gone = Array.from({ length: 20 }, (_, at) => names(aside.add(waiting(`m${at}`, 'mallory')))).flat();
    expect(gone).to.deep.equal(Array.from({ length: 17 }, (_, at) => `m${at}`));
    expect(names(aside.next(100)).sort()).to.deep.equal(['h', 'm17', 'm18', 'm19']);
    // By bytes too, one of any size having room.
    expect(names(aside.add(waiting('large', 'mallory', 200)))).to.deep.equal(['m17', 'm18', 'm19']);
    expect(names(aside.add(waiting('small', 'mallory')))).to.deep.equal(['large']);
    expect(aside.get('h')?.hash).to.equal('h');
  });

  it('those without a sender have one share together', () => {
    const aside = new Aside({ count: 100, bytes: 1_000, perSender: { count: 2, bytes: 100 } });
    for (const hash of ['a', 'b', 'c']) aside.add(waiting(hash, undefined));
    expect(names(aside.next(9))).to.deep.equal(['b', 'c']);
  });

  it('where all are too many, who has most makes room', () => {
    const crowd = new Aside({ count: 5, bytes: 1_000, perSender: { count: 4, bytes: 900 } });
    for (const hash of ['h', 'i']) crowd.add(waiting(hash, hash));
    for (const hash of ['m0', 'm1', 'm2']) crowd.add(waiting(hash, 'mallory'));
    expect(names(crowd.add(waiting('j', 'j', 800)))).to.deep.equal(['m0']);
    const heavy = new Aside({ count: 100, bytes: 1_000, perSender: { count: 50, bytes: 900 } });
    for (let at = 0; at < 20; at++) heavy.add(waiting(`h${at}`, 'honest'));
    heavy.add(waiting('heavy', 'mallory', 780));
    expect(names(heavy.add(waiting('n', 'newcomer', 30)))).to.deep.equal(['heavy']);
  });

  it('comes back sender by sender, the oldest of each first', () => {
    const aside = new Aside();
    for (let at = 0; at < 100; at++) aside.add(waiting(`m${at}`, 'mallory'));
    for (const hash of ['h0', 'h1']) aside.add(waiting(hash, 'honest'));
    expect(names(aside.next(5))).to.deep.equal(['m0', 'h0', 'm1', 'h1', 'm2']);
    expect(aside.next(1_000)).to.have.length(102);
    aside.remove('h0');
    expect(names(aside.next(4))).to.deep.equal(['m0', 'h1', 'm1', 'm2']);
    expect(aside.expire(33)).to.have.length(101);
    expect(aside.size).to.equal(0);
    expect(aside.next(10)).to.deep.equal([]);
  });

  it('by attack: a fork sets aside what one account has piled up, and the payment of another comes through', async () => {
    const clock = new Clock();
    const asideLimits = { count: 8, bytes: 1 << 20, perSender: { count: 4, bytes: 1 << 20 } };
    const [one, two] = [await testNode({ clock, asideLimits }), await testNode({ clock })];
    const fund = (to: string, nonce: number): Uint8Array =>
      transfer(one, { from: 'carol', to, nonce, amount: 100n * UNIT });
    await one.pool.submit(fund('newcomer', 0), 'external');
    await one.pool.submit(fund('mallory', 1), 'external');
    await nextBlock(one, clock);
    const pay = transfer(one, { from: 'newcomer', to: 'dave', nonce: 0 });
    const seen: string[] = [];
    one.pool.watch(one.pool.hashOf(pay), (status: TransactionStatus) => seen.push(status.kind));
    await one.pool.submit(pay, 'external');
    for (let nonce = 0; nonce < 20; nonce++) {
      const bytes = transfer(one, { from: 'mallory', nonce, amount: 1000n });
      expect((await one.pool.submit(bytes, 'external')).kind).to.equal('ready');
    }
    // The longer branch has funded neither: all of it must wait.
    for (const hash of [await nextBlock(two, clock), await nextBlock(two, clock)]) await give(two, hash, one);
    await new Promise((resolve) => setImmediate(resolve));
    const holds = (node: TestNode): boolean =>
      node.chain.body(node.chain.best().hash)!.some((other) => Buffer.from(other).equals(pay));
    for (let blocks = 0; blocks < 4 && !holds(one); blocks++) await nextBlock(one, clock);
    expect(seen).to.deep.equal(['ready', 'future', 'ready', 'inBlock']);
    expect(one.errors).to.deep.equal([]);
  });

  it('keeps all submissions of a round after a fork: the largest, two parts of each of 32 contributors', () => {
    const aside = new Aside();
    const gone = Array.from({ length: 64 }, (_, at) => {
      return names(aside.add(waiting(`part ${at}`, `contributor ${at >> 1}`, LARGEST_SUBMISSION)));
    }).flat();
    expect(gone).to.deep.equal([]);
    expect(aside.size).to.equal(64);
    // They come back by turns: what is tried on one block is bounded by bytes too.
    const first = names(aside.next(64, 4 * LARGEST_SUBMISSION));
    expect(first).to.deep.equal(['part 0', 'part 2', 'part 4', 'part 6']);
    for (const hash of first) aside.add(aside.get(hash)!);
    expect(names(aside.next(2))).to.deep.equal(['part 8', 'part 10']);
    expect(names(aside.next(64, 1))).to.have.length(1);
  });
});
