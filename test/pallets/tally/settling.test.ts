import { expect } from 'chai';
import { isSettling, tally } from '../../../pallets/tally/index.ts';
import { beginRound, contribute, phaseOf, publish, TestCommittee, testChain } from '../../support/committee.ts';

const NAMES = ['anna', 'bo', 'cleo'];

describe('a round that settles', () => {
  it('is waited for from its close to its payout, and not for ever', () => {
    const members = new TestCommittee(testChain({ accounts: NAMES }));
    const { test } = members;
    const settles = (): boolean => isSettling(test.chain.ctx);
    members.runToActive();
    const begun = beginRound(test);
    members.runUntil(() => phaseOf(test, begun.id) === 'Open');
    for (const name of NAMES) contribute(members, begun.id, name);
    expect(settles()).to.equal(false);
    members.runUntil(() => phaseOf(test, begun.id) === 'Reveal');
    expect(settles()).to.equal(true);
    // Nobody shows the direction: blocks are not kept open for it as long as it may come.
    members.runUntil(() => phaseOf(test, begun.id) === 'Direction');
    test.chain.runToBlock(test.chain.ctx.block + 3);
    expect(phaseOf(test, begun.id)).to.equal('Direction');
    expect(settles()).to.equal(false);
    publish(members, begun);
    members.runUntil(() => phaseOf(test, begun.id) === 'Settled');
    expect(settles()).to.equal(false);
  });

  it('is not waited for any more once it is paid', () => {
    const members = new TestCommittee(testChain({ accounts: NAMES }));
    const { test } = members;
    members.runToActive();
    const begun = beginRound(test);
    members.runUntil(() => phaseOf(test, begun.id) === 'Open');
    for (const name of NAMES) contribute(members, begun.id, name);
    members.runUntil(() => phaseOf(test, begun.id) === 'Reveal');
    publish(members, begun);
    // Its posts come within one block.
    for (let turn = 0; turn < 5; turn++) members.act();
    expect(phaseOf(test, begun.id)).to.equal('Settled');
    expect(isSettling(test.chain.ctx)).to.equal(false);
  });

  it('leaves the state one round a block, the first that ended first', () => {
    const members = new TestCommittee(testChain({ accounts: NAMES }));
    const { test } = members;
    members.runToActive();
    const { id } = beginRound(test);
    members.runUntil(() => phaseOf(test, id) === 'Failed');
    const { store } = tally.use(test.chain.ctx);
    const [round, key] = [store.rounds.get(id)!, store.publicKeys.get(id)!];
    const ids = [id, id + 1, id + 2];
    for (const other of ids.slice(1)) {
      store.rounds.put(other, { ...round, round: other });
      store.publicKeys.put(other, key);
    }
    store.nextRound.put(id + 3);
    store.ended.put(ids);
    const kept = (): number[] => ids.filter((one) => tally.use(test.chain.ctx).store.publicKeys.has(one));
    const seen: number[][] = [];
    while (kept().length > 0) {
      test.chain.runToBlock(test.chain.ctx.block + 1);
      if (seen.at(-1)?.length !== kept().length) seen.push(kept());
    }
    expect(seen).to.deep.equal([ids, ids.slice(1), ids.slice(2), []]);
  });
});
