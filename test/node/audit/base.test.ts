/** The base of the issuance, as the audit follows it: what is minted is what was told, what is promised is what is due. */
import { expect } from 'chai';
import { audit } from '../../../node/audit/audit.ts';
import { CHECK } from '../../../node/audit/book.ts';
import { VerifyPool } from '../../../node/workers/index.ts';
import { royalty } from '../../../pallets/royalty/index.ts';
import type { Context } from '../../../pallets/support/index.ts';
import { newData } from '../../support/registry.ts';
import { runtimeThat, TestChain } from './chain.ts';

const AMOUNT = 10n ** 11n;

/** Somebody backs data, takes a part of it back, and both are paid; once more while the base is counted on. */
function play(chain: TestChain): void {
  const next = (who: string, call: Parameters<TestChain['call']>[1]): void => {
    chain.call(who, call);
    chain.block();
  };
  chain.block();
  next('anna', newData('a song'));
  next('bo', royalty.call.backData({ data: 0n, amount: AMOUNT }));
  for (let i = 0; i < 4; i++) chain.block();
  next('bo', royalty.call.withdrawBacking({ data: 0n, amount: AMOUNT / 2n }));
  next('bo', royalty.call.claimBase({ data: 0n }));
  chain.block();
  next('anna', royalty.call.claimBase({ data: 0n }));
  chain.finalizeAll();
}

describe('node/audit of the base', function () {
  this.timeout(240_000);
  const verifier = new VerifyPool({ threads: 1 });
  after(() => verifier.close());

  it('finds nothing where data and backers are paid what was promised', async () => {
    const chain = new TestChain({ users: ['anna', 'bo'] });
    play(chain);
    expect(royalty.use(chain.ctx).store.issuance.get().issued > 1_000n).to.equal(true);
    const { checks } = await audit(chain.source(), { spec: chain.spec, verifier });
    expect(checks.filter(({ failure }) => failure)).to.deep.equal([]);
  });

  for (const [what, change] of Object.entries<(ctx: Context) => void>({
    'what is promised of the base is not what is due': (ctx) =>
      royalty.use(ctx).store.issuance.mutate((now) => {
        const promised = { ...now.backing.promised, part: now.backing.promised.part + 1n };
        return { ...now, backing: { ...now.backing, promised } };
      }),
    'backers of data 0 do not add up': (ctx) =>
      royalty
        .use(ctx)
        .store.backings.mutate(0n, (kept) => ({ ...kept!, active: kept!.active - 1n, leaving: kept!.leaving + 1n })),
  })) {
    it(`finds a chain on which ${what}`, async () => {
      // At the head, where the whole state is looked at.
      const runtime = runtimeThat({ Royalty: (ctx) => void (ctx.block === 11 && change(ctx)) });
      const chain = new TestChain({ users: ['anna', 'bo'], runtime });
      play(chain);
      expect(chain.ctx.block).to.be.within(11, 12);
      const { checks } = await audit(chain.source(), { spec: chain.spec, verifier, runtime });
      const found = checks.find(({ id }) => id === CHECK.state)?.failure;
      expect(found?.what).to.contain(what);
    });
  }
});
