/** Each call, event and error of the pallet. */
import { type Tuple, TypeRegistry } from '@polkadot/types';
import { blake2AsU8a } from '@polkadot/util-crypto';
import { expect } from 'chai';
import { balances, freeOf, reservedOf } from '../../../pallets/balances/index.ts';
import { pureAccount } from '../../../pallets/proxy/index.ts';
import { type MultiAddress, Origin } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { toHex } from '../../../primitives/crypto/hex.ts';
import {
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
  who,
} from './chain.ts';

const { errors } = proxy;
const told = (chain: ProxyChain) =>
  chain.events.filter(({ pallet }) => pallet === 'Proxy').map(({ name, data }) => [name, data]);
const signed = (account: Uint8Array) => Origin.signed(account);

describe('pallets/proxy: proxies', () => {
  it('call for the account at once, and the event says how it ended', () => {
    const chain = openChain();
    chain.ok(alice, add(bob));
    chain.ok(bob, by(alice, pay(carol)));
    expect(freeOf(chain.ctx, carol)).to.equal(MONEY + 5_000n);
    chain.ok(bob, by(alice, pay(carol, 10n ** 12n)));
    expect(told(chain)).to.deep.equal([
      ['ProxyAdded', { delegator: alice, delegatee: bob, proxyType: { tag: 'Any', value: undefined }, delay: 0 }],
      ['ProxyExecuted', { result: { tag: 'Ok', value: undefined } }],
      ['ProxyExecuted', { result: { tag: 'Err', value: balances.errors.InsufficientBalance.value } }],
    ]);
    expect(reservedOf(chain.ctx, alice)).to.equal(130_000n);
  });

  it('are of whom they are added to alone: NotProxy for everybody else, and for another type', () => {
    const chain = openChain();
    chain.ok(alice, add(bob, 'Registry'));
    chain.expectNoop(signed(carol), by(alice, pay(carol)), errors.NotProxy);
    chain.expectNoop(signed(alice), by(bob, pay(carol)), errors.NotProxy);
    chain.expectNoop(signed(bob), by(alice, pay(carol), 'Any'), errors.NotProxy);
    chain.expectNoop(signed(carol), announce(alice, pay(carol)), errors.NotProxy);
    chain.expectNoop(signed(carol), after(carol, alice, pay(carol)), errors.NotProxy);
  });

  it('are taken away with their deposit, one or all', () => {
    const chain = openChain();
    for (const call of [add(bob), add(bob, 'Registry'), add(carol, 'Any', 5)]) chain.ok(alice, call);
    expect(reservedOf(chain.ctx, alice)).to.equal(190_000n);
    chain.expectNoop(signed(alice), remove(carol), errors.NotFound);
    chain.ok(alice, remove(bob));
    expect(told(chain).at(-1)).to.deep.equal([
      'ProxyRemoved',
      { delegator: alice, delegatee: bob, proxyType: { tag: 'Any', value: undefined }, delay: 0 },
    ]);
    chain.expectNoop(signed(bob), by(alice, pay(bob), 'Any'), errors.NotProxy);
    chain.ok(alice, proxy.call.removeProxies({}));
    expect(freeOf(chain.ctx, alice)).to.equal(MONEY);
    expect([...proxy.use(chain.ctx).store.proxies.entries()]).to.deep.equal([]);
    chain.expectNoop(signed(alice), remove(bob), errors.NotFound);
  });

  it('are each there once, not oneself, at most 32, and paid for', () => {
    const chain = openChain();
    chain.ok(alice, add(bob));
    chain.expectNoop(signed(alice), add(bob), errors.Duplicate);
    chain.expectNoop(signed(alice), add(alice), errors.NoSelfProxy);
    for (let i = 0; i < 31; i++) chain.ok(alice, add(who(100 + i)));
    chain.expectNoop(signed(alice), add(carol), errors.TooMany);
    chain.ok(bob, pay(who(50), 20_000n));
    chain.expectNoop(signed(who(50)), add(alice), balances.errors.InsufficientBalance);
  });

  it('are kept in order: of one delegate the widest type is found first', () => {
    const chain = openChain();
    for (const call of [add(carol), add(bob, 'Rounds'), add(bob, 'Any', 7), add(bob, 'Any', 3)]) chain.ok(alice, call);
    const [list] = proxy.use(chain.ctx).store.proxies.get(alice);
    expect(list.map(({ delegate, proxyType, delay }) => [delegate[0], proxyType.tag, delay])).to.deep.equal([
      [2, 'Any', 3],
      [2, 'Any', 7],
      [2, 'Rounds', 0],
      [3, 'Any', 0],
    ]);
    chain.expectNoop(signed(bob), by(alice, system.call.remark({ remark: who(1) })), errors.Unannounced);
  });

  it('want signers, and accounts by their id', () => {
    const chain = openChain();
    for (const call of [
      add(bob),
      remove(bob),
      by(bob, pay(bob)),
      proxy.call.removeProxies({}),
      after(bob, bob, pay(bob)),
    ])
      chain.expectNoop(Origin.root, call, 'BadOrigin');
    const delegate: MultiAddress = { tag: 'Raw', value: bob };
    chain.expectNoop(signed(alice), proxy.call.addProxy({ delegate, proxyType: kind(), delay: 0 }), 'CannotLookup');
  });
});

