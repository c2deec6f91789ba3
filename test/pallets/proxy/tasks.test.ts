/** What validation has workers check beforehand, and what calls weigh. */
import { expect } from 'chai';
import { balances } from '../../../pallets/balances/index.ts';
import { proxyPallet } from '../../../pallets/proxy/index.ts';
import {
  compose,
  definePallet,
  mockRuntime,
  Origin,
  type RuntimeCall,
  type VerifyTask,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { lazy, type Ty } from '../../../primitives/scale/index.ts';
import { add, after, alice, bob, by, carol, pay, to, who } from './chain.ts';

const asking = definePallet({
  name: 'Asking',
  index: 99,
  docs: 'It asks the host about who calls.',
  calls: {
    ask: {
      index: 0,
      docs: 'Ask.',
      args: {},
      weight: () => 5n,
      tasks: ({ origin }): VerifyTask[] => [{ kind: 'sr25519', parts: [origin.signed()] }],
      run: () => undefined,
    },
  },
});
const proxy = proxyPallet(lazy((): Ty<RuntimeCall> => composed.callTy));
const pallets = [system, balances, asking, proxy];
const composed = compose(pallets, 'mock');
const ask = asking.call.ask({});
const forAlice: VerifyTask[] = [{ kind: 'sr25519', parts: [alice] }];

describe('pallets/proxy: what a call asks for', () => {
  const open = () => {
    const chain = mockRuntime(pallets, { balances: { accounts: [alice, bob].map((each) => [each, 10_000_000n]) } });
    for (const call of [add(bob, 'Any'), add(carol, 'NonTransfer'), add(bob, 'Rounds', 3)])
      expect(chain.dispatch(Origin.signed(alice), call)).to.equal('ok');
    const tasks = (account: Uint8Array, call: RuntimeCall) =>
      chain.composition.tasks(chain.ctx, Origin.signed(account), call);
    return { chain, tasks };
  };

  it('is what the inner call asks for, as the account that it is made for', () => {
    const { tasks } = open();
    expect(tasks(bob, by(alice, ask))).to.deep.equal(forAlice);
  });

  it('is nothing where the call will not be made: no proxy, a filter, no announcement', () => {
    const { chain, tasks } = open();
    for (const made of [
      tasks(who(9), by(alice, ask)),
      tasks(carol, by(alice, ask)),
      tasks(bob, by(alice, ask, 'Rounds')),
    ])
      expect(made).to.deep.equal([]);
    expect(tasks(bob, after(bob, alice, ask))).to.deep.equal([]);
    const announced = proxy.call.announce({ real: to(alice), callHash: blake2b256(composed.callTy.codec.enc(ask)) });
    expect(chain.dispatch(Origin.signed(bob), announced)).to.equal('ok');
    expect(tasks(carol, after(bob, alice, ask))).to.deep.equal(forAlice);
  });

  it('weighs what it does itself and what is inside', () => {
    const { chain } = open();
    const weight = (call: RuntimeCall): bigint => chain.composition.infoOf(call).weight;
    const own = weight(by(alice, ask)) - weight(ask);
    expect(own > 0n).to.equal(true);
    expect(weight(by(alice, by(bob, pay(carol))))).to.equal(2n * own + weight(pay(carol)));
    expect(weight(after(bob, alice, ask)) > weight(by(alice, ask))).to.equal(true);
    // An announced call is hashed anew at every depth: its length is weighed at every depth too.
    const long = system.call.remark({ remark: new Uint8Array(100_000) });
    const announced = (call: RuntimeCall): bigint => weight(after(bob, alice, call)) - weight(call);
    const short = announced(system.call.remark({ remark: new Uint8Array(0) }));
    expect(announced(long) - short > 0n).to.equal(true);
    expect(announced(after(bob, alice, long)) - short >= announced(long) - short).to.equal(true);
  });
});
