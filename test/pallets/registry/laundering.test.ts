/** Attacks: works get rid of what those they come from ask, through their owner, through grants that nobody asked for, and through portfolios. */
import { expect } from 'chai';
import { licensing, type Terms } from '../../../pallets/licensing/index.ts';
import { freeOf } from '../../../pallets/balances/index.ts';
import { ownership } from '../../../pallets/ownership/index.ts';
import { mintPortfolio, parentsOf, registry } from '../../../pallets/registry/index.ts';
import { BOND } from '../../../pallets/registry/weigh.ts';
import { costOf } from '../../../bench/weights/measure.ts';
import type { MockRuntime } from '../../../pallets/support/index.ts';
import {
  asset,
  finetunedFrom,
  named,
  newData,
  newModel,
  newVersion,
  parentOf,
  trainedOn,
} from '../../support/registry.ts';
import { idOfTerms, openTerms, storeTerms } from '../../support/terms.ts';
import { acceptTitle } from '../../support/ownership.ts';
import { ALICE, as, BOB, CAROL, DAVE, fresh, ok, to, who } from './support.ts';

const { call, errors } = licensing;
const GPL = openTerms('GPL-3.0-only');
const MIT = openTerms('MIT');
/** Sold for training, and to be given on. */
const sold = (more: Partial<Terms> = {}): Terms =>
  openTerms('MIT', { price: { tag: 'Once', value: { amount: 1n } }, transferable: true, ...more });
const storeOf = (chain: MockRuntime) => licensing.use(chain.ctx).store;

function scene(...all: Terms[]): MockRuntime {
  const chain = fresh();
  for (const terms of all) ok(chain, DAVE, storeTerms(terms));
  return chain;
}
/** Has an account buy and open a grant of Alice’s data 0. @returns its number */
function bought(chain: MockRuntime, n: number, terms: Terms): bigint {
  const { nextOffer, nextGrant } = storeOf(chain);
  const [offer, grant] = [nextOffer.get(), nextGrant.get()];
  const data = asset('Data', 0n);
  ok(chain, ALICE, call.offer({ asset: data, terms: idOfTerms(terms), buyer: who(n), until: undefined }));
  ok(chain, n, call.buy({ asset: data, offer, most: 10n ** 9n }));
  if (storeOf(chain).grants.get(grant)?.state.tag === 'Paid') ok(chain, n, call.open({ grant }));
  return grant;
}
const under = (chain: MockRuntime, n: number, which: ReturnType<typeof asset>, terms: Terms | undefined): void =>
  ok(chain, n, call.setTerms({ asset: which, terms: terms && idOfTerms(terms) }));
const model = (name: string, terms: Terms | undefined, parents: Parameters<typeof newModel>[1] = {}) =>
  newModel(named(name), { terms: terms && idOfTerms(terms), ...parents });

