/** Proxies that want more than they were given. */
import { expect } from 'chai';
import { freeOf, reservedOf } from '../../../pallets/balances/index.ts';
import { pureAccount } from '../../../pallets/proxy/index.ts';
import { ownership } from '../../../pallets/ownership/index.ts';
import { registry } from '../../../pallets/registry/index.ts';
import { Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import {
  add,
  after,
  alice,
  announce,
  bob,
  by,
  carol,
  dave,
  kind,
  MONEY,
  openChain,
  pay,
  proxy,
  remove,
  to,
  utility,
} from './chain.ts';
import { asset, newData, newModel, newVersion, trainedOn } from '../../support/registry.ts';

const { errors } = proxy;
const remark = system.call.remark({ remark: alice });
const registerData = newData('alice');
const filtered = 'System.CallFiltered';
const batchesOf = (call: RuntimeCall): RuntimeCall[] =>
  [utility.call.batch, utility.call.batchAll, utility.call.forceBatch].map((batch) => batch({ calls: [call] }));

describe('pallets/proxy: a filter is not escaped', () => {
  it('by a call that is not of the type', () => {
    const chain = openChain();
    for (const tag of ['NonTransfer', 'Registry', 'Rounds'] as const) chain.ok(alice, add(bob, tag));
    for (const tag of ['NonTransfer', 'Registry', 'Rounds'] as const) {
      chain.ok(bob, by(alice, pay(bob), tag));
      expect(chain.executed(), tag).to.equal(filtered);
    }
    chain.ok(bob, by(alice, registerData, 'Registry'));
    expect(chain.executed()).to.equal('ok');
    for (const tag of ['NonTransfer', 'Registry', 'Rounds'] as const) {
      chain.ok(bob, by(alice, ownership.call.transfer({ asset: asset('Data', 0n), to: to(bob) }), tag));
      expect(chain.executed(), 'its deposit would go along').to.equal(filtered);
    }
  });

  it('by opening data to training: a proxy that registers may close them, and no more', () => {
    const chain = openChain();
    chain.ok(alice, add(bob, 'Registry'));
    chain.ok(alice, newData('alice'));
    const set = (optedOut: boolean) => by(alice, registry.call.setOptOut({ id: 0n, optedOut }), 'Registry');
    chain.ok(bob, set(true));
    expect(chain.executed()).to.equal('ok');
    chain.ok(bob, set(false));
    expect(chain.executed()).to.equal(filtered);
  });

  it('by registering data with what the call that consents to portfolios is kept from', () => {
    const chain = openChain();
    for (const tag of ['NonTransfer', 'Registry'] as const) chain.ok(alice, add(bob, tag));
    for (const tag of ['NonTransfer', 'Registry'] as const) {
      for (const call of [
        newData(tag, { collective: true }),
        registry.call.setCollective({ id: 0n, collective: true }),
      ]) {
        chain.ok(bob, by(alice, call, tag));
        expect(chain.executed(), `${tag}: ${call.value.tag}`).to.equal(filtered);
      }
      chain.ok(bob, by(alice, newData(tag), tag));
      expect(chain.executed()).to.equal('ok');
    }
  });

  it('by a version that binds the model to pay: parents are the owner’s to name', () => {
    const chain = openChain();
    chain.ok(alice, add(bob, 'Registry'));
    chain.ok(alice, newModel(alice));
    chain.ok(bob, newData('bob'));
    for (const call of [
      newVersion(0n, bob, { parents: [trainedOn(0n)] }),
      registry.call.declareParents({ model: 0n, version: 0, parents: [trainedOn(0n)] }),
    ]) {
      chain.ok(bob, by(alice, call, 'Registry'));
      expect(chain.executed(), call.value.tag).to.equal(filtered);
    }
    chain.ok(bob, by(alice, newVersion(0n, bob), 'Registry'));
    expect(chain.executed()).to.equal('ok');
  });

  it('by batches, nested however', () => {
    const chain = openChain();
    chain.ok(alice, add(bob, 'NonTransfer'));
    const nested = [pay(bob), ...batchesOf(pay(bob)), ...batchesOf(pay(bob)).flatMap(batchesOf)];
    for (const call of nested) {
      chain.ok(bob, by(alice, call));
      expect(freeOf(chain.ctx, bob)).to.equal(MONEY);
    }
    // Outside of a batch and inside of it: the right of the one is not that of the other.
    for (const call of batchesOf(by(alice, utility.call.forceBatch({ calls: [remark, pay(bob)] })))) {
      chain.ok(bob, call);
      expect(freeOf(chain.ctx, alice)).to.equal(MONEY - 130_000n);
    }
  });

  it('by a proxy of the account that has wide rights over another', () => {
    const chain = openChain();
    chain.ok(carol, add(alice, 'Any'));
    chain.ok(alice, add(bob, 'NonTransfer'));
    const steals = [pay(bob), add(bob, 'Any'), proxy.call.removeProxies({}), ...batchesOf(pay(bob))];
    for (const call of steals) {
      chain.ok(bob, by(alice, by(carol, call)));
      for (const batch of batchesOf(by(carol, call))) chain.ok(bob, by(alice, batch));
      expect([freeOf(chain.ctx, carol), freeOf(chain.ctx, bob)]).to.deep.equal([MONEY - 130_000n, MONEY]);
      expect(proxy.use(chain.ctx).store.proxies.get(carol)[0]).to.have.length(1);
    }
    chain.ok(bob, by(alice, by(carol, remark)));
    expect(chain.executed()).to.equal('ok');
    // The owner itself may.
    chain.ok(alice, by(carol, pay(alice)));
    expect(freeOf(chain.ctx, carol)).to.equal(MONEY - 135_000n);
  });

  it('by announcing for another through the account, or by calling what was announced', () => {
    const chain = openChain();
    chain.ok(carol, add(alice, 'Any', 2));
    chain.ok(alice, add(bob, 'NonTransfer', 0));
    chain.ok(bob, by(alice, announce(carol, pay(bob))));
    expect(chain.executed(), 'nobody sees what a hash stands for').to.equal(filtered);
    chain.ok(alice, announce(carol, pay(dave)));
    chain.runToBlock(5);
    chain.ok(bob, by(alice, after(alice, carol, pay(dave))));
    expect(chain.executed(), 'it would use the announcement up').to.equal(filtered);
    expect(proxy.use(chain.ctx).store.announcements.get(alice)[0]).to.have.length(1);
    chain.ok(bob, after(alice, carol, pay(dave)));
    expect(freeOf(chain.ctx, dave)).to.equal(MONEY + 5_000n);
  });

  it('by announcing: an announced call is held to the type as well', () => {
    const chain = openChain();
    chain.ok(alice, add(bob, 'NonTransfer', 2));
    for (const call of [pay(bob), ...batchesOf(pay(bob)), add(bob, 'Any', 2)]) {
      chain.ok(bob, announce(alice, call));
      chain.runToBlock(chain.ctx.block + 2);
      chain.ok(bob, after(bob, alice, call));
      expect(freeOf(chain.ctx, bob)).to.equal(MONEY);
      expect(proxy.use(chain.ctx).store.proxies.get(alice)[0]).to.have.length(1);
    }
  });
});

describe('pallets/proxy: rights do not grow', () => {
  it('a proxy adds and removes none that may do more, or waits less, than itself', () => {
    const chain = openChain();
    chain.ok(alice, add(dave, 'Any'));
    chain.ok(alice, add(bob, 'NonTransfer', 5));
    const attempt = (call: RuntimeCall): string => {
      chain.ok(bob, announce(alice, call));
      chain.runToBlock(chain.ctx.block + 5);
      chain.ok(bob, after(bob, alice, call));
      return chain.executed();
    };
    const refused = [add(bob, 'Any', 5), add(bob, 'Rounds', 5), add(bob, 'NonTransfer'), remove(dave, 'Any')];
    for (const call of [...refused, proxy.call.removeProxies({})]) expect(attempt(call)).to.equal(filtered);
    expect(attempt(add(carol, 'NonTransfer', 5))).to.equal('ok');
    expect(attempt(add(carol, 'Registry', 9))).to.equal('ok');
    expect(attempt(remove(carol, 'NonTransfer', 5))).to.equal('ok');
  });

  it('a proxy that must not touch proxies does not', () => {
    const chain = openChain();
    for (const tag of ['Registry', 'Rounds'] as const) {
      chain.ok(alice, add(bob, tag));
      for (const call of [add(carol, tag), remove(bob, tag), proxy.call.removeProxies({})]) {
        chain.ok(bob, by(alice, call, tag));
        expect(chain.executed()).to.equal(filtered);
      }
    }
  });

  it('an account without a key is not ended by a narrow proxy of it', () => {
    const chain = openChain();
    chain.ok(alice, proxy.call.createPure({ proxyType: kind(), delay: 0, index: 0 }));
    const pure = pureAccount({ spawner: alice, proxyType: kind(), index: 0, height: 1, extIndex: 0 });
    chain.ok(alice, pay(pure, 1_000_000n));
    chain.ok(alice, by(pure, add(bob, 'NonTransfer')));
    const kill = proxy.call.killPure({ spawner: to(alice), proxyType: kind(), index: 0, height: 1, extIndex: 0 });
    for (const call of [kill, ...batchesOf(kill)]) {
      chain.ok(bob, by(pure, call));
      expect(proxy.use(chain.ctx).store.proxies.has(pure)).to.equal(true);
    }
    chain.expectNoop(Origin.signed(bob), kill, errors.NoPermission);
  });
});

describe('pallets/proxy: a delay is not cut short', () => {
  it('by calling at once, by another of the proxy’s own rights, or by the announcement of another account', () => {
    const chain = openChain();
    chain.ok(alice, add(bob, 'Any', 10));
    chain.ok(alice, add(bob, 'Registry'));
    chain.ok(carol, add(bob, 'Any', 1));
    chain.ok(bob, announce(carol, pay(bob)));
    chain.ok(bob, announce(alice, pay(bob)));
    chain.runToBlock(9);
    const signed = Origin.signed(bob);
    chain.expectNoop(signed, by(alice, pay(bob)), errors.Unannounced);
    chain.expectNoop(signed, by(alice, pay(bob), 'Any'), errors.Unannounced);
    chain.expectNoop(signed, after(bob, alice, pay(bob)), errors.Unannounced);
    chain.ok(bob, by(alice, pay(bob), 'Registry'));
    expect(chain.executed()).to.equal(filtered);
    expect(freeOf(chain.ctx, alice)).to.equal(MONEY - reservedOf(chain.ctx, alice));
  });

  it('nobody else chooses the type by which an announced call is made, and so uses it up', () => {
    const chain = openChain();
    chain.ok(alice, add(bob, 'Any', 2));
    chain.ok(alice, add(bob, 'Registry'));
    chain.ok(bob, announce(alice, pay(bob)));
    chain.runToBlock(3);
    chain.expectNoop(Origin.signed(carol), after(bob, alice, pay(bob), 'Registry'), errors.Unproxyable);
    chain.ok(bob, after(bob, alice, pay(bob), 'Any'));
    expect(freeOf(chain.ctx, bob)).to.equal(MONEY + 5_000n);
  });

  it('a call that was announced again is made once, and the newer announcement waits anew', () => {
    const chain = openChain();
    chain.ok(alice, add(bob, 'Any', 10));
    for (const block of [1, 2, 8]) {
      chain.runToBlock(block);
      chain.ok(bob, announce(alice, pay(carol)));
    }
    chain.runToBlock(12);
    chain.ok(bob, after(bob, alice, pay(carol)));
    chain.expectNoop(Origin.signed(bob), after(bob, alice, pay(carol)), errors.Unannounced);
    expect(freeOf(chain.ctx, carol)).to.equal(MONEY + 5_000n);
    chain.runToBlock(18);
    chain.ok(bob, after(bob, alice, pay(carol)));
    expect(freeOf(chain.ctx, carol)).to.equal(MONEY + 10_000n);
    expect(reservedOf(chain.ctx, bob)).to.equal(0n);
  });

  for (const [how, away] of [
    ['removed', remove(bob, 'Any', 10)],
    ['removed with all others', proxy.call.removeProxies({})],
  ] as const)
    it(`what a proxy had announced is gone when it is ${how}: added again, it announces anew`, () => {
      const chain = openChain();
      for (const real of [alice, carol]) {
        chain.ok(real, add(bob, 'Any', 10));
        chain.ok(bob, announce(real, pay(bob)));
      }
      chain.ok(alice, away);
      expect(reservedOf(chain.ctx, bob), 'that for the other account stands').to.equal(160_000n);
      chain.runToBlock(20);
      chain.expectNoop(Origin.signed(bob), after(bob, alice, pay(bob)), errors.NotProxy);
      chain.ok(alice, add(bob, 'Any', 10));
      chain.expectNoop(Origin.signed(bob), after(bob, alice, pay(bob)), errors.Unannounced);
      chain.ok(bob, after(bob, carol, pay(bob)));
      expect(reservedOf(chain.ctx, bob)).to.equal(0n);
    });
});
