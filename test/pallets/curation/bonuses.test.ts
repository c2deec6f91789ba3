import { expect } from 'chai';
import { freeOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { curation, POTS } from '../../../pallets/curation/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { mintPortfolio, registry } from '../../../pallets/registry/index.ts';
import type { MockRuntime } from '../../../pallets/support/index.ts';
import { named, newData, newModel, parentOf } from '../../support/registry.ts';
import { idOfTerms, openTerms, storeTerms } from '../../support/terms.ts';
import { as, calls, errors, fresh, ok, OWNER, who } from './support.ts';

const FEE = curation.constants.UseFee.value;
const PORTFOLIO = 0n;
const NOBODY = 99;

/** A portfolio of Owner's whose curators are 2, 3 (twice the weight) and an account that has never been there; models 1 and 2 are made of it. */
function scene(): MockRuntime {
  const chain = fresh();
  const terms = openTerms('CC0-1.0');
  ok(chain, OWNER, storeTerms(terms));
  for (const content of ['a', 'b']) ok(chain, 4, newData(content, { collective: true }));
  mintPortfolio(chain.ctx, who(OWNER), {
    items: [0n, 1n].map((data) => ({ data, weight: 1n })),
    criteria: { digest: named('criteria'), text: '' },
    curators: [
      { account: who(2), weight: 1n },
      { account: who(3), weight: 2n },
      { account: who(NOBODY), weight: 1n },
    ],
    curatorsBps: 0,
  });
  const asset = { tag: 'Portfolio' as const, value: PORTFOLIO };
  ok(chain, OWNER, licensing.call.setTerms({ asset, terms: idOfTerms(terms) }));
  for (const n of [5, 6]) {
    const parents = [parentOf('Portfolio', PORTFOLIO, 'TrainedOn')];
    ok(chain, n, newModel(who(n + 50), { terms: idOfTerms(terms), parents }));
  }
  return chain;
}
const pay = (model: bigint) => calls.payUse({ portfolio: PORTFOLIO, model });
const set = (perUse: bigint) => calls.setBonus({ portfolio: PORTFOLIO, perUse });
const fund = (amount: bigint) => calls.fundBonus({ portfolio: PORTFOLIO, amount });
const bonusOf = (chain: MockRuntime) => curation.use(chain.ctx).store.bonuses.get(PORTFOLIO);

describe('pallets/curation: a bonus for each use of a portfolio', () => {
  it('pays its curators once for each model that names it, by their weights; who cannot be paid holds up nobody', () => {
    const chain = scene();
    ok(chain, OWNER, set(FEE + 403n));
    ok(chain, 7, fund(1_000_000n));
    const [two, three] = [2, 3].map((n) => freeOf(chain.ctx, who(n))) as [bigint, bigint];
    const issued = totalIssuance(chain.ctx);
    ok(chain, 8, pay(1n));
    // 403 by 1, 2 and 1 is 101, 201 and 101: the last cannot exist on that, so it stays in the pot.
    expect(freeOf(chain.ctx, who(2)) - two).to.equal(101n);
    expect(freeOf(chain.ctx, who(3)) - three).to.equal(201n);
    expect(issued - totalIssuance(chain.ctx)).to.equal(FEE);
    expect(bonusOf(chain)).to.deep.equal({ perUse: FEE + 403n, pot: 1_000_000n - FEE - 302n });
    expect(freeOf(chain.ctx, POTS)).to.equal(1_000_000n - FEE - 302n);
    chain.expectNoop(as(8), pay(1n), errors.UsePaid);
    ok(chain, 8, pay(2n));
  });

  it('pays for nothing that is no use, nor more than there is', () => {
    const chain = scene();
    chain.expectNoop(as(8), pay(1n), errors.NothingDue);
    ok(chain, OWNER, set(FEE + 5_000n));
    chain.expectNoop(as(8), pay(1n), errors.NothingDue);
    ok(chain, 7, fund(FEE + 4_999n));
    chain.expectNoop(as(8), pay(1n), errors.NothingDue);
    ok(chain, 7, fund(1n));
    chain.expectNoop(as(8), pay(0n), errors.NotUsed);
    chain.expectNoop(as(8), pay(77n), errors.NotUsed);
    chain.expectNoop(as(8), calls.payUse({ portfolio: 9n, model: 1n }), errors.UnknownPortfolio);
    ok(chain, 8, pay(1n));
    expect(bonusOf(chain).pot).to.equal(0n);
  });

  it('is the owner’s to say, and what is in the pot is nobody’s to take', () => {
    const chain = scene();
    chain.expectNoop(as(2), set(FEE + 1n), 'Ownership.NotAllowed');
    chain.expectNoop(as(OWNER), set(FEE), errors.BonusTooSmall);
    chain.expectNoop(as(7), fund(0n), errors.NothingDue);
    chain.expectNoop(as(7), calls.fundBonus({ portfolio: 9n, amount: 1n }), errors.UnknownPortfolio);
    ok(chain, OWNER, set(FEE + 1n));
    ok(chain, 7, fund(50_000n));
    ok(chain, OWNER, set(0n));
    chain.expectNoop(as(8), pay(1n), errors.NothingDue);
    expect(bonusOf(chain)).to.deep.equal({ perUse: 0n, pot: 50_000n });
    expect([...curation.use(fresh().ctx).store.bonuses.entries()]).to.deep.equal([]);
    expect(registry.use(chain.ctx).store.portfolios.has(PORTFOLIO)).to.equal(true);
  });
});