describe('pallets/registry: laundering', () => {
  it('attack: who makes a work of its own work leaves behind what that comes from', () => {
    const chain = scene(GPL, MIT);
    ok(chain, ALICE, model('original', GPL));
    ok(chain, BOB, model('step', GPL, { parents: [finetunedFrom(0n)] }));
    const clean = (name: string) => model(name, MIT, { parents: [parentOf('Model', 1n, 'QuantizedFrom')] });
    chain.expectNoop(as(BOB), clean('clean'), errors.ShareAlike);
    // nor by way of having it under no licence at all
    under(chain, BOB, asset('Model', 1n), undefined);
    chain.expectNoop(as(BOB), clean('clean'), errors.ShareAlike);
    // nor by adding it later, or as a new owner
    ok(chain, BOB, model('first', MIT));
    chain.expectNoop(as(BOB), newVersion(2n, named('second'), { parents: [finetunedFrom(1n)] }), errors.ShareAlike);
    ok(chain, BOB, ownership.call.transfer({ asset: asset('Model', 1n), to: to(CAROL) }));
    ok(chain, CAROL, acceptTitle(asset('Model', 1n), who(BOB)));
    chain.expectNoop(as(CAROL), clean('clean'), errors.ShareAlike);
    // under terms that the original allows it may; and it stays bound, however many steps there are
    ok(chain, CAROL, model('kept', GPL, { parents: [finetunedFrom(1n)] }));
    chain.expectNoop(as(CAROL), call.setTerms({ asset: asset('Model', 3n), terms: idOfTerms(MIT) }), errors.ShareAlike);
    chain.expectNoop(as(CAROL), model('far', MIT, { parents: [finetunedFrom(3n)] }), errors.ShareAlike);
  });

  it('what is waived of a work for some terms holds for its owner’s next work under them, and for no other terms', () => {
    const open = openTerms('Apache-2.0');
    const chain = scene(GPL, MIT, open);
    ok(chain, ALICE, model('original', GPL));
    const clause = { tag: 'ShareAlike' as const };
    ok(chain, ALICE, call.waive({ asset: asset('Model', 0n), owner: who(BOB), terms: idOfTerms(MIT), clause }));
    ok(chain, BOB, model('step', MIT, { parents: [finetunedFrom(0n)] }));
    ok(chain, BOB, model('next', MIT, { parents: [finetunedFrom(1n)] }));
    chain.expectNoop(as(BOB), model('other', open, { parents: [finetunedFrom(1n)] }), errors.ShareAlike);
    expect(storeOf(chain).bonds.get(asset('Model', 2n))).to.deep.equal(storeOf(chain).bonds.get(asset('Model', 1n)));
  });

  it('a work takes over no more than it may owe, and the call pays for what it reads and writes', () => {
    const chain = scene(MIT);
    for (let id = 0; id < 33; id++) ok(chain, ALICE, model(`${id}`, MIT));
    /** A model of Bob’s that comes from so many of Alice’s. */
    const bound = (id: bigint, count: number): void => {
      ok(chain, BOB, model(`bound ${id}`, MIT));
      const parents = Array.from({ length: count }, (_, n) => finetunedFrom(BigInt(n)));
      for (let from = 0; from < count; from += 16)
        ok(
          chain,
          BOB,
          registry.call.declareParents({ model: id, version: 0, parents: parents.slice(from, from + 16) }),
        );
    };
    for (const [place, count] of [32, 32, 33].entries()) bound(33n + BigInt(place), count);
    const from = (...ids: bigint[]) => model('child', MIT, { parents: ids.map(finetunedFrom) });
    chain.expectNoop(as(BOB), from(33n, 35n), errors.TooManyParents);
    const { composition, ctx } = chain;
    const costs = [from(33n), from(33n, 34n)].map((call) => costOf({ composition, ctx, origin: as(BOB), call }, 0));
    // The second parent is paid for as one besides.
    expect(costs[1]!.reads - costs[0]!.reads - 8).to.be.at.most(32 * BOND.each.reads);
    expect(costs[1]!.writes - costs[0]!.writes - 5).to.be.at.most(32 * BOND.each.writes);
    ok(chain, BOB, from(33n, 34n));
    expect(storeOf(chain).bonds.get(asset('Model', 36n))).to.have.lengthOf(64);
  });

  it('attack: a grant that somebody gives to a maker puts a share on its work', () => {
    const greedy = sold({ revenueShare: 9_000 });
    const fair = sold({ revenueShare: 100, revenueCeiling: 5n });
    const endless = sold({ revenueShare: 100 });
    const chain = scene(MIT, greedy, fair, endless);
    ok(chain, ALICE, newData('a'));
    under(chain, ALICE, asset('Data', 0n), MIT);
    // Alice has a friend buy it, and gives it to Bob, who wants to train by the terms that are open to everyone.
    ok(chain, CAROL, call.transfer({ grant: bought(chain, CAROL, greedy), to: to(BOB) }));
    ok(chain, BOB, model('open', MIT, { parents: [trainedOn(0n)] }));
    expect(parentsOf(chain.ctx, asset('Model', 0n))[0]).to.deep.include({ shareBps: 0 });
    // The same where nothing is open, and Bob has bought a grant after that.
    under(chain, ALICE, asset('Data', 0n), greedy);
    ok(chain, CAROL, call.transfer({ grant: bought(chain, CAROL, endless), to: to(BOB) }));
    bought(chain, BOB, fair);
    ok(chain, BOB, model('paid', MIT, { parents: [trainedOn(0n)] }));
    expect(parentsOf(chain.ctx, asset('Model', 1n))[0]).to.deep.include({ shareBps: 100, ceiling: 5n });
    // Who names it takes it.
    ok(chain, BOB, model('named', MIT, { parents: [parentOf('Data', 0n, 'TrainedOn', 0n)] }));
    expect(parentsOf(chain.ctx, asset('Model', 2n))[0]).to.deep.include({ shareBps: 9_000 });
  });

  it('attack: a grant that costs nothing until it is used serves works for nothing', () => {
    const prices: Terms['price'][] = [
      { tag: 'PerUse', value: { amount: 1_000_000n } },
      { tag: 'Volume', value: { steps: [{ from: 0n, amount: 1_000_000n }] } },
    ];
    for (const price of prices) {
      const terms = openTerms('MIT', { price });
      const chain = scene(MIT, terms);
      ok(chain, ALICE, newData('a'));
      under(chain, ALICE, asset('Data', 0n), terms);
      const grant = bought(chain, BOB, terms);
      const before = freeOf(chain.ctx, who(BOB));
      for (const parent of [trainedOn(0n), parentOf('Data', 0n, 'TrainedOn', grant)])
        chain.expectNoop(as(BOB), model('free', MIT, { parents: [parent] }), errors.GrantMissing);
      expect(freeOf(chain.ctx, who(BOB))).to.equal(before);
    }
  });

  it('attack: a grant of one use serves any number of works', () => {
    const one = openTerms('MIT', { price: { tag: 'Bundle', value: { uses: 1n, amount: 1_000n } } });
    const chain = scene(MIT, one);
    ok(chain, ALICE, newData('a'));
    under(chain, ALICE, asset('Data', 0n), one);
    bought(chain, BOB, one);
    ok(chain, BOB, model('one', MIT, { parents: [trainedOn(0n)] }));
    expect(storeOf(chain).grants.get(0n)?.used).to.equal(1n);
    chain.expectNoop(as(BOB), model('two', MIT, { parents: [trainedOn(0n)] }), errors.GrantMissing);
  });

  it('attack: one use serves two relations to one work', () => {
    const one = openTerms('MIT', { price: { tag: 'Bundle', value: { uses: 1n, amount: 1_000n } } });
    const chain = scene(MIT, one);
    ok(chain, ALICE, model('original', one));
    const data = asset('Model', 0n);
    ok(chain, ALICE, call.offer({ asset: data, terms: idOfTerms(one), buyer: undefined, until: undefined }));
    ok(chain, BOB, call.buy({ asset: data, offer: 0n, most: 1_000n }));
    ok(chain, BOB, call.open({ grant: 0n }));
    const both = [finetunedFrom(0n), parentOf('Model', 0n, 'DistilledFrom')];
    chain.expectNoop(as(BOB), model('both', MIT, { parents: both }), errors.UsesExhausted);
  });

  it('attack: who has a portfolio made for itself uses its items for nothing', () => {
    const chain = scene(MIT);
    ok(chain, ALICE, newData('a', { collective: true }));
    chain.ctx.transactional(() =>
      mintPortfolio(chain.ctx, who(BOB), {
        items: [{ data: 0n, weight: 1n }],
        criteria: { digest: named('c'), text: '' },
        curators: [],
        curatorsBps: 0,
      }),
    );
    const made = model('m', MIT, { parents: [parentOf('Portfolio', 0n, 'TrainedOn')] });
    chain.expectNoop(as(BOB), made, errors.NoLicence);
    // What is open to everyone is open to it, and the portfolio has its share of it.
    const shared = openTerms('MIT', { revenueShare: 1_000 });
    ok(chain, DAVE, storeTerms(shared));
    under(chain, BOB, asset('Portfolio', 0n), shared);
    ok(chain, BOB, made);
    expect(parentsOf(chain.ctx, asset('Model', 0n))[0]).to.deep.include({ shareBps: 1_000 });
  });
});
