import { expect } from 'chai';
import { createRound, findRound, tally } from '../../../pallets/tally/index.ts';
import { beginRound, contribute, phaseOf, publish, report, roundInfoOf, SETTINGS } from '../../support/committee.ts';
import { isTally, NAMES, setUp } from './faults-support.ts';

/** A round that has opened its aggregate and then fails, for half of its members are silent from there on. */
function failedLate() {
  const members = setUp();
  const { test } = members;
  members.runToActive();
  members.conduct = (post, member) =>
    isTally(post) && post.body.tag === 'Payout' && member % 2 === 0 ? undefined : post;
  const begun = beginRound(test);
  members.runUntil(() => phaseOf(test, begun.id) === 'Open');
  for (const name of NAMES) contribute(members, begun.id, name);
  report(members, begun.id, [20, 5, 25]);
  members.runUntil(() => phaseOf(test, begun.id) === 'Direction');
  publish(members, begun);
  members.runUntil(() => phaseOf(test, begun.id) === 'Failed');
  return { chain: test.chain, id: begun.id };
}

describe('a round that fails after its aggregate was opened', () => {
  it('leaves nothing in the state but its record', () => {
    const { chain, id } = failedLate();
    const before = tally.use(chain.ctx).store;
    expect([before.aggregates.has(id, 0), before.totals.has(id)]).to.deep.equal([true, true]);
    chain.runToBlock(chain.ctx.block + SETTINGS.lateWindow + 2);
    const { store } = tally.use(chain.ctx);
    expect([...store.aggregates.entries()]).to.deep.equal([]);
    expect([...store.totals.entries()]).to.deep.equal([]);
    expect(findRound(chain.ctx, id)?.failure?.tag).to.equal('Deadline');
    expect(() => tally.tryState(chain.ctx)).not.to.throw();
    for (const item of [store.aggregates, store.secrets, store.posts]) {
      const leave = item === store.posts ? [id, 0, 0, 0] : [id, 0];
      const value = item === store.posts ? { tag: 'Reveal', value: { secrets: [] } } : new Uint8Array(32);
      (item.put as (...args: unknown[]) => void)(...leave, value);
      expect(() => tally.tryState(chain.ctx), leave.join()).to.throw(`round ${id} is over and something of it is left`);
      item.clear(id);
    }
  });

  it('can be read while it is forgotten, piece by piece [of one of many submissions the first is not the first to go]', () => {
    const { chain, id } = failedLate();
    const { store } = tally.use(chain.ctx);
    const { items, submissions } = roundInfoOf(chain.ctx, id);
    expect(items).to.have.length(NAMES.length);
    store.submissions.remove(id, 1);
    expect(roundInfoOf(chain.ctx, id)).to.deep.include({ items, submissions: [] });
    store.submissions.put(id, 1, submissions[1]!);
    store.items.remove(id, 1);
    expect(roundInfoOf(chain.ctx, id)).to.deep.include({ items: [], submissions });
  });

  it('is no past of another, while its aggregate stands', () => {
    const { chain, id } = failedLate();
    const { ctx } = chain;
    const { rule } = findRound(ctx, id)!;
    const consumer = { pallet: 41, opens: ['Direction', 'Aggregate', 'Payout'] as const };
    const { store } = tally.use(ctx);
    expect(store.aggregates.has(id, 0)).to.equal(true);
    expect(() => createRound(ctx, consumer, { ...rule, past: [id], discount: 50 })).to.throw('BadPast');
  });
});
