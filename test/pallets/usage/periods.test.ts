/** Statistics with a real committee: totals of those who reported, and nothing of fewer than were asked for. */
import { expect } from 'chai';
import { usage } from '../../../pallets/usage/index.ts';
import type { Statistics } from '../../../pallets/usage/types.ts';
import { findRound, type Round, tally } from '../../../pallets/tally/index.ts';
import { ownership } from '../../../pallets/ownership/index.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { account, call, phaseOf, submitSealed, type TestCommittee } from '../../support/committee.ts';
import { lyingVector } from '../../support/lying-vector.ts';
import { cast, conclude as untilOver } from '../../support/pallet-sums.ts';
import { newModel } from '../../support/registry.ts';
import { calls, errors, free, MODEL, noop, reserved, storeOf, withCommittee } from './support.ts';

const REPORTERS = ['ada', 'ben', 'cas', 'dee'];
const COUNTERS = ['inference', 'fine-tune', 'train'];
const DEPOSIT = 10_000_000n;
type Plan = Parameters<typeof calls.openPeriod>[0];
const open = (more: Partial<Plan> = {}) =>
  calls.openPeriod({
    model: MODEL,
    counters: COUNTERS,
    reporters: REPORTERS.map(account),
    most: 4_095n,
    kMin: 3,
    openBlocks: 8,
    ...more,
  });
const conclude = (period = 0, model = MODEL) => calls.concludePeriod({ model, period });

/** A period that takes reports. @returns its round */
function opened(members: TestCommittee, period = 0): number {
  call(members.test, 'owner', open());
  const round = storeOf(members.test).periods.get(MODEL, period)?.round ?? -1;
  members.runUntil(() => phaseOf(members.test, round) === 'Open');
  return round;
}
const ask = ({ test }: TestCommittee, from: number, limit: number): Statistics[] =>
  usage.apis.UsageApi?.methods.periods?.run(test.chain.ctx, { model: MODEL, from, limit }) as Statistics[];

