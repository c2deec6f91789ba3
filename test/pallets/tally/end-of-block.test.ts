import { expect } from 'chai';
import { notes } from '../../../pallets/notes/index.ts';
import { poolOf, royalty } from '../../../pallets/royalty/index.ts';
import { findRound, type Round, tally } from '../../../pallets/tally/index.ts';
import { at } from '../../../primitives/at.ts';
import { KEY_TEST_VALUES } from '../../../primitives/fhe/params.ts';
import { ringOf } from '../../../primitives/fhe/ring.ts';
import { decodeResidues, encodeResidues } from '../../../primitives/fhe/wire.ts';
import {
  beginRound,
  contribute,
  phaseOf,
  publish,
  report,
  type TestChain,
  TestCommittee,
  testChain,
  type TestRound,
} from '../../support/committee.ts';

const NAMES = ['anna', 'bo', 'cleo'];

function opened(rounds = 1): { members: TestCommittee; begun: TestRound[] } {
  const members = new TestCommittee(testChain({ accounts: NAMES }));
  const { test } = members;
  members.runToActive();
  const begun = Array.from({ length: rounds }, () => beginRound(test, { openBlocks: 20 }));
  members.runUntil(() => begun.every(({ id }) => phaseOf(test, id) === 'Open'));
  for (const { id } of begun) {
    for (const name of NAMES) contribute(members, id, name);
    report(members, id, [20, 5, 25]);
  }
  return { members, begun };
}

describe('the end of a block', () => {
  it('judges one step of those that wait for it, however many rounds are under way', () => {
    const { members, begun } = opened(2);
    const { ctx } = members.test.chain;
    const rounds = begun.map(({ id }) => findRound(ctx, id) as Round);
    const blocks = rounds.flatMap(({ finished }) => finished.map(({ block }) => block));
    // Both began in one block, and all posts of both come in one.
    expect(blocks).to.have.length(4);
    expect(new Set(blocks).size).to.equal(4);
  });

  it('pays every round that settles in it: posts judge each as they are applied', () => {
    const { members, begun } = opened(2);
    const { test } = members;
    const ids = begun.map(({ id }) => id);
    members.runUntil(() => ids.every((id) => phaseOf(test, id) === 'Direction'));
    for (const round of begun) publish(members, round);
    const states = (): (string | undefined)[] =>
      ids.map((id) => royalty.use(test.chain.ctx).store.rounds.get(id)?.state.tag);
    members.runUntil(() => ids.some((id) => phaseOf(test, id) === 'Settled'));
    expect(ids.map((id) => phaseOf(test, id))).to.deep.equal(['Settled', 'Settled']);
    expect(states()).to.deep.equal(['Settled', 'Settled']);
  });

  /** The first look at an item, once the last post that a check needs is about to be judged, meets an error. */
  function breakCheck({ test, members }: { test: TestChain; members: TestCommittee }, id: number, error: Error): void {
    members.conduct = (post) => {
      if (!('round' in post) || post.round !== id || post.body.tag !== 'Check' || post.member !== 2) return post;
      const { items } = tally.use(test.chain.ctx).store;
      const get = items.get.bind(items);
      items.get = () => {
        items.get = get;
        throw error;
      };
      return post;
    };
  }

  it('stands any error in a round: that round fails, the chain and the others go on', () => {
    const { members, begun } = opened(2);
    const { test } = members;
    const [broken, good] = begun as [TestRound, TestRound];
    // An error that no primitive throws: a fault of the code itself.
    breakCheck({ test, members }, broken.id, new TypeError('undefined is not a function'));
    members.runUntil(() => phaseOf(test, broken.id) === 'Failed');
    expect(findRound(test.chain.ctx, broken.id)?.failure?.tag).to.equal('Fault');
    members.runUntil(() => phaseOf(test, good.id) === 'Direction');
    publish(members, good);
    members.runUntil(() => phaseOf(test, good.id) === 'Settled');
    expect(royalty.use(test.chain.ctx).store.rounds.get(broken.id)?.state.tag).to.equal('Refunded');
  });

  it('does not take an error of this machine for one of the round: the block is void', () => {
    const { members, begun } = opened();
    const { test } = members;
    const id = begun[0]?.id ?? 0;
    breakCheck({ test, members }, id, new RangeError('Array buffer allocation failed'));
    expect(() => members.runUntil(() => phaseOf(test, id) === 'Direction')).to.throw('allocation');
  });

  it('tries a settlement again that went wrong, and nothing of it stands before it went right', () => {
    const { members, begun } = opened();
    const { test } = members;
    const [round] = begun as [TestRound];
    members.runUntil(() => phaseOf(test, round.id) === 'Direction');
    publish(members, round);
    members.runUntil(() => phaseOf(test, round.id) === 'Payout');
    const pool = poolOf(test.chain.ctx, 0n);
    members.act();
    notes.use(test.chain.ctx).store.notes.mutate = () => {
      throw new TypeError('undefined is not a function');
    };
    test.chain.runToBlock(test.chain.ctx.block + 1);
    const state = (): string | undefined => royalty.use(test.chain.ctx).store.rounds.get(round.id)?.state.tag;
    expect([phaseOf(test, round.id), state(), poolOf(test.chain.ctx, 0n)]).to.deep.equal(['Settled', 'Live', pool]);
    test.chain.runToBlock(test.chain.ctx.block + 1);
    expect(state()).to.equal('Settled');
  });

  it('a key that does not decrypt opens no round', () => {
    const members = new TestCommittee(testChain({ accounts: NAMES }));
    const { test } = members;
    members.runToActive();
    const { id } = beginRound(test);
    members.runUntil(() => phaseOf(test, id) === 'KeyCheck');
    // All members together: the sums are right, and the test opens to one more than was encrypted.
    const one = ringOf(test.params).encodeCoefficient(1n);
    members.conduct = (post) => {
      if (!('round' in post) || post.body.tag !== 'KeyCheck') return post;
      const { dataPrimes } = test.params;
      const shares = decodeResidues(dataPrimes, post.body.value.test, KEY_TEST_VALUES).map((share, i) => {
        const prime = Math.floor(i / KEY_TEST_VALUES);
        return (share + at(one, prime)) % at(dataPrimes, prime);
      });
      const value = { ...post.body.value, test: encodeResidues(dataPrimes, shares) };
      return { ...post, body: { tag: 'KeyCheck', value } };
    };
    members.runUntil(() => phaseOf(test, id) !== 'KeyCheck');
    const round = findRound(test.chain.ctx, id);
    expect([round?.phase.tag, round?.failure?.tag]).to.deep.equal(['Failed', 'Undecodable']);
  });
});
