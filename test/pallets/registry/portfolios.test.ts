import { expect } from 'chai';
import { balances } from '../../../pallets/balances/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { freeze, ownership, titleOf } from '../../../pallets/ownership/index.ts';
import {
  ENTRY_DEPOSIT,
  mintPortfolio,
  PORTFOLIO_DEPOSIT,
  portfolioOf,
  registry,
} from '../../../pallets/registry/index.ts';
import { DispatchFailure, type MockRuntime, type PalletError } from '../../../pallets/support/index.ts';
import { asset, named, newData, newModel, newVersion, parentOf, trainedOn } from '../../support/registry.ts';
import { idOfTerms, openTerms, storeTerms } from '../../support/terms.ts';
import { ALICE, as, BOB, CAROL, DAVE, fresh, ok, POOR, reserved, who } from './support.ts';

const { call, errors } = registry;
const apache = idOfTerms(openTerms('Apache-2.0'));
const open = idOfTerms(openTerms('CC-BY-4.0'));
const item = (data: bigint, weight = 1n) => ({ data, weight });
const selection = (items: { data: bigint; weight: bigint }[], more = {}) => ({
  items,
  criteria: { digest: named('criteria'), text: 'digits' },
  curators: [
    { account: who(CAROL), weight: 2n },
    { account: who(DAVE), weight: 1n },
  ],
  curatorsBps: 1_000,
  ...more,
});
const inPortfolio = parentOf('Portfolio', 0n, 'TrainedOn');
const model = (name: string, parents = [inPortfolio]) => newModel(named(name), { parents, terms: apache });

/** Data 0 and 1 of Alice, which portfolios may license, and 2 of Bob, which they may not. All are free to train on by themselves. */
function scene(): MockRuntime {
  const chain = fresh();
  for (const spdx of ['Apache-2.0', 'CC-BY-4.0']) ok(chain, DAVE, storeTerms(openTerms(spdx)));
  for (const [n, content] of [
    [ALICE, 'a'],
    [ALICE, 'b'],
    [BOB, 'c'],
  ] as const)
    ok(chain, n, newData(content, { collective: n === ALICE }));
  for (const id of [0n, 1n]) ok(chain, ALICE, licensing.call.setTerms({ asset: asset('Data', id), terms: open }));
  ok(chain, BOB, licensing.call.setTerms({ asset: asset('Data', 2n), terms: open }));
  return chain;
}
/** Mints as a pallet does, within a call: all or nothing. */
const mint = (chain: MockRuntime, owner: number, what: ReturnType<typeof selection>): bigint =>
  chain.ctx.transactional(() => mintPortfolio(chain.ctx, who(owner), what));
function refused(chain: MockRuntime, owner: number, what: ReturnType<typeof selection>, error: PalletError): void {
  expect(() => mint(chain, owner, what))
    .to.throw(DispatchFailure)
    .with.deep.property('value', error.value);
}
/** Licenses portfolio 0, which Carol owns, to everyone. */
const license = (chain: MockRuntime): void =>
  ok(chain, CAROL, licensing.call.setTerms({ asset: asset('Portfolio', 0n), terms: open }));

