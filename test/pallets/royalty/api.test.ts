import { expect } from 'chai';
import { revokeAsset } from '../../../pallets/ownership/index.ts';
import { poolOf, royalty } from '../../../pallets/royalty/index.ts';
import { type MockRuntime, TREASURY } from '../../../pallets/support/index.ts';
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
  pay,
  portfolio,
  use,
  who,
} from '../../support/assets.ts';

describe('pallets/royalty RoyaltyApi', () => {
  const methods = royalty.apis.RoyaltyApi?.methods;
  const ask = (chain: MockRuntime, method: string, inputs: Record<string, unknown> = {}) =>
    methods?.[method]?.run(chain.ctx, inputs);

  it('tells beforehand who gets what, to the unit, and changes nothing', () => {
    const chain = assetsChain();
    for (const id of [0, 1]) addAsset(chain, data(id), `artist ${id}`);
    addPortfolio(
      chain,
      0,
      [
        [0, 1n],
        [1, 2n],
      ],
      [['ana', 1n]],
      3_000,
    );
    addAsset(chain, model(0), 'owner', [
      { parent: portfolio(0), bps: 3_333 },
      { parent: data(1), bps: 10, ceiling: 20n },
    ]);
    done(chain, 'owner', royalty.call.setContributorsShare({ model: 0n, bps: 1_234 }));
    const asset = (value: ReturnType<typeof data>, amount: bigint) => ({ to: { tag: 'Asset', value }, amount });
    const person = (name: string, amount: bigint) => ({ to: { tag: 'Account', value: who(name) }, amount });
    for (const amount of [77_777n, 33_333n]) {
      const told = ask(chain, 'preview', { asset: model(0), amount });
      const before = [portfolio(0), data(1)].map((one) => earned(chain, one));
      const [pool, owner] = [poolOf(chain.ctx, 0n), owedTo(chain, 'owner')];
      pay(chain, model(0), amount);
      distribute(chain, model(0));
      const passed = [portfolio(0), data(1)].map((one, i) => asset(one, earned(chain, one) - (before[i] ?? 0n)));
      expect(told).to.deep.equal([
        ...passed.filter(({ amount }) => amount > 0n),
        { to: { tag: 'Pool', value: 0n }, amount: poolOf(chain.ctx, 0n) - pool },
        person('owner', owedTo(chain, 'owner') - owner),
      ]);
    }
    expect(ask(chain, 'preview', { asset: portfolio(0), amount: 1_000n })).to.deep.equal([
      asset(data(0), 233n),
      asset(data(1), 466n),
      person('ana', 300n),
    ]);
    expect(ask(chain, 'preview', { asset: model(7), amount: 1n })).to.equal(undefined);
    revokeAsset(chain.ctx, model(0));
    expect(ask(chain, 'preview', { asset: model(0), amount: 10_000n })).to.deep.equal([
      asset(portfolio(0), 3_333n),
      { to: { tag: 'Account', value: TREASURY }, amount: 6_667n },
    ]);
  });

  it('tells what is owed, what a stream has carried, and where the issuance and a bonus stand', () => {
    const chain = assetsChain();
    addAsset(chain, data(0), 'artist');
    use(chain, data(0), 20_000n, 1_000n);
    distribute(chain, data(0));
    pay(chain, data(0), 5n);
    expect(ask(chain, 'owed', { account: who('artist') })).to.equal(20_000n);
    expect(ask(chain, 'stream', { asset: data(0) })).to.deep.include({ earned: 5n, contributors: 0 });
    expect(ask(chain, 'issuance')).to.deep.include({ ends: 43_200, pot: 900n });
    expect(ask(chain, 'bonus', { data: 0n })).to.deep.equal({ use: { period: 0, burned: 1_000n }, bonus: undefined });
    expect(ask(chain, 'bonus', { data: 1n })).to.deep.equal({ use: undefined, bonus: undefined });
    expect(ask(chain, 'schedule', { model: 0n })).to.deep.equal({ schedule: undefined, queue: [] });
    expect(ask(chain, 'pool', { model: 0n })).to.equal(0n);
    expect(ask(chain, 'round', { round: 1 })).to.equal(undefined);
  });
});
