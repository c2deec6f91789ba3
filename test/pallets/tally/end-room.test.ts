/** The end of a block has room for so much: what it may have to do is reserved when it begins, and what finds no room waits. */
import { expect } from 'chai';
import { notes } from '../../../pallets/notes/index.ts';
import { royalty } from '../../../pallets/royalty/index.ts';
import { type Context, MAX_HOOKS_WEIGHT } from '../../../pallets/support/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { FORGETTING } from '../../../pallets/tally/costs.ts';
import { beginRound, contribute, phaseOf, SETTINGS, TestCommittee, testChain } from '../../support/committee.ts';

const NAMES = ['anna', 'bo', 'cleo'];

/** Looks at every end of a block: what is taken of it is never more than was reserved. @returns the weights taken */
function watched({ test }: TestCommittee): bigint[] {
  const { composition } = test.chain;
  const { initialize, finalize } = composition;
  const taken: bigint[] = [];
  let reserved = 0n;
  Object.assign(composition, {
    initialize: (ctx: Context) => (reserved = initialize(ctx)),
    finalize: (ctx: Context) => {
      finalize(ctx);
      expect(ctx.takenAtEnd <= reserved, `block ${ctx.block}: ${ctx.takenAtEnd} of ${reserved}`).to.equal(true);
      taken.push(ctx.takenAtEnd);
    },
  });
  return taken;
}

/** An open round, with too few contributors, in the block of its deadline. */
function atDeadline(): { members: TestCommittee; id: number } {
  const members = new TestCommittee(testChain({ accounts: NAMES }));
  const { test } = members;
  members.runToActive();
  const { id } = beginRound(test, { maxExtensions: 0 });
  members.runUntil(() => phaseOf(test, id) === 'Open');
  for (const name of NAMES.slice(0, 2)) contribute(members, id, name);
  const deadline = tally.use(test.chain.ctx).store.rounds.get(id)?.deadline ?? 0;
  test.chain.runToBlock(deadline);
  return { members, id };
}

describe('pallets/tally: the room at the end of a block', () => {
  it('is reserved for all that the end of a block does of a round that fails, until it is forgotten', () => {
    const members = new TestCommittee(testChain({ accounts: NAMES }));
    const { test } = members;
    members.runToActive();
    const taken = watched(members);
    const failing = beginRound(test, { maxExtensions: 0 });
    // No quorum of members posts in the block that makes a round: they act on what is final.
    test.chain.runToBlock(test.chain.ctx.block + 1);
    members.runUntil(() => phaseOf(test, failing.id) === 'Open');
    for (const name of NAMES.slice(0, 2)) contribute(members, failing.id, name);
    members.runUntil(() => phaseOf(test, failing.id) === 'Failed');
    test.chain.runToBlock(test.chain.ctx.block + SETTINGS.lateWindow + 3);
    expect(tally.use(test.chain.ctx).store.ended.get()).to.deep.equal([]);
    expect(taken.filter((weight) => weight > 0n)).to.have.length.above(4);
    expect(taken.includes(FORGETTING)).to.equal(true);
  });

  it('lets a deadline, the money of a failed round, and what is forgotten wait for a block that has room, and all of them come', () => {
    const { members, id } = atDeadline();
    const { test } = members;
    const full = (body: (ctx: Context) => void): void => {
      const { ctx } = test.chain;
      ctx.beginEnd();
      expect(ctx.takeAtEnd(MAX_HOOKS_WEIGHT)).to.equal(true);
      body(ctx);
    };
    const moneyOf = (): string | undefined => royalty.use(test.chain.ctx).store.rounds.get(id)?.state.tag;
    full((ctx) => tally.finalize(ctx));
    expect(phaseOf(test, id)).to.equal('Open');
    test.chain.ctx.beginEnd();
    tally.finalize(test.chain.ctx);
    expect(phaseOf(test, id)).to.equal('Failed');
    full((ctx) => royalty.finalize(ctx));
    expect(moneyOf()).to.equal('Live');
    test.chain.runToBlock(test.chain.ctx.block + 1);
    expect(moneyOf()).to.equal('Refunded');
    const kept = (): number[] => royalty.use(test.chain.ctx).store.forgotten.get();
    full((ctx) => royalty.finalize(ctx));
    expect(kept()).to.deep.equal([id]);
    test.chain.runToBlock(test.chain.ctx.block + 1);
    expect(kept()).to.deep.equal([]);
    test.chain.runToBlock(test.chain.ctx.block + SETTINGS.lateWindow - 1);
    full((ctx) => tally.finalize(ctx));
    expect(tally.use(test.chain.ctx).store.ended.get()).to.deep.equal([id]);
    test.chain.runToBlock(test.chain.ctx.block + 1);
    expect(tally.use(test.chain.ctx).store.ended.get()).to.deep.equal([]);
  });

  it('is never passed: what comes after the first is refused where it would be, and a smaller one still finds its place', () => {
    const { ctx } = testChain().chain;
    ctx.beginEnd();
    expect(ctx.takeAtEnd(MAX_HOOKS_WEIGHT - 2n)).to.equal(true);
    expect([ctx.takeAtEnd(3n), ctx.takeAtEnd(2n), ctx.takeAtEnd(1n)]).to.deep.equal([false, true, false]);
    expect(ctx.takenAtEnd).to.equal(MAX_HOOKS_WEIGHT);
    // Alone even what is too long is done: else it would wait for ever.
    ctx.beginEnd();
    expect(ctx.takeAtEnd(MAX_HOOKS_WEIGHT + 1n)).to.equal(true);
    expect(notes.finalizeWeight(ctx, undefined as never)).to.equal(0n);
  });
});
