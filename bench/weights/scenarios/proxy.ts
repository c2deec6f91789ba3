/** Calls of `Proxy`, with as many proxies and announcements as there may be. */
import { buildLocalSpec, parseChainSpec } from '../../../chain-spec/index.ts';
import { mint } from '../../../pallets/balances/index.ts';
import { proxyPallet, type ProxyType, pureAccount } from '../../../pallets/proxy/index.ts';
import { type Context, type MultiAddress, Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { runtime } from '../../../runtime/index.ts';
import { dev, TestChain } from '../../../test/runtime/chain.ts';
import type { Prepared } from '../measure.ts';
import type { Scenario } from '../scenario.ts';

const spec = parseChainSpec(buildLocalSpec({ validators: 4 }));
const { call } = proxyPallet(runtime.callTy);
const MOST = 32;
/** The longest call that is measured. */
const BYTES = 200_000;
const MONEY = 100_000_000n;
const Any: ProxyType = { tag: 'Any' };
const alice = dev('Alice').publicKey;
const inner = system.call.remark({ remark: new Uint8Array(0) });
const callHash = blake2b256(runtime.callTy.codec.enc(inner));
const to = (account: Uint8Array): MultiAddress => ({ tag: 'Id', value: account });
/** The last of them in order. */
const delegates = Array.from({ length: MOST }, (_, i) => new Uint8Array(32).fill(0xa0 + i));
const last = delegates[MOST - 1] as Uint8Array;
const pure = pureAccount({ spawner: alice, proxyType: Any, index: 0, height: 1, extIndex: 0 });

/** A block in which calls are made; accounts that are new have money. */
class Bench {
  readonly #composition = runtime.composition;
  readonly #ctx: Context = new TestChain(spec).begin().ctx;

  constructor() {
    this.#ctx.phase = { tag: 'ApplyExtrinsic', value: 0 };
    for (const account of [...delegates, pure]) mint(this.#ctx, account, MONEY);
  }

  make(account: Uint8Array, made: RuntimeCall): void {
    const error = this.#composition.dispatch(this.#ctx, Origin.signed(account), made);
    if (error !== undefined) throw new Error(`${made.value.tag}: ${this.#composition.errorName(error)}`);
  }

  ready(account: Uint8Array, made: RuntimeCall): Prepared {
    return { composition: this.#composition, ctx: this.#ctx, origin: Origin.signed(account), call: made };
  }
}

const add = (delegate: Uint8Array): RuntimeCall => call.addProxy({ delegate: to(delegate), proxyType: Any, delay: 0 });

/** Alice with so many proxies, each of which has announced so much. */
function withProxies(count: number, announced = 0): Bench {
  const bench = new Bench();
  for (const delegate of delegates.slice(MOST - count)) {
    bench.make(alice, add(delegate));
    for (let i = 0; i < announced; i++) bench.make(delegate, call.announce({ real: to(alice), callHash }));
  }
  return bench;
}

/** The account without a key that Alice has made, with as many proxies, each with an announcement. */
function withPure(): Bench {
  const bench = new Bench();
  bench.make(alice, call.createPure({ proxyType: Any, delay: 0, index: 0 }));
  for (const delegate of delegates.slice(1)) {
    bench.make(pure, add(delegate));
    for (let i = 0; i < MOST; i++) bench.make(delegate, call.announce({ real: to(pure), callHash }));
  }
  return bench;
}

const proxied = { real: to(alice), forceProxyType: undefined, call: inner };

export const proxyScenarios: readonly Scenario[] = [
  { call: 'Proxy.proxy', prepare: () => withProxies(MOST).ready(last, call.proxy(proxied)) },
  { call: 'Proxy.addProxy', prepare: () => withProxies(MOST - 1).ready(alice, add(delegates[0] as Uint8Array)) },
  {
    call: 'Proxy.removeProxy',
    prepare: () =>
      withProxies(MOST, MOST).ready(alice, call.removeProxy({ delegate: to(last), proxyType: Any, delay: 0 })),
  },
  { call: 'Proxy.removeProxies', prepare: () => withProxies(MOST, MOST).ready(alice, call.removeProxies({})) },
  {
    call: 'Proxy.createPure',
    prepare: () => withProxies(MOST).ready(alice, call.createPure({ proxyType: Any, delay: 0, index: 0 })),
  },
  {
    call: 'Proxy.killPure',
    prepare: () =>
      withPure().ready(pure, call.killPure({ spawner: to(alice), proxyType: Any, index: 0, height: 1, extIndex: 0 })),
  },
  {
    call: 'Proxy.announce',
    prepare: () => withProxies(MOST, MOST - 1).ready(last, call.announce({ real: to(alice), callHash })),
  },
  {
    call: 'Proxy.removeAnnouncement',
    prepare: () => withProxies(MOST, MOST).ready(last, call.removeAnnouncement({ real: to(alice), callHash })),
  },
  {
    call: 'Proxy.rejectAnnouncement',
    prepare: () => withProxies(MOST, MOST).ready(alice, call.rejectAnnouncement({ delegate: to(last), callHash })),
  },
  {
    call: 'Proxy.proxyAnnounced',
    size: { unit: 'byte', from: 0, to: BYTES },
    prepare(bytes) {
      const long = system.call.remark({ remark: new Uint8Array(bytes) });
      const bench = withProxies(MOST, MOST - 1);
      bench.make(last, call.announce({ real: to(alice), callHash: blake2b256(runtime.callTy.codec.enc(long)) }));
      return bench.ready(last, call.proxyAnnounced({ delegate: to(last), ...proxied, call: long }));
    },
  },
];
