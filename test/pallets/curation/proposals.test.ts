/** Proposals with a real committee, real ballots and the registry: what comes out of them is a portfolio. */
import { expect } from 'chai';
import { EXISTENTIAL_DEPOSIT, freeOf, reservedOf, totalIssuance, transfer } from '../../../pallets/balances/index.ts';
import { curation, POTS } from '../../../pallets/curation/index.ts';
import { portfolioOf, registry } from '../../../pallets/registry/index.ts';
import { ownership, titleOf } from '../../../pallets/ownership/index.ts';
import { Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { account, call, phaseOf, type TestCommittee } from '../../support/committee.ts';
import { lyingVector } from '../../support/lying-vector.ts';
import { cast, conclude as untilOver, surveyed } from '../../support/pallet-sums.ts';
import { submitSealed } from '../../support/committee.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { acceptShare } from '../../support/ownership.ts';
import { named, newData } from '../../support/registry.ts';

const { errors, call: calls } = curation;
const CURATORS = ['anna', 'bo', 'cleo', 'dan'];
const BOND = 10_000_000n;
const REWARD = 1_000_001n;
const CRITERIA = { digest: named('criteria'), text: 'songs sung by those who wrote them' };

const plan = (more: Partial<Parameters<typeof calls.propose>[0]> = {}): RuntimeCall =>
  calls.propose({
    items: [0n, 1n, 2n],
    criteria: CRITERIA,
    curatorsBps: 500,
    reward: REWARD,
    kMin: 3,
    openBlocks: 8,
    maxExtensions: 0,
    ...more,
  });

/** A committee, three data of other people, four curators with a bond. */
function scene(): TestCommittee {
  const members = surveyed([...CURATORS, 'eve', 'owner of 0'], { pallets: [curation] });
  for (const content of ['a', 'b', 'c']) call(members.test, content === 'a' ? 'owner of 0' : 'owner', newData(content));
  for (const who of CURATORS) call(members.test, who, calls.bond({ amount: BOND }));
  return members;
}
const noop = (
  { test }: TestCommittee,
  who: string,
  what: RuntimeCall,
  error: Parameters<typeof test.chain.expectNoop>[2],
) => test.chain.expectNoop(Origin.signed(account(who)), what, error);
const storeOf = ({ test }: TestCommittee) => curation.use(test.chain.ctx).store;
const roundOf = (members: TestCommittee, id: number): number => storeOf(members).proposals.get(id)?.round ?? -1;

/** A proposal that is open for ballots, with these curators in their places. */
function proposed(members: TestCommittee, seated: readonly string[], what: RuntimeCall = plan()): number {
  call(members.test, 'user', what);
  for (const who of seated) call(members.test, who, calls.join({ proposal: 0 }));
  members.runUntil(() => phaseOf(members.test, roundOf(members, 0)) === 'Open');
  return roundOf(members, 0);
}

describe('pallets/curation: proposals', function () {
  it('mints the portfolio that the ballots make, pays the curators to the last unit, returns what was reserved', () => {
    const members = scene();
    const { chain } = members.test;
    const before = reservedOf(chain.ctx, account('user'));
    const round = proposed(members, ['anna', 'bo', 'cleo']);
    const money = CURATORS.map((who) => freeOf(chain.ctx, account(who)));
    cast(members, round, 'anna', [100, 0, 0]);
    cast(members, round, 'bo', [50, 0, 50]);
    cast(members, round, 'cleo', [1, 0, 99]);
    noop(members, 'eve', calls.conclude({ proposal: 0 }), errors.NotEnded);
    untilOver(members, round);
    call(members.test, 'eve', calls.conclude({ proposal: 0 }));
    expect(storeOf(members).proposals.get(0)?.state).to.deep.equal({ tag: 'Minted', value: { portfolio: 0n } });
    const portfolio = portfolioOf(chain.ctx, 0n);
    expect(portfolio?.items).to.deep.equal([
      { data: 0n, weight: 151n },
      { data: 2n, weight: 149n },
    ]);
    expect(portfolio?.curators.map(({ account }) => account)).to.deep.equal(
      ['anna', 'bo', 'cleo'].map((who) => account(who)),
    );
    expect(titleOf(chain.ctx, { tag: 'Portfolio', value: 0n })?.owner).to.deep.equal(account('user'));
    const gained = CURATORS.map((who, i) => freeOf(members.test.chain.ctx, account(who)) - (money[i] ?? 0n));
    expect(gained).to.deep.equal([333_334n, 333_334n, 333_333n, 0n]);
    expect(freeOf(chain.ctx, POTS)).to.equal(0n);
    // What is reserved of the proposer now is the portfolio's deposit alone.
    const held = titleOf(members.test.chain.ctx, { tag: 'Portfolio', value: 0n })?.deposit ?? 0n;
    expect(reservedOf(members.test.chain.ctx, account('user'))).to.equal(before + held);
    expect(storeOf(members).curators.get(account('anna'))).to.deep.equal({ bond: BOND, seated: 0, ballots: 1 });
    expect([...tally.use(members.test.chain.ctx).store.handed.entries()]).to.have.length(0);
    noop(members, 'eve', calls.conclude({ proposal: 0 }), errors.NotOpen);
    call(members.test, 'anna', calls.leave({}));
  });

  it('who took a place and cast no ballot that counts pays for it; a liar’s ballot is not in the sum', () => {
    const members = scene();
    const round = proposed(members, CURATORS, plan({ kMin: 2 }));
    cast(members, round, 'anna', [0, 100, 0]);
    cast(members, round, 'bo', [0, 100, 0]);
    submitSealed(members, 'cleo', round, LANES.ballot, 0, lyingVector(members.test, round, 'cleo', [10_000, 0, 0]));
    noop(members, 'dan', calls.leave({}), errors.StillSeated);
    untilOver(members, round);
    call(members.test, 'eve', calls.conclude({ proposal: 0 }));
    expect(portfolioOf(members.test.chain.ctx, 0n)?.items).to.deep.equal([{ data: 1n, weight: 200n }]);
    const bonds = CURATORS.map((who) => storeOf(members).curators.get(account(who))?.bond);
    expect(bonds).to.deep.equal([BOND, BOND, (BOND * 9n) / 10n, (BOND * 9n) / 10n]);
    expect(reservedOf(members.test.chain.ctx, account('dan'))).to.equal((BOND * 9n) / 10n);
  });

  it('too few ballots open nothing: no portfolio, the reward goes back, the idle pay and nobody else', () => {
    const members = scene();
    const { chain } = members.test;
    const round = proposed(members, ['anna', 'bo', 'cleo']);
    const before = freeOf(chain.ctx, account('user'));
    cast(members, round, 'anna', [100, 0, 0]);
    untilOver(members, round);
    call(members.test, 'eve', calls.conclude({ proposal: 0 }));
    expect(storeOf(members).proposals.get(0)?.state.tag).to.equal('Failed');
    expect(portfolioOf(members.test.chain.ctx, 0n)).to.equal(undefined);
    const deposit = curation.constants.ProposalDeposit.value;
    expect(freeOf(members.test.chain.ctx, account('user')) - before).to.equal(REWARD + deposit);
    const bonds = ['anna', 'bo', 'cleo'].map((who) => storeOf(members).curators.get(account(who))?.bond);
    expect(bonds).to.deep.equal([BOND, (BOND * 9n) / 10n, (BOND * 9n) / 10n]);
    expect(storeOf(members).open.get()).to.deep.equal([]);
  });

  it('one vote too few extends the time, as often as was paid for, and then it is over', () => {
    const members = scene();
    const { chain } = members.test;
    const round = proposed(members, ['anna', 'bo', 'cleo', 'dan'], plan({ maxExtensions: 1 }));
    for (const who of ['anna', 'bo']) cast(members, round, who, [100, 0, 0]);
    members.runUntil(() => tally.use(chain.ctx).store.rounds.get(round)?.extensions === 1);
    cast(members, round, 'cleo', [100, 0, 0]);
    untilOver(members, round);
    call(members.test, 'eve', calls.conclude({ proposal: 0 }));
    expect(storeOf(members).proposals.get(0)?.state).to.deep.equal({ tag: 'Minted', value: { portfolio: 0n } });
    const price = (maxExtensions: number): bigint => {
      const it = scene();
      const before = totalIssuance(it.test.chain.ctx);
      call(it.test, 'user', plan({ maxExtensions }));
      return before - totalIssuance(it.test.chain.ctx);
    };
    expect(price(2) - price(0)).to.equal(16n * curation.constants.ProposalBlockFee.value);
  });

  it('ballots close before the time only when no place is free and everybody has voted', () => {
    const members = scene();
    const { chain } = members.test;
    const round = proposed(members, ['anna', 'bo', 'cleo'], plan({ openBlocks: 1_000 }));
    const close = calls.closeBallots({ proposal: 0 });
    for (const who of ['anna', 'bo', 'cleo']) cast(members, round, who, [100, 0, 0]);
    noop(members, 'eve', close, errors.StillAwaited);
    // As if there were four places.
    const { store } = tally.use(chain.ctx);
    const kept = store.rounds.get(round)!;
    store.rounds.put(round, { ...kept, sum: { ...kept.sum!, places: 4 } });
    call(members.test, 'dan', calls.join({ proposal: 0 }));
    noop(members, 'eve', close, errors.StillAwaited);
    cast(members, round, 'dan', [100, 0, 0]);
    const before = chain.ctx.block;
    call(members.test, 'eve', close);
    untilOver(members, round);
    expect(chain.ctx.block - before).to.be.lessThan(900);
    call(members.test, 'eve', calls.conclude({ proposal: 0 }));
    expect(storeOf(members).proposals.get(0)?.state.tag).to.equal('Minted');
    noop(members, 'eve', close, errors.NotOpen);
  });

  it('attack: places for proposals are held for nothing by ones that nobody weighs', () => {
    const members = scene();
    const round = proposed(members, ['anna', 'bo']);
    const before = freeOf(members.test.chain.ctx, account('user'));
    untilOver(members, round);
    call(members.test, 'eve', calls.conclude({ proposal: 0 }));
    const half = curation.constants.ProposalDeposit.value / 2n;
    expect(freeOf(members.test.chain.ctx, account('user')) - before).to.equal(REWARD + half);
    expect(reservedOf(members.test.chain.ctx, account('user'))).to.equal(0n);
  });

  it('an item that is closed to training meanwhile ends it without a portfolio, and nobody who voted loses', () => {
    const members = scene();
    const round = proposed(members, ['anna', 'bo', 'cleo']);
    for (const who of ['anna', 'bo', 'cleo']) cast(members, round, who, [100, 0, 0]);
    call(members.test, 'owner of 0', registry.call.setOptOut({ id: 0n, optedOut: true }));
    untilOver(members, round);
    call(members.test, 'eve', calls.conclude({ proposal: 0 }));
    expect(storeOf(members).proposals.get(0)?.state.tag).to.equal('Failed');
    expect(storeOf(members).curators.get(account('anna'))).to.deep.equal({ bond: BOND, seated: 0, ballots: 1 });
  });

  it('attack: a proposer reads the sums and keeps the reward, by closing an item of its own', () => {
    const members = scene();
    call(members.test, 'user', newData('bait'));
    const round = proposed(members, ['anna', 'bo', 'cleo'], plan({ items: [0n, 1n, 2n, 3n] }));
    for (const who of ['anna', 'bo', 'cleo']) cast(members, round, who, [100, 0, 0, 0]);
    untilOver(members, round);
    const money = ['anna', 'bo', 'cleo'].map((who) => freeOf(members.test.chain.ctx, account(who)));
    call(members.test, 'user', registry.call.setOptOut({ id: 3n, optedOut: true }));
    // Nobody chose it, so it keeps nothing from being minted; one that was chosen does.
    call(members.test, 'owner of 0', registry.call.setOptOut({ id: 0n, optedOut: true }));
    call(members.test, 'user', calls.conclude({ proposal: 0 }));
    const { ctx } = members.test.chain;
    expect(storeOf(members).proposals.get(0)?.state.tag).to.equal('Failed');
    const gained = ['anna', 'bo', 'cleo'].map((who, i) => freeOf(ctx, account(who)) - (money[i] ?? 0n));
    expect(gained).to.deep.equal([333_334n, 333_334n, 333_333n]);
    expect(freeOf(ctx, POTS)).to.equal(0n);
  });

  it('attack: a proposer reads the sums and keeps the reward, by having nothing left for the deposit of the portfolio', () => {
    const members = scene();
    const round = proposed(members, ['anna', 'bo', 'cleo']);
    for (const who of ['anna', 'bo', 'cleo']) cast(members, round, who, [100, 0, 0]);
    untilOver(members, round);
    const all = freeOf(members.test.chain.ctx, account('user')) - EXISTENTIAL_DEPOSIT;
    transfer(members.test.chain.ctx, account('user'), account('eve'), all, 'keepAlive');
    call(members.test, 'eve', calls.conclude({ proposal: 0 }));
    expect(storeOf(members).proposals.get(0)?.state.tag).to.equal('Minted');
    expect(freeOf(members.test.chain.ctx, POTS)).to.equal(0n);
  });

  it('a place costs by the time it is kept from others', () => {
    const members = scene();
    const spent = (openBlocks: number): bigint => {
      const all = () => freeOf(members.test.chain.ctx, account('user'));
      const before = all();
      call(members.test, 'user', plan({ openBlocks }));
      return before - all();
    };
    const [short, long] = [spent(8), spent(8 + 302_000)];
    expect(long - short).to.equal(302_000n * curation.constants.ProposalBlockFee.value);
  });

  it('nobody weighs what is its own, without a bond, twice, or after the end', () => {
    const members = scene();
    for (const who of ['user', 'owner of 0']) call(members.test, who, calls.bond({ amount: BOND }));
    const round = proposed(members, ['anna']);
    const join = calls.join({ proposal: 0 });
    noop(members, 'user', join, errors.Interested);
    noop(members, 'owner of 0', join, errors.Interested);
    noop(members, 'eve', join, errors.NotCurator);
    noop(members, 'anna', join, errors.AlreadySeated);
    noop(members, 'bo', calls.join({ proposal: 1 }), errors.UnknownProposal);
    noop(members, 'eve', calls.bond({ amount: 1n }), errors.BondTooSmall);
    // A ballot without a place is none.
    expect(() => cast(members, round, 'dan', [100, 0, 0])).to.throw('NotAdmitted');
    untilOver(members, round);
    noop(members, 'bo', join, tally.errors.UnknownRound);
    call(members.test, 'eve', calls.conclude({ proposal: 0 }));
    noop(members, 'bo', join, errors.NotOpen);
  });

  it('attack: a part of an item, or all of it, pushed on curators keeps none of them from weighing; what they take does', () => {
    const members = scene();
    const item = (value: bigint) => ({ tag: 'Data' as const, value });
    const to = (who: string) => ({ tag: 'Id' as const, value: account(who) });
    call(members.test, 'owner', ownership.call.giveShare({ asset: item(1n), to: to('anna'), bps: 1 }));
    call(members.test, 'owner', ownership.call.transfer({ asset: item(2n), to: to('bo') }));
    call(members.test, 'owner', ownership.call.giveShare({ asset: item(1n), to: to('cleo'), bps: 1 }));
    call(members.test, 'cleo', acceptShare(item(1n), account('owner'), 1));
    const round = proposed(members, ['anna', 'bo', 'dan']);
    noop(members, 'cleo', calls.join({ proposal: 0 }), errors.Interested);
    expect(tally.use(members.test.chain.ctx).store.rounds.get(round)?.admitted).to.equal(3);
  });

  it('refuses what is no proposal, and more than may be under way', () => {
    const members = scene();
    const bad = (more: Parameters<typeof plan>[0], error: Parameters<typeof noop>[3]) =>
      noop(members, 'user', plan(more), error);
    bad({ items: [0n] }, errors.BadItems);
    bad({ items: [1n, 0n] }, errors.BadItems);
    bad({ items: [1n, 1n] }, errors.BadItems);
    bad({ items: [0n, 9n] }, 'Ownership.UnknownAsset');
    bad({ curatorsBps: 10_001 }, errors.BadShare);
    bad({ kMin: 1 }, tally.errors.BadCounts);
    bad({ reward: 10n ** 20n }, 'Balances.InsufficientBalance');
    call(members.test, 'owner', registry.call.setOptOut({ id: 1n, optedOut: true }));
    bad({}, errors.OptedOut);
    call(members.test, 'owner', registry.call.setOptOut({ id: 1n, optedOut: false }));
    for (let i = 0; i < 2; i++) call(members.test, 'user', plan());
    bad({}, errors.TooManyOpen);
  });
});
