/** Whatever is called in whatever order: money is conserved, every deposit stands for an entry, entries are bounded (checked after every call). */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { freeOf, reservedOf, totalIssuance } from '../../../pallets/balances/index.ts';
import { type ProxyType, pureAccount } from '../../../pallets/proxy/index.ts';
import { Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { sameBytes } from '../../../primitives/crypto/bytes.ts';
import {
  accounts,
  add,
  after,
  alice,
  announce,
  bob,
  by,
  carol,
  dave,
  hashOf,
  kind,
  MONEY,
  openChain,
  pay,
  type ProxyChain,
  proxy,
  remove,
  to,
  utility,
} from './chain.ts';

const births = [0, 1].map((index) => ({ spawner: alice, proxyType: kind(), index, height: 1, extIndex: index }));
const pures = births.map(pureAccount);
/** Accounts with keys and without. */
const whose = fc.constantFrom(alice, alice, bob, bob, carol, dave, ...pures);
const tag = fc.constantFrom<ProxyType['tag']>('Any', 'Any', 'Any', 'NonTransfer', 'Registry');
const delay = fc.constantFrom(0, 0, 1, 2);
const CALLS = [pay(bob), pay(pures[0] as Uint8Array, 300_000n), pay(carol, 3_000_000n)];
const plain = fc.constantFrom(...CALLS);
interface Made {
  readonly account: Uint8Array;
  readonly call: RuntimeCall;
}
const editing = fc.oneof(
  { weight: 6, arbitrary: fc.tuple(whose, tag, delay).map((rights) => add(...rights)) },
  { weight: 4, arbitrary: fc.tuple(whose, tag, delay).map((rights) => remove(...rights)) },
  { weight: 1, arbitrary: fc.constant(proxy.call.removeProxies({})) },
  {
    weight: 1,
    arbitrary: fc
      .constantFrom(...births)
      .map(({ spawner, ...birth }) => proxy.call.killPure({ spawner: to(spawner), ...birth })),
  },
);
const announcing = fc.tuple(whose, plain).map(([real, call]) => announce(real, call));
const one = fc.oneof({ weight: 3, arbitrary: editing }, { weight: 3, arbitrary: announcing }, plain);
const nested = fc.oneof(
  one,
  fc.tuple(whose, one).map(([real, call]) => by(real, call)),
  fc.tuple(whose, whose, one).map(([real, other, call]) => by(real, by(other, call))),
  fc.array(one, { maxLength: 3 }).map((calls) => utility.call.batchAll({ calls })),
);
const calling = fc
  .record({ account: fc.constantFrom(alice, alice, bob, bob, carol, dave), call: nested })
  .map((made) => (): Made => made);
/** Something about an announcement that stands. */
const settling = fc
  .tuple(fc.constantFrom('use', 'strike', 'take back'), fc.nat())
  .map(([how, n]) => (chain: ProxyChain): Made | undefined => {
    const pending = [...proxy.use(chain.ctx).store.announcements.entries()].flatMap(([[delegate], [list]]) =>
      list.map((each) => ({ delegate, ...each })),
    );
    const found = pending[n % (pending.length || 1)];
    if (found === undefined) return undefined;
    const { delegate, real, callHash } = found;
    const call = CALLS.find((each) => sameBytes(hashOf(each), callHash)) ?? pay(bob);
    if (how === 'use') return { account: dave, call: after(delegate, real, call) };
    if (how === 'strike')
      return { account: real, call: proxy.call.rejectAnnouncement({ delegate: to(delegate), callHash }) };
    return { account: delegate, call: proxy.call.removeAnnouncement({ real: to(real), callHash }) };
  });
/** An account with a key takes a right back that stands: by chance alone hardly any is met. */
const ending = fc.nat().map((n) => (chain: ProxyChain): Made | undefined => {
  const rights = [alice, bob, carol, dave].flatMap((account) =>
    proxy
      .use(chain.ctx)
      .store.proxies.get(account)[0]
      .map((right) => ({ account, ...right })),
  );
  const found = rights[n % (rights.length || 1)];
  if (found === undefined) return undefined;
  const { account, delegate, proxyType, delay } = found;
  return { account, call: proxy.call.removeProxy({ delegate: to(delegate), proxyType, delay }) };
});
const step = fc.record({
  make: fc.oneof(
    { weight: 6, arbitrary: calling },
    { weight: 2, arbitrary: settling },
    { weight: 1, arbitrary: ending },
  ),
  blocks: fc.constantFrom(0, 0, 1),
});

describe('pallets/proxy: any sequence of calls', () => {
  it('conserves money and leaves no deposit without an entry, and no entry without bounds', () => {
    const seen = new Set<string>();
    fc.assert(
      fc.property(fc.array(step, { minLength: 20, maxLength: 60 }), (steps) => {
        const chain = openChain();
        for (const { index } of births) chain.ok(alice, proxy.call.createPure({ proxyType: kind(), delay: 0, index }));
        for (const pure of pures) chain.ok(alice, pay(pure, 2_000_000n));
        for (const { make, blocks } of steps) {
          chain.runToBlock(chain.ctx.block + blocks);
          const made = make(chain);
          if (made === undefined) continue;
          const { account, call } = made;
          if (chain.dispatch(Origin.signed(account), call) === 'ok') seen.add(call.value.tag);
        }
        expect(totalIssuance(chain.ctx)).to.equal(MONEY * 4n);
        // All accounts with keys leave: what is still reserved of them they have put up for accounts that others can end.
        for (const account of accounts) chain.ok(account, proxy.call.removeProxies({}));
        for (const account of [bob, carol, dave]) {
          const waiting = proxy.use(chain.ctx).store.announcements.get(account);
          expect(reservedOf(chain.ctx, account)).to.equal(waiting[1]);
        }
      }),
      { numRuns: 100 },
    );
    expect([...seen]).to.include.members([
      'addProxy',
      'removeProxy',
      'announce',
      'proxyAnnounced',
      'rejectAnnouncement',
      'removeAnnouncement',
    ]);
  });

  it('a narrow proxy moves nobody’s money and widens no right, however it nests its calls', () => {
    // Alice may do all for Carol, Carol for Dave, Dave for Alice; Bob is a narrow proxy of Alice.
    const inner: fc.Arbitrary<RuntimeCall> = fc.constantFrom(
      pay(bob),
      add(bob, 'Any'),
      remove(carol, 'Any'),
      remove(alice, 'Any'),
      proxy.call.removeProxies({}),
      announce(carol, pay(bob)),
    );
    const { tree } = fc.letrec<{ tree: RuntimeCall }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 5, withCrossShrink: true },
        inner,
        fc.tuple(fc.constantFrom(alice, carol, dave), tie('tree')).map(([real, call]) => by(real, call)),
        fc
          .tuple(
            fc.constantFrom('batch' as const, 'batchAll' as const, 'forceBatch' as const),
            fc.array(tie('tree'), { minLength: 1, maxLength: 3 }),
          )
          .map(([how, calls]) => utility.call[how]({ calls })),
      ),
    }));
    const narrow = fc.constantFrom<ProxyType['tag']>('NonTransfer', 'Registry', 'Rounds');
    fc.assert(
      fc.property(narrow, fc.array(tree, { minLength: 1, maxLength: 4 }), (type, trees) => {
        const chain = openChain();
        for (const [real, delegate] of [
          [carol, alice],
          [dave, carol],
          [alice, dave],
        ] as const)
          chain.ok(real, add(delegate));
        chain.ok(alice, add(bob, type));
        const facts = () =>
          [alice, carol, dave].map((account) => [
            freeOf(chain.ctx, account),
            proxy.use(chain.ctx).store.proxies.get(account),
            proxy.use(chain.ctx).store.announcements.get(account),
          ]);
        const before = facts();
        for (const call of trees) chain.dispatch(Origin.signed(bob), by(alice, call));
        expect(facts()).to.deep.equal(before);
      }),
      { numRuns: 300 },
    );
  });
});
