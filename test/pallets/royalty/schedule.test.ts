import { expect } from 'chai';
import { freeOf, reservedOf } from '../../../pallets/balances/index.ts';
import { ownership, ROLE, titleOf } from '../../../pallets/ownership/index.ts';
import { poolOf, ROUND_DEPOSIT, royalty } from '../../../pallets/royalty/index.ts';
import { Origin } from '../../../pallets/support/index.ts';
import { findRound, tally } from '../../../pallets/tally/index.ts';
import { lengthToFee } from '../../../pallets/transaction-payment/index.ts';
import { directionHash, postsBytes } from '../../../primitives/round/index.ts';
import { acceptTitle } from '../../support/ownership.ts';
import {
  account,
  asBytes,
  call,
  contribute,
  NORM_SQ,
  PART_VALUES,
  partOf,
  phaseOf,
  publish,
  SALT,
  TestCommittee,
  testChain,
} from '../../support/committee.ts';

const { errors } = royalty;
const POOL = 1_000_000_000n;
const NAMES = ['anna', 'bo', 'cleo'];
const by = (name: string): Origin => Origin.signed(account(name));

const template = {
  period: 20,
  poolLeast: 100_000_000n,
  poolMost: POOL,
  parts: [PART_VALUES, PART_VALUES],
  normSq: NORM_SQ,
  gamma: 1n,
  base: 0n,
  curation: undefined,
  factors: [],
  admits: { tag: 'Anyone' as const },
  holders: { tag: 'Accounts' as const },
  novelty: undefined,
  sketch: undefined,
  counts: [],
  tMin: 1n,
  stake: 500_000_000n,
  kMin: 3,
  maxItems: 8,
  openBlocks: 10,
  maxExtensions: 1,
};
const FEE = (test: TestCommittee['test']): bigint => lengthToFee(postsBytes(test.params, template));

/** A committee at work, a model of `owner` with money in its pool, and what a delegate and strangers need. */
function begin(isActive = true) {
  const members = new TestCommittee(testChain({ accounts: [...NAMES, 'helper'] }));
  if (isActive) members.runToActive();
  const { test } = members;
  call(test, 'user', royalty.call.fund({ model: 0n, amount: 3n * POOL }));
  const deposits = (name: string): bigint => reservedOf(test.chain.ctx, account(name));
  const own = deposits('owner');
  const directions = [partOf(test.random), partOf(test.random)];
  const prepared = {
    model: 0n,
    directions: directions.map((part, index) => directionHash(index, SALT, asBytes(part))),
    reporters: [],
  };
  const rule = (changes = {}) => royalty.call.setRoundRule({ model: 0n, template: { ...template, ...changes } });
  const queue = royalty.call.queueRound(prepared);
  const open = royalty.call.openDueRound({ model: 0n });
  return { members, test, chain: test.chain, directions, rule, queue, open, deposits, own };
}