describe('pallets/proxy: announcements', () => {
  const open = () => {
    const chain = openChain();
    chain.ok(alice, add(bob, 'Any', 10));
    return chain;
  };

  it('wait for the delay, and anybody may have the call made then, once', () => {
    const chain = open();
    chain.ok(bob, announce(alice, pay(carol)));
    expect(told(chain).at(-1)).to.deep.equal(['Announced', { real: alice, proxy: bob, callHash: hashOf(pay(carol)) }]);
    expect(reservedOf(chain.ctx, bob)).to.equal(160_000n);
    chain.runToBlock(10);
    chain.expectNoop(signed(bob), after(bob, alice, pay(carol)), errors.Unannounced);
    chain.runToBlock(11);
    chain.expectNoop(signed(dave), after(bob, alice, pay(dave)), errors.Unannounced);
    chain.ok(dave, after(bob, alice, pay(carol)));
    expect([chain.executed(), freeOf(chain.ctx, carol)]).to.deep.equal(['ok', MONEY + 5_000n]);
    expect(reservedOf(chain.ctx, bob)).to.equal(0n);
    chain.expectNoop(signed(bob), after(bob, alice, pay(carol)), errors.Unannounced);
  });

  it('are taken back by who made them, and struck by whom they concern', () => {
    const chain = open();
    const callHash = hashOf(pay(carol));
    const takeBack = proxy.call.removeAnnouncement({ real: to(alice), callHash });
    const reject = proxy.call.rejectAnnouncement({ delegate: to(bob), callHash });
    chain.expectNoop(signed(bob), takeBack, errors.NotFound);
    chain.expectNoop(signed(alice), reject, errors.NotFound);
    for (const [account, call] of [
      [bob, takeBack],
      [alice, reject],
    ] as const) {
      chain.ok(bob, announce(alice, pay(carol)));
      chain.expectNoop(signed(carol), reject, errors.NotFound);
      chain.expectNoop(signed(carol), takeBack, errors.NotFound);
      chain.ok(account, call);
      expect(reservedOf(chain.ctx, bob)).to.equal(0n);
    }
    chain.runToBlock(30);
    chain.expectNoop(signed(bob), after(bob, alice, pay(carol)), errors.Unannounced);
  });

  it('are at most 32, and paid for', () => {
    const chain = open();
    for (let i = 0; i < 32; i++) chain.ok(bob, announce(alice, pay(carol, BigInt(i))));
    chain.expectNoop(signed(bob), announce(alice, pay(carol)), errors.TooMany);
    chain.ok(alice, add(who(50), 'Any', 1));
    chain.ok(alice, pay(who(50), 20_000n));
    chain.expectNoop(signed(who(50)), announce(alice, pay(carol)), balances.errors.InsufficientBalance);
  });
});

