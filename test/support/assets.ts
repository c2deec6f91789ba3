/** Assets with any lineage on a state in memory: links and portfolios are put as the registry keeps them, whatever its own calls would ask for. */
import { balances, burn, checkIssuance, holdings } from '../../pallets/balances/index.ts';
import { committee } from '../../pallets/committee/index.ts';
import { licensing } from '../../pallets/licensing/index.ts';
import { notes } from '../../pallets/notes/index.ts';
import { type Asset, createAsset, earn, ownership } from '../../pallets/ownership/index.ts';
import { parameters, type ParameterName } from '../../pallets/parameters/index.ts';
import { ENTRY_DEPOSIT, PORTFOLIO_DEPOSIT, registry } from '../../pallets/registry/index.ts';
import { royalty } from '../../pallets/royalty/index.ts';
import { session } from '../../pallets/session/index.ts';
import { checkPallets, type MockRuntime, mockRuntime, Origin, remembered } from '../../pallets/support/index.ts';
import { system } from '../../pallets/system/index.ts';
import { tally } from '../../pallets/tally/index.ts';
import { vouchers } from '../../pallets/vouchers/index.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';

export const FUNDS = 10n ** 15n;
export const who = (name: string | number): Uint8Array => hash32Of('test/account', name);
export const by = (name: string | number): Origin => Origin.signed(who(name));

/** Whoever pays in these tests. */
export const PAYER = 'payer';

export const data = (value: number | bigint): Asset => ({ tag: 'Data', value: BigInt(value) });
export const model = (value: number | bigint): Asset => ({ tag: 'Model', value: BigInt(value) });
export const portfolio = (value: number | bigint): Asset => ({ tag: 'Portfolio', value: BigInt(value) });

const pallets = [
  system,
  balances,
  session,
  committee,
  tally,
  parameters,
  ownership,
  licensing,
  registry,
  royalty,
  vouchers,
  notes,
];
const invariants = [
  remembered(checkIssuance),
  // The registry knows more of its works than these tests tell it.
  checkPallets(
    pallets.filter(({ name }) => name !== 'Registry'),
    holdings,
  ),
];

/** @param isChecked whether money and state are checked after every call */
export function assetsChain(accounts: readonly (string | number)[] = [], isChecked = true): MockRuntime {
  const funded = [PAYER, 'owner', 'other', ...accounts].map((name) => [who(name), FUNDS] as const);
  const genesis = { system: { specName: 'test', specVersion: 1 }, balances: { accounts: funded } };
  return mockRuntime(pallets, genesis, { invariants: isChecked ? invariants : [] });
}

/** Checks money and state now. */
export function checkAll({ ctx }: MockRuntime): void {
  for (const invariant of invariants) invariant(ctx);
}

export interface LinkPlan {
  readonly parent: Asset;
  readonly bps: number;
  readonly ceiling?: bigint | undefined;
}

/** An asset with an owner; a model with its parents. */
export function addAsset(
  chain: MockRuntime,
  asset: Asset,
  owner: string | number,
  links: readonly LinkPlan[] = [],
): void {
  createAsset(chain.ctx, asset, who(owner), 0n);
  if (links.length > 0) addLinks(chain, asset, links);
}

/** Further parents of a model. */
export function addLinks(chain: MockRuntime, asset: Asset, links: readonly LinkPlan[]): void {
  const { store } = registry.use(chain.ctx);
  const added = links.map(({ parent, bps, ceiling }) => {
    const relation = { tag: parent.tag === 'Model' ? ('FinetunedFrom' as const) : ('TrainedOn' as const) };
    return { parent, relation, shareBps: bps, ceiling, version: 0, block: chain.ctx.block };
  });
  store.links.put(asset.value, [...store.links.get(asset.value), ...added]);
}

/** A portfolio of data that exist. */
export function addPortfolio(
  chain: MockRuntime,
  id: number,
  items: readonly (readonly [data: number, weight: bigint])[],
  curators: readonly (readonly [name: string | number, weight: bigint])[] = [],
  curatorsBps = 0,
): void {
  const entries = BigInt(items.length + curators.length);
  createAsset(chain.ctx, portfolio(id), who('owner'), PORTFOLIO_DEPOSIT + ENTRY_DEPOSIT * entries);
  registry.use(chain.ctx).store.portfolios.put(BigInt(id), {
    items: items.map(([data, weight]) => ({ data: BigInt(data), weight })),
    criteria: { digest: who('criteria'), text: '' },
    curators: curators.map(([name, weight]) => ({ account: who(name), weight })),
    curatorsBps,
    block: 1,
  });
}

/** Dispatches a signed call that has to succeed. */
export function done(chain: MockRuntime, name: string | number, call: Parameters<MockRuntime['dispatch']>[1]): void {
  const outcome = chain.dispatch(by(name), call);
  if (outcome !== 'ok') throw new Error(`${call.tag}.${call.value.tag} by ${name}: ${outcome}`);
}

export const pay = (chain: MockRuntime, asset: Asset, amount: bigint): void =>
  done(chain, PAYER, royalty.call.pay({ asset, amount }));
export const distribute = (chain: MockRuntime, asset: Asset): void =>
  done(chain, PAYER, royalty.call.distribute({ asset }));

/** A payment for use that burns a part of the price, as licences do. */
export function use(
  chain: MockRuntime,
  asset: Asset,
  amount: bigint,
  burned: bigint,
  name: string | number = PAYER,
): void {
  burn(chain.ctx, who(name), burned, 'keepAlive');
  earn(chain.ctx, asset, who(name), amount, burned);
}

export const owedTo = (chain: MockRuntime, name: string | number): bigint =>
  royalty.use(chain.ctx).store.owed.get(who(name));
export const earned = (chain: MockRuntime, asset: Asset): bigint =>
  ownership.use(chain.ctx).store.earnings.get(asset).amount;
export const streamOf = (chain: MockRuntime, asset: Asset) => royalty.use(chain.ctx).store.streams.get(asset);

export function set(chain: MockRuntime, name: ParameterName, value: bigint): void {
  const outcome = chain.dispatch(Origin.root, parameters.call.setParameter({ name: { tag: name }, value }));
  if (outcome !== 'ok') throw new Error(`${name}: ${outcome}`);
}