describe('pallets/royalty rounds that follow each other', () => {
  it('a round that is due is begun by anyone, under the rule, paid by who prepared it; it runs to its end', () => {
    const { members, test, chain, directions, rule, queue, open, deposits, own } = begin();
    call(test, 'owner', rule());
    const due = chain.ctx.block + 20;
    call(test, 'owner', queue);
    const fee = FEE(test);
    const { RuleDeposit } = royalty.constants;
    expect(deposits('owner')).to.equal(own + RuleDeposit.value + ROUND_DEPOSIT + fee);
    chain.expectNoop(by('user'), open, errors.NotDue);
    members.runUntil(() => chain.ctx.block === due);
    const free = freeOf(chain.ctx, account('owner'));
    call(test, 'user', open);
    expect(deposits('owner')).to.equal(own + RuleDeposit.value + ROUND_DEPOSIT);
    expect(freeOf(chain.ctx, account('owner'))).to.equal(free);
    expect(poolOf(chain.ctx, 0n)).to.equal(2n * POOL);
    const id = tally.use(chain.ctx).store.nextRound.get() - 1;
    const {
      period: _,
      poolLeast: __,
      poolMost,
      curation: ___,
      factors,
      admits: ____,
      counts: _____,
      holders: ______,
      novelty: _______,
      ...same
    } = template;
    expect(factors).to.deep.equal([]);
    expect(findRound(chain.ctx, id)?.rule).to.deep.include({
      ...same,
      pool: poolMost,
      reporters: [],
      past: [],
      discount: 0,
      holders: false,
    });
    expect(chain.events.at(-1)?.data).to.deep.equal({ model: 0n, round: id, due: due + 20 });
    members.runUntil(() => phaseOf(test, id) === 'Open');
    for (const name of NAMES) contribute(members, id, name);
    members.runUntil(() => phaseOf(test, id) === 'Direction');
    publish(members, { id, direction: directions });
    members.runUntil(() => ['Settled', 'Failed'].includes(phaseOf(test, id)));
    expect(phaseOf(test, id)).to.equal('Settled');
    expect(deposits('owner')).to.equal(own + RuleDeposit.value);
  });

  it('says why a round cannot begin, and leaves it due', () => {
    const { members, test, chain, rule, queue, open } = begin();
    chain.expectNoop(by('user'), open, errors.NoRule);
    chain.expectNoop(by('owner'), queue, errors.NoRule);
    chain.expectNoop(by('user'), rule(), ownership.errors.NotAllowed);
    chain.expectNoop(by('owner'), rule({ period: 0 }), errors.BadPeriod);
    chain.expectNoop(by('owner'), rule({ poolLeast: POOL + 1n }), errors.BadPeriod);
    call(test, 'owner', rule({ poolLeast: 4n * POOL, poolMost: 4n * POOL, period: 1 }));
    members.runUntil(() => chain.ctx.block > 40);
    chain.expectNoop(by('user'), open, errors.NothingQueued);
    chain.expectNoop(by('user'), queue, ownership.errors.NotAllowed);
    call(test, 'owner', queue);
    chain.expectNoop(by('user'), open, errors.PoolTooSmall);
    // A new rule counts at once, and leaves when the next round is due.
    call(test, 'owner', rule({ kMin: 1 }));
    chain.expectNoop(by('user'), open, 'Tally.BadCounts');
    call(test, 'owner', rule());
    call(test, 'user', open);
    chain.expectNoop(by('user'), open, errors.NotDue);
  });

  it('prepares as many as may be, and only while a committee can say what a round costs', () => {
    const early = begin(false);
    call(early.test, 'owner', early.rule());
    early.chain.expectNoop(by('owner'), early.queue, errors.NoCommittee);
    const { test, chain, rule, queue, deposits, own } = begin();
    call(test, 'owner', rule());
    for (let i = 0; i < royalty.constants.MaxQueued.value; i++) call(test, 'owner', queue);
    chain.expectNoop(by('owner'), queue, errors.TooManyQueued);
    const drop = (place: number) => royalty.call.dropQueuedRound({ model: 0n, place });
    chain.expectNoop(by('owner'), drop(8), errors.NothingQueued);
    chain.expectNoop(by('user'), drop(7), errors.NotYours);
    call(test, 'owner', drop(7));
    call(test, 'owner', queue);
    const clear = royalty.call.clearRoundRule({ model: 0n });
    chain.expectNoop(by('user'), clear, ownership.errors.NotAllowed);
    call(test, 'owner', clear);
    expect(deposits('owner')).to.equal(own);
    chain.expectNoop(by('owner'), clear, errors.NoRule);
    expect([...royalty.use(chain.ctx).store.queues.entries()]).to.deep.equal([]);
  });

  it('a delegate prepares at its own cost; once it may no longer, its round does not begin and anyone drops it', () => {
    const { members, test, chain, rule, queue, open, deposits } = begin();
    const asset = { tag: 'Model' as const, value: 0n };
    const delegate = { tag: 'Id' as const, value: account('helper') };
    call(test, 'owner', ownership.call.setDelegate({ asset, delegate, roles: ROLE.rounds }));
    call(test, 'owner', rule({ period: 1 }));
    call(test, 'helper', queue);
    call(test, 'helper', queue);
    const held = ROUND_DEPOSIT + FEE(test);
    expect(deposits('helper')).to.equal(2n * held);
    members.runUntil(() => chain.ctx.block > 40);
    call(test, 'user', open);
    expect(royalty.use(chain.ctx).store.rounds.get(1)?.owner).to.deep.equal(account('helper'));
    expect(deposits('helper')).to.equal(held + ROUND_DEPOSIT);
    // The asset goes to another owner, with the deposit of its rule; delegates end.
    const drop = royalty.call.dropQueuedRound({ model: 0n, place: 0 });
    chain.expectNoop(by('anna'), drop, errors.NotYours);
    const before = titleOf(chain.ctx, asset)?.deposit;
    call(test, 'owner', ownership.call.transfer({ asset, to: { tag: 'Id', value: account('user') } }));
    call(test, 'user', acceptTitle(asset, account('owner')));
    expect(before !== undefined && (titleOf(chain.ctx, asset)?.deposit ?? 0n) > 0n).to.equal(true);
    chain.runToBlock(chain.ctx.block + 1);
    chain.expectNoop(by('user'), open, ownership.errors.NotAllowed);
    call(test, 'anna', drop);
    expect(deposits('helper')).to.equal(ROUND_DEPOSIT);
    const clear = royalty.call.clearRoundRule({ model: 0n });
    chain.expectNoop(by('owner'), clear, ownership.errors.NotAllowed);
    call(test, 'user', clear);
  });
});
