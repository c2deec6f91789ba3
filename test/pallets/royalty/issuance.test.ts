import { expect } from 'chai';
import * as fc from 'fast-check';
import { freeOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { ownership } from '../../../pallets/ownership/index.ts';
import { ESCROW, royalty } from '../../../pallets/royalty/index.ts';
import type { MockRuntime } from '../../../pallets/support/index.ts';
import { at } from '../../../primitives/at.ts';
import {
  addAsset,
  addPortfolio,
  assetsChain,
  by,
  data,
  distribute,
  done,
  earned,
  FUNDS,
  model,
  owedTo,
  pay,
  PAYER,
  portfolio,
  set,
  use,
  who,
} from '../../support/assets.ts';

const { errors } = royalty;
const PERIOD = 10;

/** A chain with short periods, in which everything that may be issued is for use: 90 % of what is burned. */
function chainWith(accounts: readonly string[] = [], isChecked = true): MockRuntime {
  const chain = assetsChain(accounts, isChecked);
  set(chain, 'IssuancePeriod', BigInt(PERIOD));
  set(chain, 'IssuancePerPeriod', 10n ** 15n);
  set(chain, 'BaseShare', 0n);
  set(chain, 'DistributeLeast', 1n);
  return chain;
}
const claim = (id: number) => royalty.call.claimBonus({ data: BigInt(id) });
const issuance = (chain: MockRuntime) => royalty.use(chain.ctx).store.issuance.get();
const useOf = (chain: MockRuntime, id: number) => royalty.use(chain.ctx).store.uses.get(BigInt(id));

describe('pallets/royalty issuance for data in use', () => {
  it('what a payment burned follows its money to the data; the bonus comes after the period, and is no more than the bound', () => {
    const chain = chainWith();
    for (const id of [0, 1, 2]) addAsset(chain, data(id), `artist ${id}`);
    addPortfolio(chain, 0, [
      [0, 1n],
      [1, 3n],
    ]);
    addAsset(chain, model(0), 'owner', [{ parent: portfolio(0), bps: 4_000 }]);
    use(chain, model(0), 1_000_000n, 20_000n);
    for (const asset of [model(0), portfolio(0), data(0), data(1)]) distribute(chain, asset);
    // 40 % of what was burned, 1:3.
    expect([useOf(chain, 0)?.burned, useOf(chain, 1)?.burned, useOf(chain, 2)]).to.deep.equal([
      2_000n,
      6_000n,
      undefined,
    ]);
    const before = totalIssuance(chain.ctx);
    chain.expectNoop(by('other'), claim(0), errors.PeriodRuns);
    chain.expectNoop(by('other'), claim(2), errors.NotUsed);
    chain.runToBlock(PERIOD);
    done(chain, 'other', claim(1));
    expect([earned(chain, data(1)), totalIssuance(chain.ctx) - before]).to.deep.equal([5_400n, 7_200n]);
    chain.expectNoop(by('other'), claim(1), errors.NotUsed);
    // The other one is paid when it is divided again; the use then counts in the period that runs.
    use(chain, data(0), 100n, 50n);
    distribute(chain, data(0));
    expect(owedTo(chain, 'artist 0')).to.equal(100_000n + 1_800n + 100n);
    expect(useOf(chain, 0)).to.deep.equal({ period: 1, burned: 50n });
    expect(issuance(chain)).to.deep.include({ period: 1, issued: 7_200n, burned: 50n, uses: 1, left: 0n });
    expect([...royalty.use(chain.ctx).store.periods.entries()]).to.deep.equal([]);
  });

  it('nothing is issued for registering, nor for payments that burn nothing, nor in periods without use', () => {
    const chain = chainWith();
    for (let id = 0; id < 50; id++) addAsset(chain, data(id), 'other');
    pay(chain, data(0), 1_000_000n);
    distribute(chain, data(0));
    const before = totalIssuance(chain.ctx);
    chain.runToBlock(5 * PERIOD);
    for (let id = 0; id < 50; id++) chain.expectNoop(by('other'), claim(id), errors.NotUsed);
    use(chain, data(1), 100n, 100n);
    distribute(chain, data(1));
    expect(useOf(chain, 1)?.period).to.equal(5);
    expect([issuance(chain).began, totalIssuance(chain.ctx)]).to.deep.equal([5 * PERIOD, before - 100n]);
  });

  it('is bounded by the period’s budget, which halves, and by the cap; what rounding leaves is there for later periods', () => {
    const chain = chainWith();
    for (const id of [0, 1, 2]) addAsset(chain, data(id), `artist ${id}`);
    set(chain, 'IssuancePerPeriod', 1_000n);
    set(chain, 'IssuanceHalving', 2n);
    const period = (): bigint[] => {
      const before = [0, 1, 2].map((id) => earned(chain, data(id)));
      for (const id of [0, 1, 2]) {
        use(chain, data(id), 1n, 10_000n);
        distribute(chain, data(id));
      }
      chain.runToBlock(issuance(chain).began + PERIOD);
      for (const id of [0, 1, 2]) done(chain, PAYER, claim(id));
      return [0, 1, 2].map((id) => earned(chain, data(id)) - (before[id] ?? 0n));
    };
    expect(period()).to.deep.equal([333n, 333n, 333n]);
    expect(issuance(chain)).to.deep.include({ issued: 1_000n, left: 1n });
    for (const id of [0, 1, 2]) distribute(chain, data(id));
    expect(period()).to.deep.equal([333n, 333n, 333n]);
    // One unit was left of the first thousand, so that one less was issued for the second.
    expect(issuance(chain)).to.deep.include({ period: 2, issued: 1_999n, left: 1n });
    for (const id of [0, 1, 2]) distribute(chain, data(id));
    expect(period()).to.deep.equal([166n, 166n, 166n]);
    expect(issuance(chain)).to.deep.include({ issued: 2_498n, left: 2n });
    set(chain, 'IssuanceCap', 2_500n);
    for (const id of [0, 1, 2]) distribute(chain, data(id));
    // Two that may still be issued, and two that are left.
    expect(period()).to.deep.equal([1n, 1n, 1n]);
    expect(issuance(chain)).to.deep.include({ issued: 2_500n, left: 1n });
    expect(freeOf(chain.ctx, ESCROW)).to.equal(
      1n + [0, 1, 2].reduce((sum, id) => sum + owedTo(chain, `artist ${id}`), 0n),
    );
  });

  it('a cap below what was issued, and a bound of nothing, issue nothing', () => {
    const chain = chainWith();
    addAsset(chain, data(0), 'artist');
    for (const [name, value] of [
      ['BonusPerBurned', 0n],
      ['IssuanceCap', 0n],
    ] as const) {
      set(chain, name, value);
      use(chain, data(0), 1n, 10_000n);
      distribute(chain, data(0));
      chain.runToBlock(issuance(chain).began + PERIOD);
      const before = totalIssuance(chain.ctx);
      done(chain, PAYER, claim(0));
      expect([totalIssuance(chain.ctx), earned(chain, data(0))]).to.deep.equal([before, 0n]);
    }
  });

  it('the bonus of data that is frozen or revoked waits with what else it has earned', () => {
    const chain = chainWith();
    addAsset(chain, data(0), 'artist');
    use(chain, data(0), 100n, 1_000n);
    distribute(chain, data(0));
    chain.runToBlock(PERIOD);
    ownership.use(chain.ctx).store.standings.put(data(0), {
      optedOut: false,
      frozenUntil: 99,
      suspendedUntil: undefined,
      revoked: false,
      tags: [],
    });
    done(chain, PAYER, claim(0));
    expect([earned(chain, data(0)), owedTo(chain, 'artist')]).to.deep.equal([900n, 100n]);
    chain.expectNoop(by(PAYER), royalty.call.distribute({ asset: data(0) }), ownership.errors.Frozen);
  });

  /**
   * One who owns everything pays itself, in whatever way, among others who do as they like. It never has more than before; where it burned anything, less.
   */
  it('who pays itself loses: no order of payments, junk data and claims makes anyone richer who owns all that it pays', () => {
    const step = fc.record({
      does: fc.constantFrom('use', 'use', 'distribute', 'claim', 'wait'),
      place: fc.nat(),
      amount: fc.bigInt({ min: 1n, max: 1_000_000n }),
      burned: fc.bigInt({ min: 0n, max: 200_000n }),
    });
    const plan = fc.record({
      budget: fc.bigInt({ min: 0n, max: 300_000n }),
      weights: fc.array(fc.bigInt({ min: 1n, max: 1_000n }), { minLength: 4, maxLength: 4 }),
      bps: fc.integer({ min: 0, max: 10_000 }),
      steps: fc.array(step, { minLength: 1, maxLength: 60 }),
    });
    fc.assert(
      fc.property(plan, ({ budget, weights, bps, steps }) => {
        const chain = chainWith(['self'], false);
        set(chain, 'IssuancePerPeriod', budget);
        // Data 0 to 3 are the self-payer's, in a portfolio under its model; 4 and 5 are others'.
        for (let id = 0; id < 6; id++) addAsset(chain, data(id), id < 4 ? 'self' : 'other');
        addPortfolio(
          chain,
          0,
          weights.map((weight, id) => [id, weight] as const),
          [['self', 1n]],
          500,
        );
        addAsset(chain, model(0), 'self', [{ parent: portfolio(0), bps }]);
        const own = [model(0), portfolio(0), ...[0, 1, 2, 3].map(data)];
        const others = [data(4), data(5)];
        let sunk = 0n;
        for (const { does, place, amount, burned } of steps) {
          const list = [...own, ...others];
          const asset = at(list, place % list.length);
          const isOwn = place % list.length < own.length;
          if (does === 'use') {
            use(chain, asset, amount, burned, isOwn ? 'self' : 'other');
            if (isOwn) sunk += burned;
          } else if (does === 'distribute') chain.dispatch(by(PAYER), royalty.call.distribute({ asset }));
          else if (does === 'claim') chain.dispatch(by(PAYER), claim(place % 6));
          else chain.runToBlock(chain.ctx.block + (place % (2 * PERIOD)) + 1);
        }
        for (let round = 0; round < 2; round++) {
          chain.runToBlock(chain.ctx.block + PERIOD);
          for (const asset of own) chain.dispatch(by(PAYER), royalty.call.distribute({ asset }));
        }
        const waiting = own.reduce((sum, asset) => sum + earned(chain, asset), 0n);
        const has = freeOf(chain.ctx, who('self')) + owedTo(chain, 'self') + waiting;
        expect(has <= FUNDS).to.equal(true);
        if (sunk > 0n) expect(has < FUNDS).to.equal(true);
        // Of what was burned at least a tenth stays burned.
        expect((FUNDS - has) * 10n >= sunk, `${FUNDS - has} of ${sunk}`).to.equal(true);
      }),
      { numRuns: 80 },
    );
  });
});
