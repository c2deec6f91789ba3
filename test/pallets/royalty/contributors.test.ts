import { expect } from 'chai';
import { ownership, ROLE } from '../../../pallets/ownership/index.ts';
import { poolOf, royalty } from '../../../pallets/royalty/index.ts';
import { addAsset, assetsChain, by, distribute, done, model, pay, set, who } from '../../support/assets.ts';

const { errors } = royalty;

describe('pallets/royalty contributors of a model', () => {
  const setShare = (bps: number) => royalty.call.setContributorsShare({ model: 0n, bps });

  it('get more at once and less with notice', () => {
    const chain = assetsChain();
    set(chain, 'ContributorsNotice', 10n);
    addAsset(chain, model(0), 'owner');
    const got = (): bigint => {
      const before = poolOf(chain.ctx, 0n);
      pay(chain, model(0), 100_000n);
      distribute(chain, model(0));
      return poolOf(chain.ctx, 0n) - before;
    };
    expect(got()).to.equal(0n);
    done(chain, 'owner', setShare(5_000));
    expect(got()).to.equal(50_000n);
    done(chain, 'owner', setShare(1_000));
    expect(got()).to.equal(50_000n);
    chain.runToBlock(10);
    expect(got()).to.equal(50_000n);
    chain.runToBlock(11);
    expect(got()).to.equal(10_000n);
  });

  it('an announcement is replaced with a notice of its own, and dropped by a rise', () => {
    const chain = assetsChain();
    set(chain, 'ContributorsNotice', 10n);
    addAsset(chain, model(0), 'owner');
    const terms = () => royalty.use(chain.ctx).store.contributors.get(0n);
    done(chain, 'owner', setShare(5_000));
    done(chain, 'owner', setShare(1_000));
    chain.runToBlock(5);
    done(chain, 'owner', setShare(2_000));
    expect(terms()).to.deep.equal({ bps: 5_000, lower: { bps: 2_000, from: 15 } });
    done(chain, 'owner', setShare(6_000));
    expect(terms()).to.deep.equal({ bps: 6_000, lower: undefined });
    done(chain, 'owner', setShare(0));
    chain.runToBlock(15);
    // What has come true counts as what holds now.
    done(chain, 'owner', setShare(500));
    expect(terms()).to.deep.equal({ bps: 500, lower: undefined });
  });

  it('are the business of the owner and whom it lets decide over money', () => {
    const chain = assetsChain();
    addAsset(chain, model(0), 'owner');
    chain.expectNoop(by('other'), setShare(1), ownership.errors.NotAllowed);
    chain.expectNoop(by('owner'), setShare(10_001), errors.BadShare);
    const delegate = { tag: 'Id' as const, value: who('other') };
    done(chain, 'owner', ownership.call.setDelegate({ asset: model(0), delegate, roles: ROLE.money }));
    done(chain, 'other', setShare(10_000));
    chain.expectNoop(
      by('other'),
      royalty.call.setContributorsShare({ model: 5n, bps: 1 }),
      ownership.errors.UnknownAsset,
    );
  });
});
