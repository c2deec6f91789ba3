/** What a distribution costs follows the kind of the asset; the worst of each kind is within its weight. */
import { expect } from 'chai';
import { costOf } from '../../bench/weights/measure.ts';
import { withBacking } from '../../bench/weights/scenarios/royalty.ts';
import { ownership } from '../../pallets/ownership/index.ts';
import { MAX_SHARES } from '../../pallets/ownership/types.ts';
import { royalty } from '../../pallets/royalty/index.ts';
import { MAX_CURATORS, MAX_ITEMS_OF_PORTFOLIO, MAX_LINKS } from '../../pallets/royalty/streams/types.ts';
import { type Asset } from '../../pallets/ownership/index.ts';
import { DB_READ, DB_WRITE, type MockRuntime, Origin } from '../../pallets/support/index.ts';
import {
  addAsset,
  addPortfolio,
  assetsChain,
  data,
  distribute,
  done,
  model,
  pay,
  PAYER,
  portfolio,
  use,
  who,
} from '../support/assets.ts';
import { acceptShare } from '../support/ownership.ts';

/** The asset is shared among as many as may be. */
function share(chain: MockRuntime, asset: Asset): void {
  for (let i = 1; i < MAX_SHARES; i++) {
    const to = { tag: 'Id' as const, value: who(`friend ${i}`) };
    done(chain, 'owner', ownership.call.giveShare({ asset, to, bps: 100 }));
    done(chain, `friend ${i}`, acceptShare(asset, who('owner'), 100));
  }
}

describe('bench/weights of distributions', () => {
  const worst: Record<Asset['tag'], (chain: MockRuntime) => Asset> = {
    Model(chain) {
      for (let id = 0; id < MAX_LINKS; id++) addAsset(chain, data(id), 'other');
      const links = Array.from({ length: MAX_LINKS }, (_, id) => ({ parent: data(id), bps: 50 }));
      addAsset(chain, model(0), 'owner', links);
      share(chain, model(0));
      done(chain, 'owner', royalty.call.setContributorsShare({ model: 0n, bps: 100 }));
      pay(chain, model(0), 10_000_000n);
      distribute(chain, model(0));
      use(chain, model(0), 10_000_000n, 10_000n);
      return model(0);
    },
    Data(chain) {
      addAsset(chain, data(0), 'owner');
      share(chain, data(0));
      withBacking(chain, () => {
        use(chain, data(0), 1_000_000n, 100_000n);
        distribute(chain, data(0));
      });
      use(chain, data(0), 1_000_000n, 100_000n);
      return data(0);
    },
    Portfolio(chain) {
      for (let id = 0; id < MAX_ITEMS_OF_PORTFOLIO; id++) addAsset(chain, data(id), 'other');
      const items = Array.from({ length: MAX_ITEMS_OF_PORTFOLIO }, (_, id) => [id, BigInt(id + 1)] as const);
      const curators = Array.from({ length: MAX_CURATORS }, (_, id) => [id, 1n] as const);
      addPortfolio(chain, 0, items, curators, 5_000);
      pay(chain, portfolio(0), 1_000_000_000n);
      return portfolio(0);
    },
  };

  for (const [kind, prepare] of Object.entries(worst)) {
    it(`${kind} at its worst reads and writes no more keys than its weight counts`, () => {
      const chain = assetsChain([], false);
      const call = royalty.call.distribute({ asset: prepare(chain) });
      const { composition, ctx } = chain;
      const { reads, writes } = costOf({ composition, ctx, origin: Origin.signed(who(PAYER)), call }, 0);
      const { weight } = composition.infoOf(call);
      const keys = BigInt(reads) * DB_READ + BigInt(writes) * DB_WRITE;
      expect(keys > 0n && keys <= weight, `${keys} of ${weight}: ${reads} reads, ${writes} writes`).to.equal(true);
    });
  }
});
