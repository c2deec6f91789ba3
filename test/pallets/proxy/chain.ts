/** A chain with accounts that are proxies of each other. */
import { expect } from 'chai';
import { balances, checkIssuance, holdings } from '../../../pallets/balances/index.ts';
import { type ProxyType, proxyPallet } from '../../../pallets/proxy/index.ts';
import { licensing } from '../../../pallets/licensing/index.ts';
import { ownership } from '../../../pallets/ownership/index.ts';
import { parameters } from '../../../pallets/parameters/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import {
  checkPallets,
  compose,
  type MockRuntime,
  type MultiAddress,
  mockRuntime,
  Origin,
  type RuntimeCall,
  remembered,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { utilityPallet } from '../../../pallets/utility/index.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { lazy, type Ty } from '../../../primitives/scale/index.ts';

const callTy = lazy((): Ty<RuntimeCall> => composed.callTy);
export const utility = utilityPallet(callTy);
export const proxy = proxyPallet(callTy);
const pallets = [system, utility, balances, parameters, ownership, licensing, registry, proxy];
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

export interface ProxyChain extends MockRuntime {
  /** Dispatches as an account; the outcome must be `ok`. */
  ok(account: Uint8Array, call: RuntimeCall): void;
  /** How the last call that a proxy made ended. */
  executed(): string;
}

const invariants = [remembered(checkIssuance), checkPallets(pallets, holdings)];

export function openChain(): ProxyChain {
  const funded = { balances: { accounts: accounts.map((account) => [account, MONEY] as const) } };
  const chain = mockRuntime(pallets, funded, { invariants });
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
