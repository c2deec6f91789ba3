/** A chain with accounts that are proxies of each other. */
import { expect } from 'chai';
import { balances, checkIssuance, reservedOf } from '../../../pallets/balances/index.ts';
import { type ProxyType, proxyPallet } from '../../../pallets/proxy/index.ts';
import { ownership } from '../../../pallets/ownership/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import {
  compose,
  type Context,
  type MockRuntime,
  type MultiAddress,
  mockRuntime,
  Origin,
  type RuntimeCall,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { utilityPallet } from '../../../pallets/utility/index.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { lazy, type Ty } from '../../../primitives/scale/index.ts';

const callTy = lazy((): Ty<RuntimeCall> => composed.callTy);
export const utility = utilityPallet(callTy);
export const proxy = proxyPallet(callTy);
const pallets = [system, utility, balances, parameters, ownership, registry, proxy];
const composed = compose(pallets, 'mock');

export const MONEY = 10_000_000n;
export const who = (n: number): Uint8Array => new Uint8Array(32).fill(n);
export const to = (account: Uint8Array): MultiAddress => ({ tag: 'Id', value: account });
export const [alice, bob, carol, dave] = [who(1), who(2), who(3), who(4)] as [
  Uint8Array,
  Uint8Array,
  Uint8Array,
  Uint8Array,
];
export const accounts = [alice, bob, carol, dave];

/** What deposits an account has put up, by the entries of the pallet. */
export function depositsOf(ctx: Context, account: Uint8Array): bigint {
  const { store } = proxy.use(ctx);
  let sum = store.proxies.get(account)[1] + store.announcements.get(account)[1];
  sum -= store.pureDeposits.get(account)?.amount ?? 0n;
  for (const [, { spawner, amount }] of store.pureDeposits.entries())
    if (toHex(spawner) === toHex(account)) sum += amount;
  return sum;
}

/** Nothing is reserved but for entries that stand, and for each what it costs; every entry is within its bounds. */
export function checkDeposits(ctx: Context): void {
  const { store } = proxy.use(ctx);
  for (const [[account]] of system.use(ctx).store.account.entries())
    expect(reservedOf(ctx, account), toHex(account)).to.equal(depositsOf(ctx, account));
  for (const [, [list, deposit]] of store.proxies.entries()) {
    expect(list.length).to.be.within(1, 32);
    expect(deposit).to.equal(100_000n + 30_000n * BigInt(list.length));
  }
  for (const [, [list, deposit]] of store.announcements.entries()) {
    expect(list.length).to.be.within(1, 32);
    expect(deposit).to.equal(100_000n + 60_000n * BigInt(list.length));
  }
  for (const [[delegate], [list]] of store.announcements.entries()) {
    for (const { real } of list) {
      const [proxies] = store.proxies.get(real);
      const name = `${toHex(delegate)} has announced for ${toHex(real)}, whose proxy it is not`;
      expect(
        proxies.some((each) => toHex(each.delegate) === toHex(delegate)),
        name,
      ).to.equal(true);
    }
  }
  for (const [[pure]] of store.pureDeposits.entries()) expect(store.proxies.has(pure)).to.equal(true);
}

export interface ProxyChain extends MockRuntime {
  /** Dispatches as an account; the outcome must be `ok`. */
  ok(account: Uint8Array, call: RuntimeCall): void;
  /** How the last call that a proxy made ended. */
  executed(): string;
}

/** @param registryToo whether deposits of the registry are reserved as well, so that the pallet's own cannot be told */
export function openChain(registryToo = false): ProxyChain {
  const invariants = registryToo ? [checkIssuance] : [checkIssuance, checkDeposits];
  const funded = { balances: { accounts: accounts.map((account) => [account, MONEY] as const) } };
  const chain = mockRuntime(pallets, funded, { invariants: invariants.map((check) => (ctx: Context) => check(ctx)) });
  return Object.assign(Object.create(chain) as MockRuntime, {
    ok: (account: Uint8Array, call: RuntimeCall) =>
      expect(chain.dispatch(Origin.signed(account), call), `${call.tag}.${call.value.tag}`).to.equal('ok'),
    executed(): string {
      const last = chain.events.findLast(({ name }) => name === 'ProxyExecuted');
      if (last === undefined) return 'nothing';
      const { result } = last.data as { result: { tag: string; value: Parameters<typeof chain.errorName>[0] } };
      return result.tag === 'Ok' ? 'ok' : chain.errorName(result.value);
    },
  });
}

export const kind = (tag: ProxyType['tag'] = 'Any'): ProxyType => ({ tag });
export const by = (real: Uint8Array, call: RuntimeCall, tag?: ProxyType['tag']): RuntimeCall =>
  proxy.call.proxy({ real: to(real), forceProxyType: tag && kind(tag), call });
export const add = (delegate: Uint8Array, tag: ProxyType['tag'] = 'Any', delay = 0): RuntimeCall =>
  proxy.call.addProxy({ delegate: to(delegate), proxyType: kind(tag), delay });
export const remove = (delegate: Uint8Array, tag: ProxyType['tag'] = 'Any', delay = 0): RuntimeCall =>
  proxy.call.removeProxy({ delegate: to(delegate), proxyType: kind(tag), delay });
export const hashOf = (call: RuntimeCall): Uint8Array => blake2b256(composed.callTy.codec.enc(call));
export const announce = (real: Uint8Array, call: RuntimeCall): RuntimeCall =>
  proxy.call.announce({ real: to(real), callHash: hashOf(call) });
export const after = (delegate: Uint8Array, real: Uint8Array, call: RuntimeCall, tag?: ProxyType['tag']): RuntimeCall =>
  proxy.call.proxyAnnounced({ delegate: to(delegate), real: to(real), forceProxyType: tag && kind(tag), call });
export const pay = (account: Uint8Array, value = 5_000n): RuntimeCall =>
  balances.call.transferKeepAlive({ dest: to(account), value });
