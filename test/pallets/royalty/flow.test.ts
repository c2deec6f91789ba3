import { expect } from 'chai';
import { freeOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { EARNINGS } from '../../../pallets/ownership/index.ts';
import { ESCROW, poolOf, royalty } from '../../../pallets/royalty/index.ts';
import { Origin, TREASURY } from '../../../pallets/support/index.ts';
import { vouchers, VOUCHERS_ESCROW } from '../../../pallets/vouchers/index.ts';
import { genesisHash } from '../../../pallets/system/index.ts';
import { voucherBytes } from '../../../primitives/vouchers.ts';
import {
  addAsset,
  addPortfolio,
  assetsChain,
  data,
  distribute,
  done,
  earned,
  model,
  owedTo,
  portfolio,
  set,
  who,
} from '../../support/assets.ts';
import { idOfTerms, openTerms, storeTerms } from '../../support/terms.ts';
import { account, sign } from '../vouchers/support.ts';

describe('pallets/royalty: from a use to everyone whose work it was', () => {
  it('a voucher pays owner, ancestors, curators, data and contributors; the burned part brings data its bonus; everything adds up', () => {
    const chain = assetsChain(['user']);
    set(chain, 'IssuancePeriod', 10n);
    const issued = totalIssuance(chain.ctx);
    for (const id of [0, 1]) addAsset(chain, data(id), `artist ${id}`);
    addPortfolio(
      chain,
      0,
      [
        [0, 3n],
        [1, 1n],
      ],
      [['curator', 1n]],
      2_000,
    );
    addAsset(chain, model(0), 'base', [{ parent: portfolio(0), bps: 5_000 }]);
    addAsset(chain, model(1), 'owner', [{ parent: model(0), bps: 4_000 }]);
    done(chain, 'owner', royalty.call.setContributorsShare({ model: 1n, bps: 2_500 }));
    const terms = openTerms('MIT', { price: { tag: 'PerUse', value: { amount: 10_000n } } });
    done(chain, 'owner', storeTerms(terms));
    done(
      chain,
      'owner',
      licensing.call.offer({ asset: model(1), terms: idOfTerms(terms), buyer: undefined, until: undefined }),
    );
    done(chain, 'user', licensing.call.buy({ asset: model(1), offer: 0n, most: 0n }));
    const opening = { grant: 0n, gateway: who('gateway'), signer: account('hot'), deposit: 2_000_000n, until: 20_000 };
    done(chain, 'user', vouchers.call.open(opening));
    const text = { channel: 0n, uses: 100n, amount: 1_000_000n };
    const signature = sign('hot', voucherBytes({ genesis: genesisHash(chain.ctx), ...text }));
    done(chain, 'other', vouchers.call.settle({ ...text, signature }));
    // Of a million 1 % is burned and 1 % the treasury's.
    expect([earned(chain, model(1)), freeOf(chain.ctx, TREASURY)]).to.deep.equal([980_000n, 10_000n]);
    for (const asset of [model(1), model(0), portfolio(0), data(0), data(1)]) distribute(chain, asset);
    expect(poolOf(chain.ctx, 1n)).to.equal(147_000n);
    const owed = ['owner', 'base', 'curator', 'artist 0', 'artist 1'].map((name) => owedTo(chain, name));
    expect(owed).to.deep.equal([441_000n, 196_000n, 39_200n, 117_600n, 39_200n]);
    expect(owed.reduce((sum, each) => sum + each, 147_000n)).to.equal(980_000n);
    chain.runToBlock(10);
    for (const id of [0, 1]) done(chain, 'other', royalty.call.claimBonus({ data: BigInt(id) }));
    // 10,000 were burned: a fifth of it less a fifth for curators reached data, 3:1; nine tenths of that are the bonus.
    expect([earned(chain, data(0)), earned(chain, data(1))]).to.deep.equal([1_080n, 360n]);
    expect(totalIssuance(chain.ctx)).to.equal(issued - 10_000n + 1_440n);
    expect(freeOf(chain.ctx, EARNINGS) + freeOf(chain.ctx, ESCROW)).to.equal(980_000n + 1_440n);
    expect(freeOf(chain.ctx, VOUCHERS_ESCROW)).to.equal(1_000_000n);
    expect(chain.dispatch(Origin.signed(who('gateway')), vouchers.call.end({ channel: 0n }))).to.equal('ok');
  });
});
