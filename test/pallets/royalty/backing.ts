/** Data and those who put money behind them, on a chain whose issuance is large enough to be counted by the block. */
import { freeOf } from '../../../pallets/balances/index.ts';
import { royalty } from '../../../pallets/royalty/index.ts';
import type { MockRuntime } from '../../../pallets/support/index.ts';
import { addAsset, assetsChain, data, earned, FUNDS, set, who } from '../../support/assets.ts';

export const TAC = 1_000_000n;
export const PERIOD = 10;
/** What all backing shares in a block, where there is enough of it that the yield allows so much. */
export const PER_BLOCK = 500_000n;
/** So much backing that it does. */
export const MUCH = 10n ** 14n;
export const DELAY = 43_200;
/** Parts of a unit. */
export const ONE = 1n << 96n;

/** Half of what a period may issue is for backing, half of that for the backers. Data 0 to 4 are there. */
export function backingChain(accounts: readonly string[] = [], isChecked = true): MockRuntime {
  const chain = assetsChain(accounts, isChecked);
  set(chain, 'IssuancePeriod', BigInt(PERIOD));
  set(chain, 'IssuancePerPeriod', 2n * PER_BLOCK * BigInt(PERIOD));
  set(chain, 'IssuanceHalving', 1_000_000n);
  set(chain, 'DistributeLeast', 1n);
  set(chain, 'BaseShare', 5_000n);
  set(chain, 'BaseYield', 5_000n);
  set(chain, 'BackingDelay', BigInt(DELAY));
  for (let id = 0; id < 5; id++) addAsset(chain, data(id), `artist ${id}`);
  return chain;
}

export const back = (id: number, amount: bigint) => royalty.call.backData({ data: BigInt(id), amount });
export const withdraw = (id: number, amount: bigint) => royalty.call.withdrawBacking({ data: BigInt(id), amount });
export const release = (id: number) => royalty.call.releaseBacking({ data: BigInt(id) });
export const claim = (id: number) => royalty.call.claimBase({ data: BigInt(id) });
export const burnOf = (id: number) => royalty.call.burnBacking({ data: BigInt(id) });

export const issuance = (chain: MockRuntime) => royalty.use(chain.ctx).store.issuance.get();
export const backingOf = (chain: MockRuntime, id: number) => royalty.use(chain.ctx).store.backings.get(BigInt(id));
export const backerOf = (chain: MockRuntime, id: number, name: string) =>
  royalty.use(chain.ctx).store.backers.get(BigInt(id), who(name));
export const promised = (chain: MockRuntime): bigint => {
  const { units, part } = issuance(chain).backing.promised;
  return units * ONE + part;
};

/** What an account has more than in the beginning, with what it has behind data. */
export function gain(chain: MockRuntime, name: string): bigint {
  const { store } = royalty.use(chain.ctx);
  let own = freeOf(chain.ctx, who(name)) - FUNDS;
  for (let id = 0; id < 5; id++) {
    const { active, leaving } = store.backers.get(BigInt(id), who(name)) ?? { active: 0n, leaving: 0n };
    own += active + leaving;
  }
  return own;
}
export const earnedBy = (chain: MockRuntime, ...ids: readonly number[]): bigint =>
  ids.reduce((sum, id) => sum + earned(chain, data(id)), 0n);

/** So many blocks in which nothing is called, without making each of them. */
export function leap(chain: MockRuntime, blocks: number): void {
  const header = chain.ctx.header as { number: number };
  header.number += blocks - 1;
  chain.runToBlock(header.number + 1);
}
export const pass = (chain: MockRuntime, blocks = 1): void => chain.runToBlock(chain.ctx.block + blocks);
