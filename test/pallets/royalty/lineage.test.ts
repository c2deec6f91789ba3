import { expect } from 'chai';
import * as fc from 'fast-check';
import { freeOf } from '../../../pallets/balances/index.ts';
import { type Asset, assetName, EARNINGS, freeze, ownership } from '../../../pallets/ownership/index.ts';
import { ESCROW, poolOf, royalty } from '../../../pallets/royalty/index.ts';
import { type MockRuntime } from '../../../pallets/support/index.ts';
import { at } from '../../../primitives/at.ts';
import { WHOLE } from '../../../primitives/money.ts';
import {
  addAsset,
  addPortfolio,
  assetsChain,
  by,
  checkAll,
  data,
  distribute,
  earned,
  type LinkPlan,
  model,
  owedTo,
  pay,
  PAYER,
  portfolio,
  set,
  streamOf,
} from '../../support/assets.ts';

const { errors } = royalty;

describe('pallets/royalty along lineages', () => {
  /** Models, each with links to older ones (or to data), shares within the whole and ceilings. */
  const MODELS = 7;
  const DATA = 3;
  const link = fc.record({
    parent: fc.nat(),
    bps: fc.integer({ min: 0, max: 6_000 }),
    ceiling: fc.option(fc.bigInt({ min: 0n, max: 400_000n }), { nil: undefined, freq: 3 }),
  });
  const plan = fc.record({
    links: fc.array(fc.array(link, { maxLength: 5 }), { minLength: MODELS, maxLength: MODELS }),
    contributors: fc.array(fc.integer({ min: 0, max: WHOLE }), { minLength: MODELS, maxLength: MODELS }),
    weights: fc.array(fc.bigInt({ min: 1n, max: 2n ** 64n - 1n }), { minLength: DATA, maxLength: DATA }),
    curatorsBps: fc.integer({ min: 0, max: WHOLE }),
    steps: fc.array(fc.tuple(fc.nat(MODELS + DATA), fc.bigInt({ min: 0n, max: 3_000_000n })), { maxLength: 30 }),
  });
  type Plan = typeof plan extends fc.Arbitrary<infer T> ? T : never;

  const all: Asset[] = [
    ...Array.from({ length: DATA }, (_, id) => data(id)),
    portfolio(0),
    ...Array.from({ length: MODELS }, (_, id) => model(id)),
  ];

  /** Links of the models of a plan: to anything older, in sum at most the whole. */
  function linksOf({ links }: Plan): LinkPlan[][] {
    return links.map((list, child) => {
      let left = WHOLE;
      return list.map(({ parent, bps, ceiling }) => {
        const own = Math.min(bps, left);
        left -= own;
        return { parent: at(all, parent % (DATA + 1 + child)), bps: own, ceiling };
      });
    });
  }

  function chainOf(given: Plan): MockRuntime {
    const chain = assetsChain([], false);
    set(chain, 'DistributeLeast', 1n);
    for (let id = 0; id < DATA; id++) addAsset(chain, data(id), `artist ${id}`);
    const items = given.weights.map((weight, id) => [id, weight] as const);
    addPortfolio(
      chain,
      0,
      items,
      [
        ['ana', 2n],
        ['ben', 5n],
      ],
      given.curatorsBps,
    );
    linksOf(given).forEach((links, id) => {
      addAsset(chain, model(id), `maker ${id}`, links);
      royalty.use(chain.ctx).store.contributors.put(BigInt(id), { bps: at(given.contributors, id), lower: undefined });
    });
    return chain;
  }

  /** Divides until nothing is left but what waits for whole units. @returns in how many calls */
  function settle(chain: MockRuntime, order: readonly Asset[]): number {
    for (let calls = 0; ; ) {
      const before = calls;
      for (const asset of order) {
        if (chain.dispatch(by(PAYER), royalty.call.distribute({ asset })) === 'ok') calls++;
      }
      if (calls === before) return calls;
    }
  }

  const people = [
    ...Array.from({ length: DATA }, (_, id) => `artist ${id}`),
    ...Array.from({ length: MODELS }, (_, id) => `maker ${id}`),
    'ana',
    'ben',
  ];
  const outcome = (chain: MockRuntime) => ({
    owed: people.map((name) => owedTo(chain, name)),
    pools: Array.from({ length: MODELS }, (_, id) => poolOf(chain.ctx, BigInt(id))),
    divided: all.map((asset) => streamOf(chain, asset).divided),
  });

  it('conserve money, keep ceilings, and give each parent what is due of all that its child had, whatever the order', () => {
    fc.assert(
      fc.property(plan, (given) => {
        const [chain, other] = [chainOf(given), chainOf(given)];
        let paid = 0n;
        for (const [place, amount] of given.steps) {
          const asset = at(all, place % all.length);
          paid += amount;
          if (amount > 0n) [chain, other].forEach((one) => pay(one, asset, amount));
          // One divides as it comes, the other only at the end.
          if (place % 2 === 0)
            chain.dispatch(by(PAYER), royalty.call.distribute({ asset: at(all, (place * 7) % all.length) }));
        }
        settle(chain, all.toReversed());
        settle(other, all);
        checkAll(chain);
        expect(freeOf(chain.ctx, EARNINGS) + freeOf(chain.ctx, ESCROW)).to.equal(paid);
        // The same to the unit: each asset has the same of all that its children ever had.
        expect(outcome(chain)).to.deep.equal(outcome(other));
        linksOf(given).forEach((links, child) => {
          const { divided, paid: got } = streamOf(chain, model(child));
          links.forEach(({ bps, ceiling }, place) => {
            const due = (divided * BigInt(bps)) / BigInt(WHOLE);
            const expected = ceiling !== undefined && ceiling < due ? ceiling : due;
            expect(got[place] ?? 0n, `parent ${place} of model ${child}`).to.equal(expected);
          });
        });
      }),
      { numRuns: 60 },
    );
  });

  it('pay a chain of 1,000 ancestors one step a call: each call costs the same however long it is', () => {
    const LENGTH = 1_000;
    const chain = assetsChain([], false);
    addAsset(chain, model(0), 'first');
    for (let id = 1; id <= LENGTH; id++) {
      addAsset(chain, model(id), id % 100 === 0 ? `maker ${id}` : 'others', [{ parent: model(id - 1), bps: 9_990 }]);
    }
    const amount = 1_000_000_000n;
    pay(chain, model(LENGTH), amount);
    let expected = amount;
    for (let id = LENGTH; id >= 1; id--) {
      const { length } = chain.events;
      distribute(chain, model(id));
      expect(chain.events.length - length <= 6).to.equal(true);
      const up = (expected * 9_990n) / 10_000n;
      if (id % 100 === 0) expect(owedTo(chain, `maker ${id}`) - (expected - up) <= 0n).to.equal(true);
      expected = up;
      // Every hop rounds at most one unit away.
      expect(earned(chain, model(id - 1))).to.equal(expected);
      if (id > 1) {
        const behind = chain.dispatch(by(PAYER), royalty.call.distribute({ asset: model(id - 2) }));
        expect(behind).to.equal('Royalty.TooLittle');
      }
    }
    distribute(chain, model(0));
    expect(owedTo(chain, 'first')).to.equal(expected);
    // 0.999^1000 of the payment, to a unit a hop.
    const exact = (amount * 999n ** 1_000n) / 1_000n ** 1_000n;
    expect(expected <= exact && exact - expected <= BigInt(LENGTH)).to.equal(true);
    checkAll(chain);
  });

  it('someone in the middle who cannot be paid, or is frozen, keeps nobody else from being paid', () => {
    const chain = assetsChain();
    addAsset(chain, data(0), 'artist');
    addAsset(chain, model(0), 'frozen', [{ parent: data(0), bps: 5_000 }]);
    addAsset(chain, model(1), 'owner', [
      { parent: model(0), bps: 2_000 },
      { parent: data(0), bps: 2_000 },
    ]);
    freeze(chain.ctx, model(0), 10_000);
    pay(chain, model(1), 100_000n);
    distribute(chain, model(1));
    distribute(chain, data(0));
    expect([owedTo(chain, 'artist'), owedTo(chain, 'owner')]).to.deep.equal([20_000n, 60_000n]);
    chain.expectNoop(by(PAYER), royalty.call.distribute({ asset: model(0) }), ownership.errors.Frozen);
  });

  it('divide among 64 parents and 256 items, and refuse what is no whole to them', () => {
    const chain = assetsChain();
    for (let id = 0; id < 256; id++) addAsset(chain, data(id), `artist ${id % 10}`);
    addPortfolio(
      chain,
      0,
      Array.from({ length: 256 }, (_, id) => [id, BigInt(id + 1)] as const),
    );
    const links = Array.from({ length: 63 }, (_, id) => ({ parent: data(id), bps: 150 }));
    addAsset(chain, model(0), 'owner', [...links, { parent: portfolio(0), bps: 550 }]);
    pay(chain, model(0), 9_999n);
    chain.expectNoop(by(PAYER), royalty.call.distribute({ asset: model(0) }), errors.TooLittle);
    pay(chain, model(0), 1_000_000n - 9_999n);
    distribute(chain, model(0));
    expect(links.map(({ parent }) => earned(chain, parent))).to.deep.equal(links.map(() => 15_000n));
    expect([earned(chain, portfolio(0)), earned(chain, model(0))]).to.deep.equal([55_000n, 0n]);
    distribute(chain, portfolio(0));
    const sum = (256n * 257n) / 2n;
    for (const id of [0, 63, 255]) {
      const before = id < 63 ? 15_000n : 0n;
      expect(earned(chain, data(id)), assetName(data(id))).to.equal(before + (55_000n * BigInt(id + 1)) / sum);
    }
  });
});
