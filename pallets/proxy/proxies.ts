/** The proxies of accounts, and the deposits for them. */
import { compareBytes, sameBytes, utf8 } from '../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { struct, fixed, u16, u32 } from '../../primitives/scale/index.ts';
import { reserve, unreserve } from '../balances/index.ts';
import { accountId, blockNumber, type Context, ensure, fail } from '../support/index.ts';
import { dropAnnouncements } from './announcements.ts';
import { proxyType, type ProxyType } from './kinds.ts';
import { PROXY_DEPOSIT_BASE, PROXY_DEPOSIT_FACTOR, type Proxy } from './state.ts';
import { MAX_PROXIES, type ProxyDefinition } from './types.ts';

/** What is reserved for so many proxies. */
function depositFor(count: number): bigint {
  return count === 0 ? 0n : PROXY_DEPOSIT_BASE + PROXY_DEPOSIT_FACTOR * BigInt(count);
}

const numberOf = ({ tag }: ProxyType): number => proxyType.codec.enc({ tag })[0] as number;

function order(a: ProxyDefinition, b: ProxyDefinition): number {
  return compareBytes(a.delegate, b.delegate) || numberOf(a.proxyType) - numberOf(b.proxyType) || a.delay - b.delay;
}

/**
 * Puts the proxies of an account, and makes what is reserved fit. Of an account without a key the spawner has put up a part, which goes back to the spawner when
 * the last proxy is gone; the rest is the account's own.
 */
function keep({ ctx, store }: Proxy, who: Uint8Array, proxies: ProxyDefinition[]): void {
  const [, before] = store.proxies.get(who);
  const spawned = store.pureDeposits.get(who);
  const others = spawned?.amount ?? 0n;
  const wanted = depositFor(proxies.length) - others;
  const own = proxies.length === 0 || wanted < 0n ? 0n : wanted;
  const difference = own - (before - others);
  if (difference > 0n) reserve(ctx, who, difference);
  else unreserve(ctx, who, -difference);
  if (proxies.length > 0) {
    store.proxies.put(who, [proxies, own + others]);
    return;
  }
  store.proxies.remove(who);
  if (spawned === undefined) return;
  unreserve(ctx, spawned.spawner, spawned.amount);
  store.pureDeposits.remove(who);
}

/** Adds a proxy of `real`. Fails with NoSelfProxy, Duplicate, TooMany, or for want of money. */
export function addProxy(pallet: Proxy, real: Uint8Array, added: ProxyDefinition): void {
  const { store, events, errors } = pallet;
  ensure(!sameBytes(real, added.delegate), errors.NoSelfProxy);
  const [proxies] = store.proxies.get(real);
  ensure(!proxies.some((each) => order(each, added) === 0), errors.Duplicate);
  ensure(proxies.length < MAX_PROXIES, errors.TooMany);
  keep(pallet, real, [...proxies, added].toSorted(order));
  events.ProxyAdded(told(real, added));
}

/** Takes a proxy away, with all that its delegate has announced for the account: nothing announced outlives a right. */
export function removeProxy(pallet: Proxy, real: Uint8Array, removed: ProxyDefinition): void {
  const { store, events, errors } = pallet;
  const [proxies] = store.proxies.get(real);
  const rest = proxies.filter((each) => order(each, removed) !== 0);
  ensure(rest.length < proxies.length, errors.NotFound);
  dropAnnouncements(pallet, removed.delegate, real);
  keep(pallet, real, rest);
  events.ProxyRemoved(told(real, removed));
}

export function removeProxies(pallet: Proxy, real: Uint8Array): void {
  const [proxies] = pallet.store.proxies.get(real);
  for (const { delegate } of proxies) dropAnnouncements(pallet, delegate, real);
  keep(pallet, real, []);
}

function told(delegator: Uint8Array, { delegate, proxyType: type, delay }: ProxyDefinition) {
  return { delegator, delegatee: delegate, proxyType: type, delay };
}

/** The first proxy of `real` that `delegate` is, of any type or of one. Fails with NotProxy. */
export function findProxy(
  { store, errors }: Proxy,
  real: Uint8Array,
  delegate: Uint8Array,
  type?: ProxyType,
): ProxyDefinition {
  const [proxies] = store.proxies.get(real);
  const isMeant = (each: ProxyDefinition): boolean => type === undefined || each.proxyType.tag === type.tag;
  return proxies.find((each) => sameBytes(each.delegate, delegate) && isMeant(each)) ?? fail(errors.NotProxy);
}

/** When and how an account without a key was made. */
export interface Birth {
  readonly spawner: Uint8Array;
  readonly proxyType: ProxyType;
  readonly index: number;
  readonly height: number;
  readonly extIndex: number;
}
const entropy = struct('', {
  label: fixed(16),
  spawner: accountId,
  height: blockNumber,
  extIndex: u32,
  proxyType,
  index: u16,
});
const LABEL = utf8('modlpy/proxy____');

/** The account without a key, as pallet-proxy of polkadot-sdk derives it. */
export function pureAccount(birth: Birth): Uint8Array {
  return blake2b256(entropy.codec.enc({ label: LABEL, ...birth }));
}

function extrinsicIndex({ phase }: Context): number {
  return phase.tag === 'ApplyExtrinsic' ? phase.value : 0;
}

/** Makes an account without a key, whose proxy is its spawner. Fails with Duplicate, or for want of money. */
export function createPure(
  pallet: Proxy,
  spawner: Uint8Array,
  { proxyType: type, delay, index }: { proxyType: ProxyType; delay: number; index: number },
): void {
  const { ctx, store, events, errors } = pallet;
  const born = { spawner, proxyType: type, index, height: ctx.block, extIndex: extrinsicIndex(ctx) };
  const pure = pureAccount(born);
  ensure(!store.proxies.has(pure), errors.Duplicate);
  const amount = depositFor(1);
  reserve(ctx, spawner, amount);
  store.pureDeposits.put(pure, { spawner, amount });
  store.proxies.put(pure, [[{ delegate: spawner, proxyType: type, delay }], amount]);
  events.PureCreated({ pure, who: spawner, proxyType: type, disambiguationIndex: index });
}

/** Ends an account without a key: nobody can act for it afterwards. Fails with NoPermission unless `who` is the one that was born so. */
export function killPure(pallet: Proxy, who: Uint8Array, birth: Birth): void {
  ensure(sameBytes(pureAccount(birth), who), pallet.errors.NoPermission);
  removeProxies(pallet, who);
}