describe('pallets/usage: statistics', function () {
  this.timeout(120_000);

  it('keep totals, the number of reports and shares that add up; the opener has its deposit back', () => {
    const members = withCommittee();
    const { test } = members;
    const before = { free: free(test, 'owner'), held: reserved(test, 'owner') };
    const round = opened(members);
    const paid = before.free - free(test, 'owner') - DEPOSIT;
    expect(paid > 100_000n + 3n * 10_000n).to.equal(true);
    expect(reserved(test, 'owner') - before.held).to.equal(DEPOSIT);
    const idle = free(test, 'dee');
    cast(members, round, 'ada', [2, 0, 1], LANES.counts);
    cast(members, round, 'ben', [0, 0, 1], LANES.counts);
    cast(members, round, 'cas', [0, 1, 1], LANES.counts);
    noop(test, 'eve', conclude(), errors.NotEnded);
    untilOver(members, round);
    call(test, 'eve', conclude());
    const [found] = ask(members, 0, 9);
    expect(found?.period.state).to.deep.equal({ tag: 'Ended', value: { reports: 3, totals: [2n, 1n, 3n] } });
    expect(found?.shares).to.deep.equal([3_333, 1_667, 5_000]);
    expect(before.free - free(test, 'owner')).to.equal(paid);
    expect(reserved(test, 'owner')).to.equal(before.held);
    expect(free(test, 'dee')).to.equal(idle);
    expect([...tally.use(test.chain.ctx).store.handed.entries()]).to.have.length(0);
    noop(test, 'eve', conclude(), errors.NotOpen);
  });

  it('close with the next block once all reporters have handed in, and wait for each of them until then', () => {
    const members = withCommittee();
    const round = opened(members);
    const found = (): Round => findRound(members.test.chain.ctx, round) as Round;
    const { deadline } = found();
    for (const who of REPORTERS.slice(1)) cast(members, round, who, [1, 0, 0], LANES.counts);
    expect(found().deadline).to.equal(deadline);
    const last = members.test.chain.ctx.block;
    cast(members, round, 'ada', [1, 0, 0], LANES.counts);
    expect(last + 1).to.be.lessThan(deadline);
    members.runUntil(() => phaseOf(members.test, round) !== 'Open');
    expect(found().closedAt).to.equal(last + 1);
    expect(untilOver(members, round).phase.tag).to.equal('Settled');
  });

  it('follow each other, are read by page, and of zeros have no shares', () => {
    const members = withCommittee();
    for (const period of [0, 1]) {
      const round = opened(members, period);
      for (const who of REPORTERS) cast(members, round, who, [period, 0, 0], LANES.counts);
      untilOver(members, round);
      call(members.test, 'eve', conclude(period));
    }
    expect(ask(members, 0, 1).map(({ number, shares }) => [number, shares])).to.deep.equal([[0, [0, 0, 0]]]);
    expect(ask(members, 1, 9).map(({ number, shares }) => [number, shares])).to.deep.equal([[1, [10_000, 0, 0]]]);
    expect(ask(members, 2, 9)).to.deep.equal([]);
  });

  it('leave out a lie, and who tells it loses its own deposit only', () => {
    const members = withCommittee();
    const { test } = members;
    const round = opened(members);
    for (const who of ['ada', 'ben', 'cas']) cast(members, round, who, [1, 1, 1], LANES.counts);
    const lie = lyingVector(test, round, 'dee', [-3, 0, 0], undefined, LANES.counts);
    submitSealed(members, 'dee', round, LANES.counts, 0, lie);
    const held = free(test, 'dee');
    untilOver(members, round);
    call(test, 'eve', conclude());
    expect(ask(members, 0, 1)[0]?.period.state).to.have.nested.property('value.reports', 3);
    expect(free(test, 'dee')).to.equal(held);
    expect(reserved(test, 'dee')).to.equal(0n);
  });

  it('open nothing of too few reports: half of the deposit is lost; of a committee that fails, nothing', () => {
    const members = withCommittee();
    const { test } = members;
    const held = reserved(test, 'owner');
    const round = opened(members);
    const before = free(test, 'owner');
    for (const who of ['ada', 'ben']) cast(members, round, who, [1, 1, 1], LANES.counts);
    untilOver(members, round);
    call(test, 'eve', conclude());
    expect(ask(members, 0, 1)[0]).to.deep.include({ shares: [] });
    expect(ask(members, 0, 1)[0]?.period.state.tag).to.equal('Failed');
    expect([free(test, 'owner') - before, reserved(test, 'owner')]).to.deep.equal([DEPOSIT / 2n, held]);
    const second = opened(members, 1);
    const then = free(test, 'owner');
    for (const who of REPORTERS) cast(members, second, who, [1, 1, 1], LANES.counts);
    members.conduct = (post) => ('round' in post && post.body.tag === 'Sum' ? undefined : post);
    untilOver(members, second);
    call(test, 'eve', conclude(1));
    expect(ask(members, 1, 1)[0]?.period.state.tag).to.equal('Failed');
    expect([free(test, 'owner') - then, reserved(test, 'owner')]).to.deep.equal([DEPOSIT, held]);
  });

  it('refuse what is none, strangers, and more than may be under way', () => {
    const members = withCommittee();
    const { test } = members;
    const bad = (more: Partial<Plan>, error: Parameters<typeof noop>[3]) => noop(test, 'owner', open(more), error);
    noop(test, 'ada', open(), 'Ownership.NotAllowed');
    bad({ model: 9n }, 'Ownership.UnknownAsset');
    bad({ counters: [] }, errors.BadCounters);
    bad({ counters: ['a', 'a'] }, errors.BadCounters);
    bad({ counters: ['a', ''] }, errors.BadCounters);
    bad({ reporters: ['ada', 'ada', 'ben'].map(account) }, errors.BadReporters);
    bad({ openBlocks: 43_201 }, errors.TooLong);
    bad({ kMin: 5 }, tally.errors.BadCounts);
    bad({ kMin: 1 }, tally.errors.BadCounts);
    bad({ most: 0n }, tally.errors.BadSum);
    noop(test, 'eve', conclude(), errors.UnknownPeriod);
    for (const owner of ['ada', 'ben']) call(test, owner, newModel(account(`model of ${owner}`)));
    call(test, 'owner', open());
    bad({}, errors.ModelBusy);
    // Whoever decides over two models has one place for both.
    call(
      test,
      'ada',
      ownership.call.setDelegate({
        asset: { tag: 'Model', value: 1n },
        delegate: { tag: 'Id', value: account('owner') },
        roles: 4,
      }),
    );
    bad({ model: 1n }, errors.OpenerBusy);
    call(test, 'ada', open({ model: 1n }));
    noop(test, 'ben', open({ model: 2n }), errors.TooManyOpen);
  });
});
