/** What a portfolio that is named costs: its items stand in the state, so that a call pays for as many as may be. */
import { expect } from 'chai';
import { costOf } from '../../../bench/weights/measure.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { MAX_ITEMS, mintPortfolio, registry } from '../../../pallets/registry/index.ts';
import { ITEM } from '../../../pallets/registry/weigh.ts';
import { DB_READ, weightHelpers } from '../../../pallets/support/index.ts';
import { asset, named, newData, newModel, parentOf } from '../../support/registry.ts';
import { idOfTerms, openTerms, storeTerms } from '../../support/terms.ts';
import { ALICE, as, BOB, fresh, ok, who } from './support.ts';

const terms = idOfTerms(openTerms('Apache-2.0'));
const naming = newModel(named('m'), { terms, parents: [parentOf('Portfolio', 0n, 'TrainedOn')] });

function readsWith(items: number): number {
  const chain = fresh();
  ok(chain, ALICE, storeTerms(openTerms('Apache-2.0')));
  for (let n = 0; n < items; n++) ok(chain, ALICE, newData(`${n}`, { collective: true }));
  mintPortfolio(chain.ctx, who(ALICE), {
    items: Array.from({ length: items }, (_, n) => ({ data: BigInt(n), weight: 1n })),
    criteria: { digest: named('c'), text: '' },
    curators: [],
    curatorsBps: 0,
  });
  ok(chain, ALICE, licensing.call.setTerms({ asset: asset('Portfolio', 0n), terms }));
  const { composition, ctx } = chain;
  return costOf({ composition, ctx, origin: as(BOB), call: naming }, 0).reads;
}

describe('pallets/registry: weight of items', () => {
  it('each item of a portfolio reads as many keys as is paid for', () => {
    expect(readsWith(20) - readsWith(10)).to.equal(10 * ITEM.each.reads);
  });

  it('a call pays for all the items that each portfolio it names may have', () => {
    const { measured } = weightHelpers(() => 0n);
    const weightOf = (parents: ReturnType<typeof parentOf>[]): bigint => {
      const call = registry.calls.get('registerModel');
      const { value } = newModel(named('m'), { terms, parents });
      return call?.weight({ measured, of: () => 0n }, value.value) ?? 0n;
    };
    const portfolio = (id: bigint) => parentOf('Portfolio', id, 'TrainedOn');
    const one = weightOf([portfolio(0n)]) - weightOf([parentOf('Data', 0n, 'TrainedOn')]);
    expect(one >= BigInt(MAX_ITEMS * ITEM.each.reads) * DB_READ).to.equal(true);
    const two = weightOf([portfolio(0n), portfolio(1n)]) - weightOf([portfolio(0n), parentOf('Data', 0n, 'TrainedOn')]);
    expect(two).to.equal(one);
  });
});
