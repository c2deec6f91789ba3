import { expect } from 'chai';
import { EXISTENTIAL_DEPOSIT, freeOf } from '../../../pallets/balances/index.ts';
import { EARNINGS, freeze, ownership, restoreAsset, revokeAsset, thaw } from '../../../pallets/ownership/index.ts';
import { ESCROW, poolOf, royalty } from '../../../pallets/royalty/index.ts';
import { Origin, TREASURY } from '../../../pallets/support/index.ts';
import { acceptShare } from '../../support/ownership.ts';
import {
  addAsset,
  addLinks,
  addPortfolio,
  assetsChain,
  by,
  data,
  distribute,
  done,
  earned,
  model,
  owedTo,
  pay,
  PAYER,
  portfolio,
  set,
  streamOf,
  who,
} from '../../support/assets.ts';

const { errors } = royalty;
const LEAST = 10_000n;

describe('pallets/royalty streams', () => {
  it('divides what a model has earned: parents, contributors, co-owners, to the last unit', () => {
    const chain = assetsChain();
    addAsset(chain, data(0), 'artist');
    addAsset(chain, model(0), 'base');
    addAsset(chain, model(1), 'owner', [
      { parent: model(0), bps: 3_000 },
      { parent: data(0), bps: 1_000, ceiling: 70_000n },
    ]);
    done(
      chain,
      'owner',
      ownership.call.giveShare({ asset: model(1), to: { tag: 'Id', value: who('friend') }, bps: 2_500 }),
    );
    done(chain, 'friend', acceptShare(model(1), who('owner'), 2_500));
    done(chain, 'owner', royalty.call.setContributorsShare({ model: 1n, bps: 4_000 }));
    const before = freeOf(chain.ctx, who(PAYER));
    pay(chain, model(1), 1_000_003n);
    expect(freeOf(chain.ctx, who(PAYER))).to.equal(before - 1_000_003n);
    distribute(chain, model(1));
    // 30 % and 10 %, the latter up to its ceiling; 40 % of the rest to the pool; the rest of it 3:1.
    expect([earned(chain, model(0)), earned(chain, data(0))]).to.deep.equal([300_000n, 70_000n]);
    expect(poolOf(chain.ctx, 1n)).to.equal(252_000n);
    expect([owedTo(chain, 'owner'), owedTo(chain, 'friend')]).to.deep.equal([283_500n, 94_500n]);
    // Three units wait, for nobody is due a whole one of them.
    expect([earned(chain, model(1)), streamOf(chain, model(1)).waiting]).to.deep.equal([3n, 3n]);
    expect(freeOf(chain.ctx, EARNINGS) + freeOf(chain.ctx, ESCROW)).to.equal(1_000_003n);
    expect(streamOf(chain, model(1))).to.deep.include({ divided: 1_000_003n, paid: [300_000n, 70_000n] });
    const told = chain.events
      .filter(({ name }) => ['PassedOn', 'Owed', 'Distributed'].includes(name))
      .map(({ name }) => name);
    expect(told).to.deep.equal(['PassedOn', 'PassedOn', 'Owed', 'Owed', 'Distributed']);
  });

  it('passes a portfolio’s earnings to its curators and the data in it, by their weights', () => {
    const chain = assetsChain();
    for (const id of [0, 1, 2]) addAsset(chain, data(id), `artist ${id}`);
    addPortfolio(
      chain,
      0,
      [
        [0, 1n],
        [2, 2n],
        [1, 2n ** 64n - 1n],
      ],
      [
        ['ana', 1n],
        ['ben', 3n],
      ],
      1_000,
    );
    pay(chain, portfolio(0), 100_000n);
    distribute(chain, portfolio(0));
    expect([owedTo(chain, 'ana'), owedTo(chain, 'ben'), owedTo(chain, 'owner')]).to.deep.equal([2_500n, 7_500n, 0n]);
    expect([0, 1, 2].map((id) => earned(chain, data(id)))).to.deep.equal([0n, 89_999n, 0n]);
    expect(streamOf(chain, portfolio(0)).waiting).to.equal(1n);
    pay(chain, data(1), 10_001n);
    distribute(chain, data(1));
    expect(owedTo(chain, 'artist 1')).to.equal(100_000n);
  });

  it('is no matter of how often it is divided: parents, curators and items have the same after many payments as after one', () => {
    const payments = [10_007n, 33_331n, 10_000n, 999_999n, 12_345n];
    const total = payments.reduce((sum, each) => sum + each, 0n);
    const run = (list: readonly bigint[]): bigint[] => {
      const chain = assetsChain();
      for (const id of [0, 1, 2]) addAsset(chain, data(id), 'artist');
      addPortfolio(
        chain,
        0,
        [
          [0, 7n],
          [1, 11n],
          [2, 13n],
        ],
        [
          ['ana', 5n],
          ['ben', 9n],
        ],
        333,
      );
      addAsset(chain, model(0), 'owner', [
        { parent: portfolio(0), bps: 3_333 },
        { parent: data(0), bps: 1_111 },
      ]);
      done(chain, 'owner', royalty.call.setContributorsShare({ model: 0n, bps: 777 }));
      for (const amount of list) {
        pay(chain, model(0), amount);
        distribute(chain, model(0));
      }
      distribute(chain, portfolio(0));
      return [
        ...[0, 1, 2].map((id) => earned(chain, data(id))),
        ...['ana', 'ben', 'owner'].map((name) => owedTo(chain, name)),
        poolOf(chain.ctx, 0n),
      ];
    };
    expect(run(payments)).to.deep.equal(run([total]));
  });

  it('refuses dust, and says what it lacks', () => {
    const chain = assetsChain();
    addAsset(chain, model(0), 'owner');
    const call = royalty.call.distribute({ asset: model(0) });
    chain.expectNoop(by(PAYER), royalty.call.pay({ asset: model(0), amount: 0n }), errors.NothingPaid);
    chain.expectNoop(by(PAYER), royalty.call.pay({ asset: model(9), amount: 5n }), ownership.errors.UnknownAsset);
    chain.expectNoop(by('poor'), royalty.call.pay({ asset: model(0), amount: 5n }), 'Balances.InsufficientBalance');
    chain.expectNoop(by(PAYER), royalty.call.distribute({ asset: model(9) }), ownership.errors.UnknownAsset);
    chain.expectNoop(by(PAYER), call, errors.TooLittle);
    pay(chain, model(0), LEAST - 1n);
    chain.expectNoop(by(PAYER), call, errors.TooLittle);
    chain.expectNoop(Origin.none, call, 'unknown.NoUnsignedValidator');
    chain.expectNoop(Origin.root, call, 'BadOrigin');
    pay(chain, model(0), 1n);
    distribute(chain, model(0));
    expect(owedTo(chain, 'owner')).to.equal(LEAST);
    chain.expectNoop(by(PAYER), call, errors.TooLittle);
    set(chain, 'DistributeLeast', 1n);
    pay(chain, model(0), 1n);
    distribute(chain, model(0));
    expect(owedTo(chain, 'owner')).to.equal(LEAST + 1n);
  });

  it('what waits for a whole unit is not divided a second time', () => {
    const chain = assetsChain();
    set(chain, 'DistributeLeast', 1n);
    addAsset(chain, data(0), 'artist');
    addAsset(chain, model(0), 'owner', [{ parent: data(0), bps: 5_000 }]);
    pay(chain, model(0), 1n);
    distribute(chain, model(0));
    expect([earned(chain, model(0)), streamOf(chain, model(0)).waiting]).to.deep.equal([1n, 1n]);
    chain.expectNoop(by(PAYER), royalty.call.distribute({ asset: model(0) }), errors.TooLittle);
    pay(chain, model(0), 1n);
    distribute(chain, model(0));
    expect([earned(chain, data(0)), owedTo(chain, 'owner'), earned(chain, model(0))]).to.deep.equal([1n, 1n, 0n]);
  });

  it('a parent that is named later gets its part of what comes later', () => {
    const chain = assetsChain();
    addAsset(chain, data(0), 'artist');
    addAsset(chain, data(1), 'other');
    addAsset(chain, model(0), 'owner', [{ parent: data(0), bps: 1_001 }]);
    pay(chain, model(0), 11_111n);
    distribute(chain, model(0));
    addLinks(chain, model(0), [{ parent: data(1), bps: 500 }]);
    pay(chain, model(0), 20_000n);
    distribute(chain, model(0));
    expect([earned(chain, data(0)), earned(chain, data(1))]).to.deep.equal([(31_111n * 1_001n) / 10_000n, 1_000n]);
  });

  describe('collecting', () => {
    it('is done by anyone; who cannot be paid is owed on, and stops nobody', () => {
      const chain = assetsChain();
      set(chain, 'DistributeLeast', 1n);
      addAsset(chain, model(0), 'owner');
      const give = ownership.call.giveShare({ asset: model(0), to: { tag: 'Id', value: who('nobody yet') }, bps: 500 });
      done(chain, 'owner', give);
      done(chain, 'nobody yet', acceptShare(model(0), who('owner'), 500));
      const free = freeOf(chain.ctx, who('owner'));
      pay(chain, model(0), 10_000n);
      distribute(chain, model(0));
      expect([owedTo(chain, 'nobody yet'), owedTo(chain, 'owner')]).to.deep.equal([500n, 9_500n]);
      const collect = (name: string) => royalty.call.collect({ account: who(name) });
      chain.expectNoop(by(PAYER), collect('nobody yet'), 'Balances.ExistentialDeposit');
      done(chain, PAYER, collect('owner'));
      expect(freeOf(chain.ctx, who('owner'))).to.equal(free + 9_500n);
      chain.expectNoop(by(PAYER), collect('owner'), errors.NothingOwed);
      pay(chain, model(0), 10_000n);
      distribute(chain, model(0));
      done(chain, PAYER, collect('nobody yet'));
      expect(freeOf(chain.ctx, who('nobody yet'))).to.equal(EXISTENTIAL_DEPOSIT);
    });
  });

  describe('frozen and revoked', () => {
    it('a frozen asset keeps what it earns until it is thawed; its children go on paying', () => {
      const chain = assetsChain();
      addAsset(chain, model(0), 'base');
      addAsset(chain, model(1), 'owner', [{ parent: model(0), bps: 5_000 }]);
      freeze(chain.ctx, model(0), 1_000);
      pay(chain, model(1), 100_000n);
      distribute(chain, model(1));
      expect(earned(chain, model(0))).to.equal(50_000n);
      chain.expectNoop(by(PAYER), royalty.call.distribute({ asset: model(0) }), ownership.errors.Frozen);
      thaw(chain.ctx, model(0));
      distribute(chain, model(0));
      expect(owedTo(chain, 'base')).to.equal(50_000n);
    });

    it('a revoked asset keeps it until a later ruling may be no more; then its people’s part goes to the treasury', () => {
      const chain = assetsChain();
      set(chain, 'RevokedHold', 20n);
      addAsset(chain, data(0), 'artist');
      addAsset(chain, model(0), 'base', [{ parent: data(0), bps: 2_000 }]);
      addAsset(chain, model(1), 'owner', [{ parent: model(0), bps: 5_000 }]);
      revokeAsset(chain.ctx, model(0));
      pay(chain, model(1), 100_000n);
      distribute(chain, model(1));
      expect([earned(chain, model(0)), owedTo(chain, 'owner')]).to.deep.equal([50_000n, 50_000n]);
      const call = royalty.call.distribute({ asset: model(0) });
      chain.expectNoop(by(PAYER), call, errors.Withheld);
      chain.runToBlock(20);
      // A ruling that comes again does not make the time longer.
      revokeAsset(chain.ctx, model(0));
      chain.expectNoop(by(PAYER), call, errors.Withheld);
      chain.runToBlock(21);
      freeze(chain.ctx, model(0), 23);
      chain.expectNoop(by(PAYER), call, errors.Withheld);
      chain.runToBlock(23);
      distribute(chain, model(0));
      expect(earned(chain, data(0))).to.equal(10_000n);
      expect([freeOf(chain.ctx, TREASURY), owedTo(chain, 'base')]).to.deep.equal([40_000n, 0n]);
    });

    it('what was revoked and is restored is paid whole', () => {
      const chain = assetsChain();
      set(chain, 'RevokedHold', 5n);
      addAsset(chain, model(0), 'base');
      pay(chain, model(0), 50_000n);
      revokeAsset(chain.ctx, model(0));
      chain.runToBlock(30);
      restoreAsset(chain.ctx, model(0));
      revokeAsset(chain.ctx, model(0));
      // The time begins anew with the later ruling.
      chain.expectNoop(by(PAYER), royalty.call.distribute({ asset: model(0) }), errors.Withheld);
      restoreAsset(chain.ctx, model(0));
      distribute(chain, model(0));
      expect(owedTo(chain, 'base')).to.equal(50_000n);
    });
  });
});
