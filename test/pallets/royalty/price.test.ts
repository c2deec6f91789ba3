import { expect } from 'chai';
import { freeOf } from '../../../pallets/balances/index.ts';
import { poolOf, royalty } from '../../../pallets/royalty/index.ts';
import { payoutOf } from '../../../pallets/tally/index.ts';
import { present } from '../../../primitives/at.ts';
import {
  account,
  beginRound,
  call,
  commitmentsTo,
  NORM_SQ,
  POOL,
  TestCommittee,
  testChain,
} from '../../support/committee.ts';
import { partFrom, play } from '../../support/holders.ts';

const NAMES = ['anna', 'bo', 'cleo', 'dan'];
const STAKE = 500_000_000n;
/** What all have found, and each something of its own. */
const ALIKE = [partFrom(40, 10, 5), partFrom(38, 12, 0, 8), partFrom(41, 5, 8, 0, 6), partFrom(36, 14, 2, 0, 0, 9)];
const APART = [partFrom(40, 10), partFrom(-40, -10), partFrom(0, 0, 30, 20), partFrom(0, 0, -30, -20)].map(
  (part, i, all) => (i % 2 === 0 ? part : (all[i - 1] as Int8Array).map((x) => -x)),
);

const dot = (left: ArrayLike<number>, right: ArrayLike<number>): number =>
  Array.from(left).reduce((sum, x, j) => sum + x * (right[j] as number), 0);
const sumOf = (updates: readonly Int8Array[]): number[] =>
  Array.from(updates[0] ?? [], (_, j) => updates.reduce((sum, u) => sum + (u[j] as number), 0));
/** `T` of one part, in the plain. */
const totalOf = (updates: readonly Int8Array[], g: ArrayLike<number>): number =>
  2 * updates.length * dot(g, sumOf(updates)) - dot(sumOf(updates), sumOf(updates));

/** Rounds of four whose updates are these, in both parts, settled under this direction, one after the other on one chain. */
function world() {
  const members = new TestCommittee(testChain({ accounts: NAMES }));
  const { test } = members;
  members.runToActive();
  const owedTo = (name: string): bigint => royalty.use(test.chain.ctx).store.owed.get(account(name));
  return (updates: readonly Int8Array[], g: Int8Array) => {
    const direction = [g, g];
    const begun = beginRound(test, {
      reporters: [],
      openBlocks: 4,
      stake: STAKE,
      directions: commitmentsTo(direction),
    });
    const [pool, had] = [poolOf(test.chain.ctx, 0n), NAMES.map(owedTo)];
    play(
      members,
      { ...begun, direction },
      updates.map((part, i) => ({ name: NAMES[i] as string, update: [part, part] })),
    );
    const { ctx } = test.chain;
    const money = present(royalty.use(ctx).store.rounds.get(begun.id), 'the money');
    const vector = present(payoutOf(ctx, begun.id), 'the payout');
    const owed = NAMES.map((name, i) => owedTo(name) - (had[i] as bigint));
    return { test, money, vector, owed, returned: poolOf(ctx, 0n) - pool };
  };
}

/** The price by its definition: products of all pairs, beside the squares. */
function priceOf(updates: readonly Int8Array[]): bigint {
  const squares = BigInt(updates.length) * NORM_SQ;
  const common = BigInt(dot(sumOf(updates), sumOf(updates))) - squares;
  const [ofPool, ofStake] = [(POOL * common) / (4n * (common + squares)), (STAKE * common) / (4n * squares)];
  return ofPool < ofStake ? ofPool : ofStake;
}

describe('the price of an aggregate', function () {
  this.timeout(300_000);
  let settled: ReturnType<typeof world>;
  before(() => {
    settled = world();
  });
  const opposite = (ALIKE[0] as Int8Array).map((x) => -x);
  for (const [what, direction] of [
    ['that is zero', new Int8Array(opposite.length)],
    ['against what all have found', opposite],
  ] as const) {
    it(`is paid by an owner with a direction ${what} [the total is below zero, and the whole pool came back]`, () => {
      const { test, money, vector, owed, returned } = settled(ALIKE, direction);
      expect([vector.negative, vector.rate, money.paid]).to.deep.equal([true, 0n, 0n]);
      const share = priceOf(ALIKE) / 4n;
      // A good part of the fourth that it can be at most.
      expect(10n * priceOf(ALIKE) > POOL && 4n * priceOf(ALIKE) < POOL).to.equal(true);
      expect(owed).to.deep.equal([share, share, share, share]);
      expect([money.shared, money.dust, returned]).to.deep.equal([4n * share, POOL - 4n * share, POOL - 4n * share]);
      const free = freeOf(test.chain.ctx, account('anna'));
      call(test, 'owner', royalty.call.collect({ account: account('anna') }));
      expect(freeOf(test.chain.ctx, account('anna')) - free).to.equal(share);
    });
  }

  it('is paid where the total is just above zero too: what the scores are paid less is owed [the stake bounds the rate, and next to nothing was paid]', () => {
    // Most of it points where nobody has found anything, and the rest along what the first has found, as little of it as leaves a total above zero.
    const shorter = (percent: number): Int8Array =>
      (ALIKE[0] as Int8Array).map((x, j) => (j === 6 || j === 7 ? 25 : Math.trunc((x * percent) / 100)));
    const direction = [...Array(100).keys()].map(shorter).find((g) => totalOf(ALIKE, g) > 0) as Int8Array;
    expect(totalOf(ALIKE, direction) * 20 < totalOf(ALIKE, ALIKE[0] as Int8Array)).to.equal(true);
    const { money, vector } = settled(ALIKE, direction);
    expect([vector.negative, vector.rate > 0n]).to.deep.equal([false, true]);
    expect(money.paid > 0n && money.paid < priceOf(ALIKE)).to.equal(true);
    expect(money.shared).to.equal(4n * ((priceOf(ALIKE) - money.paid) / 4n));
    expect(money.paid + money.shared + money.dust).to.equal(POOL);
  });

  it('is nothing for an honest owner whose contributors have nothing in common', () => {
    const { money, owed, returned } = settled(APART, ALIKE[0] as Int8Array);
    expect([money.paid, money.shared, money.dust, returned]).to.deep.equal([0n, 0n, POOL, POOL]);
    expect(owed).to.deep.equal([0n, 0n, 0n, 0n]);
  });

  it('is part of what scores are paid: beside work along the direction nobody is paid in equal parts', () => {
    const updates = [...ALIKE.slice(0, 3), (ALIKE[3] as Int8Array).map((x) => -x)];
    const { money, owed } = settled(updates, ALIKE[0] as Int8Array);
    expect(money.paid > 0n).to.equal(true);
    expect([money.shared, owed.join()]).to.deep.equal([0n, '0,0,0,0']);
    expect(money.paid + money.dust).to.equal(POOL);
  });
});
