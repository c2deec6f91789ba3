/** What accounts show of themselves to rounds: data that they own, portfolios, claims of attesters. */
import { type ClaimKind, mintPortfolio, registry } from '../../pallets/registry/index.ts';
import { Origin } from '../../pallets/support/index.ts';
import { account, call, type TestChain } from './pallet-chain.ts';
import { named, newData } from './registry.ts';

export const EVERY_KIND = 31;
/** Later than any test. */
export const FOREVER = 1_000_000;

/** Registers data of `who`. @returns its number */
export function ownData(test: TestChain, who: string, content = `of ${who}`): bigint {
  const id = registry.use(test.chain.ctx).store.nextData.get();
  call(test, who, newData(content));
  return id;
}

/** A portfolio of these data with their weights. @returns its number */
export function curated(test: TestChain, items: readonly (readonly [data: bigint, weight: bigint])[]): bigint {
  return mintPortfolio(test.chain.ctx, account('owner'), {
    items: items.map(([data, weight]) => ({ data, weight })),
    criteria: { digest: named('criteria'), text: '' },
    curators: [],
    curatorsBps: 0,
  });
}

/** Makes `who` an attester that is admitted for every kind. */
export function admitted(test: TestChain, who: string, until = FOREVER): void {
  call(test, who, registry.call.registerAttester({ name: who, kinds: EVERY_KIND }));
  const to = { tag: 'Id' as const, value: account(who) };
  const outcome = test.chain.dispatch(Origin.root, registry.call.admitAttester({ who: to, kinds: EVERY_KIND, until }));
  if (outcome !== 'ok') throw new Error(`the admission of ${who}: ${outcome}`);
}

/** An attester's claim about data. @param digest of its report, or what it calls a holder @returns its number */
export function vouched(
  test: TestChain,
  by: string,
  data: bigint,
  kind: ClaimKind['tag'],
  { until = FOREVER, digest = named('report') } = {},
): bigint {
  const id = registry.use(test.chain.ctx).store.nextClaim.get();
  const claim = { asset: { tag: 'Data' as const, value: data }, kind: { tag: kind }, digest, until };
  call(test, by, registry.call.makeClaim(claim));
  return id;
}