describe('pallets/proxy: accounts without a key', () => {
  const spawn = (index = 0) => proxy.call.createPure({ proxyType: kind(), delay: 0, index });
  const born = (height: number, extIndex: number, index = 0) =>
    pureAccount({ spawner: alice, proxyType: kind(), index, height, extIndex });

  it('have the address that pallet-proxy of polkadot-sdk gives them', () => {
    const types = new TypeRegistry();
    const facts = ['0x6d6f646c70792f70726f78795f5f5f5f', toHex(alice), 7, 300, 1, 515];
    const bytes = types.createType<Tuple>('([u8; 16], [u8; 32], u32, u32, u8, u16)', facts).toU8a();
    const pure = pureAccount({ spawner: alice, proxyType: kind('NonTransfer'), index: 515, height: 7, extIndex: 300 });
    expect(toHex(pure)).to.equal(toHex(blake2AsU8a(bytes)));
  });

  it('are spawned once of a kind in an extrinsic, called for by the spawner, and ended with the deposit back', () => {
    const chain = openChain();
    chain.expectNoop(signed(alice), utility.call.batchAll({ calls: [spawn(), spawn()] }), errors.Duplicate);
    chain.ok(alice, utility.call.batchAll({ calls: [spawn(), spawn(1)] }));
    const [pure, other] = [born(1, 1), born(1, 1, 1)];
    expect(told(chain)[0]).to.deep.equal([
      'PureCreated',
      { pure, who: alice, proxyType: { tag: 'Any', value: undefined }, disambiguationIndex: 0 },
    ]);
    expect(reservedOf(chain.ctx, alice)).to.equal(260_000n);
    chain.ok(alice, pay(pure, 1_000_000n));
    chain.ok(alice, by(pure, pay(carol)));
    expect(freeOf(chain.ctx, carol)).to.equal(MONEY + 5_000n);
    const kill = proxy.call.killPure({ spawner: to(alice), proxyType: kind(), index: 1, height: 1, extIndex: 1 });
    chain.ok(alice, by(other, kill));
    expect([chain.executed(), reservedOf(chain.ctx, alice)]).to.deep.equal(['ok', 130_000n]);
    chain.expectNoop(signed(alice), by(other, pay(carol)), errors.NotProxy);
  });

  it('pay for further proxies themselves: the spawner gets back what it put up, and no more', () => {
    const chain = openChain();
    chain.ok(alice, spawn());
    const pure = born(1, 0);
    chain.ok(alice, by(pure, add(bob)));
    expect(chain.executed()).to.equal('Balances.InsufficientBalance');
    chain.ok(alice, pay(pure, 1_000_000n));
    // Something else of the spawner is reserved, which ending the account must not set free.
    chain.ok(alice, add(carol));
    chain.ok(alice, by(pure, add(bob)));
    chain.ok(alice, by(pure, add(carol)));
    expect([reservedOf(chain.ctx, alice), reservedOf(chain.ctx, pure)]).to.deep.equal([260_000n, 60_000n]);
    // The spawner's own right over the account goes first; its deposit stays as long as there is any proxy.
    chain.ok(bob, by(pure, remove(alice)));
    expect([reservedOf(chain.ctx, alice), reservedOf(chain.ctx, pure)]).to.deep.equal([260_000n, 30_000n]);
    const kill = proxy.call.killPure({ spawner: to(alice), proxyType: kind(), index: 0, height: 1, extIndex: 0 });
    chain.ok(bob, by(pure, kill));
    expect([chain.executed(), reservedOf(chain.ctx, alice)]).to.deep.equal(['ok', 130_000n]);
    expect(reservedOf(chain.ctx, pure)).to.equal(0n);
  });

  it('are ended by nobody else, and not by other facts', () => {
    const chain = openChain();
    chain.ok(alice, spawn());
    const kill = (height: number, index = 0) =>
      proxy.call.killPure({ spawner: to(alice), proxyType: kind(), index, height, extIndex: 0 });
    for (const account of [alice, bob]) chain.expectNoop(signed(account), kill(1), errors.NoPermission);
    for (const call of [kill(2), kill(1, 1)]) {
      chain.ok(alice, by(born(1, 0), call));
      expect(chain.executed()).to.equal('Proxy.NoPermission');
    }
  });
});