describe('pallets/registry: portfolios', () => {
  it('are minted with their items, curators and criteria, for a deposit of their owner, and never change', () => {
    const chain = scene();
    const before = reserved(chain, CAROL);
    expect(mint(chain, CAROL, selection([item(0n, 3n), item(2n, 0n), item(1n, 4n)]))).to.equal(0n);
    expect(portfolioOf(chain.ctx, 0n)).to.deep.equal({
      ...selection([item(0n, 3n), item(1n, 4n)]),
      block: chain.ctx.block,
    });
    const deposit = PORTFOLIO_DEPOSIT + 4n * ENTRY_DEPOSIT;
    expect(reserved(chain, CAROL) - before).to.equal(deposit);
    expect(titleOf(chain.ctx, asset('Portfolio', 0n))).to.deep.include({ owner: who(CAROL), deposit });
    expect(registry.use(chain.ctx).store.childCount.get(asset('Data', 1n))).to.equal(1);
    // The pallets’ own checks run after a call.
    ok(chain, BOB, newData('d'));
    expect(
      Object.keys(call).filter((name) => /portfolio/i.test(name)),
      'no call of its own',
    ).to.deep.equal([]);
  });

  it('have items with weight, nobody twice, and curators who get no more than all', () => {
    const chain = scene();
    const one = [item(0n)];
    for (const bad of [[], [item(0n, 0n)], [item(0n), item(0n, 2n)]])
      refused(chain, CAROL, selection(bad), errors.BadSelection);
    const twice = [
      { account: who(CAROL), weight: 1n },
      { account: who(CAROL), weight: 1n },
    ];
    refused(chain, CAROL, selection(one, { curators: twice }), errors.BadSelection);
    refused(chain, CAROL, selection(one, { curatorsBps: 10_001 }), errors.BadCurators);
    refused(chain, CAROL, selection(one, { curators: [] }), errors.BadCurators);
    refused(chain, CAROL, selection(one, { curators: [{ account: who(DAVE), weight: 0n }] }), errors.BadCurators);
    refused(chain, POOR, selection(one), balances.errors.InsufficientBalance);
    expect(mint(chain, CAROL, selection(one, { curators: [], curatorsBps: 0 }))).to.equal(0n);
  });

  it('are minted of data that exist, are free to train on, and that no ruling holds', () => {
    const chain = scene();
    refused(chain, CAROL, selection([item(0n), item(9n)]), errors.UnknownData);
    freeze(chain.ctx, asset('Data', 0n), 50);
    refused(chain, CAROL, selection([item(0n)]), ownership.errors.Frozen);
    ok(chain, ALICE, call.setOptOut({ id: 1n, optedOut: true }));
    refused(chain, CAROL, selection([item(1n)]), errors.OptedOut);
  });

  it('license what their items’ owners let them', () => {
    const chain = scene();
    mint(chain, CAROL, selection([item(0n), item(1n)]));
    chain.expectNoop(as(BOB), model('m'), licensing.errors.NoLicence);
    license(chain);
    ok(chain, BOB, model('m'));
    // Alice changes her mind: what is trained from now on needs her own licence.
    ok(chain, ALICE, call.setCollective({ id: 1n, collective: false }));
    chain.expectNoop(as(BOB), model('n'), errors.ItemNotLicensed);
    ok(chain, BOB, model('n', [inPortfolio, trainedOn(1n)]));
  });

  it('attack: a portfolio launders data whose owner never agreed to it', () => {
    const chain = scene();
    mint(chain, CAROL, selection([item(0n), item(2n)]));
    license(chain);
    chain.expectNoop(as(DAVE), model('m'), errors.ItemNotLicensed);
    const paid = openTerms('CC-BY-4.0', { price: { tag: 'Once', value: { amount: 5n } } });
    ok(chain, DAVE, storeTerms(paid));
    ok(chain, BOB, licensing.call.setTerms({ asset: asset('Data', 2n), terms: idOfTerms(paid) }));
    // Naming it beside the portfolio asks for its own terms.
    chain.expectNoop(as(DAVE), model('m', [inPortfolio, trainedOn(2n)]), licensing.errors.GrantMissing);
    // Named before, it need not be named again.
    ok(chain, BOB, model('own', [trainedOn(2n)]));
    ok(chain, BOB, newVersion(0n, named('own.1'), { parents: [inPortfolio] }));
  });

  it('attack: opting out is bypassed by a portfolio', () => {
    const chain = scene();
    mint(chain, CAROL, selection([item(0n), item(1n)]));
    license(chain);
    ok(chain, BOB, model('m'));
    ok(chain, ALICE, call.setOptOut({ id: 1n, optedOut: true }));
    for (const parents of [[inPortfolio], [inPortfolio, trainedOn(1n)], [trainedOn(0n), inPortfolio]])
      chain.expectNoop(as(BOB), model('n', parents), errors.OptedOut);
    ok(chain, BOB, newModel(named('k'), { terms: apache }));
    chain.expectNoop(as(BOB), call.declareParents({ model: 1n, version: 0, parents: [inPortfolio] }), errors.OptedOut);
    chain.expectNoop(as(BOB), newVersion(1n, named('k.1'), { parents: [inPortfolio] }), errors.OptedOut);
    refused(chain, DAVE, selection([item(1n)]), errors.OptedOut);
    ok(chain, ALICE, call.setOptOut({ id: 1n, optedOut: false }));
    ok(chain, BOB, model('n'));
  });

  it('a ruling against an item holds for who trains on the portfolio', () => {
    const chain = scene();
    mint(chain, CAROL, selection([item(0n), item(1n)]));
    license(chain);
    freeze(chain.ctx, asset('Data', 0n), 9);
    chain.expectNoop(as(BOB), model('m'), ownership.errors.Frozen);
    chain.runToBlock(9);
    ok(chain, BOB, model('m'));
  });
});
