/** What a proposal gains by the way in which it is enacted, which is nothing; and what the hurried, the greedy and the nested get. */
import { expect } from 'chai';
import { multiAccount } from '../../../pallets/multisig/index.ts';
import { balances } from '../../../pallets/balances/index.ts';
import { Context, Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { compareBytes } from '../../../primitives/crypto/bytes.ts';
import {
  alice,
  asking,
  aye,
  bob,
  by,
  call,
  carol,
  CLOSES,
  dave,
  ENACT_FROM,
  errors,
  multisig,
  nay,
  openScene,
  propose,
  proxy,
  type Scene,
  setBurn,
  task,
  TAC,
  to,
  utility,
} from './scene.ts';

const K = 1_000n * TAC;
const made = setBurn(500n);
const enact = call.enact({ id: 0n, call: made });
/** Alice's proposal, for which enough have voted; its time lock is over. */
function ready(what: RuntimeCall = made): Scene {
  const chain = openScene();
  chain.ok(alice, propose(what));
  chain.ok(bob, aye(0n, 30n * K));
  chain.runToBlock(ENACT_FROM);
  return chain;
}
const addProxy = (kind: 'Any' | 'NonTransfer' | 'Registry' | 'Rounds') =>
  proxy.call.addProxy({ delegate: to(carol), proxyType: { tag: kind }, delay: 0 });
const proxied = (inner: RuntimeCall) => proxy.call.proxy({ real: to(bob), forceProxyType: undefined, call: inner });
const resultOf = (chain: Scene): string => {
  const { result } = chain.events.findLast(({ name }) => name === 'ProxyExecuted')!.data as {
    result: { tag: string; value: Parameters<typeof chain.errorName>[0] };
  };
  return result.tag === 'Ok' ? 'ok' : chain.errorName(result.value);
};

describe('pallets/governance: attacks', () => {
  it('a narrow proxy neither votes, proposes nor enacts', () => {
    for (const kind of ['NonTransfer', 'Registry', 'Rounds'] as const) {
      const chain = ready();
      chain.ok(bob, addProxy(kind));
      for (const inner of [
        enact,
        propose(made),
        nay(0n, K),
        call.stand({}),
        utility.call.batchAll({ calls: [enact] }),
      ]) {
        chain.ok(carol, proxied(inner));
        expect(resultOf(chain), inner.value.tag).to.equal('System.CallFiltered');
      }
      expect(chain.burnOf()).to.equal(100n);
    }
  });

  it('through proxies, batches and accounts of several the call is the chain’s all the same, and made once', () => {
    const signatories = [alice, dave].toSorted(compareBytes);
    const once = multisig.call.asMultiThreshold_1({ otherSignatories: [dave], call: enact });
    for (const [name, outer, sender] of [
      ['proxy', proxied(enact), carol],
      ['batch', utility.call.batch({ calls: [enact, enact] }), carol],
      ['multisig', once, alice],
    ] as const) {
      const chain = ready();
      chain.ok(bob, addProxy('Any'));
      chain.ok(alice, balances.call.transferKeepAlive({ dest: to(multiAccount(signatories, 1)), value: TAC }));
      chain.ok(sender, outer);
      expect([chain.burnOf(), chain.enacted()], name).to.deep.equal([500n, 'ok']);
      expect(chain.events.filter((each) => each.name === 'Enacted').length).to.equal(1);
      chain.root(setBurn(3n));
      chain.expectNoop(by(alice), enact, errors.UnknownProposal);
      expect(chain.burnOf()).to.equal(3n);
    }
  });

  it('the chain’s own calls are nobody’s, however they are wrapped', () => {
    const chain = ready();
    chain.ok(bob, addProxy('Any'));
    for (const inner of [made, call.spend({ beneficiary: to(alice), amount: 1n }), call.overrule({ model: 1n })]) {
      chain.expectNoop(by(alice), inner, 'BadOrigin');
      chain.expectNoop(by(alice), utility.call.batchAll({ calls: [inner] }), 'BadOrigin');
      chain.ok(carol, proxied(inner));
      expect(resultOf(chain)).to.equal('BadOrigin');
    }
  });

  it('what weighs what is paid: the declared weight of enacting holds that of the call', () => {
    const chain = ready();
    const heavy = utility.call.batch({ calls: Array.from({ length: 50 }, () => made) });
    const weight = (inner: RuntimeCall): bigint => chain.composition.infoOf(inner).weight;
    const [light, more] = [weight(enact), weight(call.enact({ id: 0n, call: heavy }))];
    expect(more - light > weight(heavy) - weight(made)).to.equal(true);
  });

  it('the deepest call that is taken can be enacted', () => {
    const remark = system.call.remark({ remark: new Uint8Array(0) });
    const nested = (depth: number): RuntimeCall =>
      Array.from({ length: depth }).reduce<RuntimeCall>((inner) => utility.call.batch({ calls: [inner] }), remark);
    const chain = openScene();
    const outcomes = [28, 29, 30, 31, 32, 33].map((depth) => {
      const outcome = chain.dispatch(by([alice, bob][depth % 2]!), propose(nested(depth)));
      return { depth, outcome };
    });
    const taken = outcomes.filter(({ outcome }) => outcome === 'ok');
    expect(taken.length).to.be.within(1, 5);
    for (const id of taken.keys()) chain.ok(carol, aye(BigInt(id), 30n * K));
    chain.runToBlock(ENACT_FROM);
    for (const [id, { depth }] of taken.entries()) {
      chain.ok(dave, call.enact({ id: BigInt(id), call: nested(depth) }));
      expect(chain.enacted()).to.equal('ok');
    }
  });

  it('who holds the calls of whom is told: the chain’s call has no signer', () => {
    const chain = ready();
    const held = chain.composition.madeBy({ signer: carol, call: utility.call.batch({ calls: [enact] }) });
    expect(held).to.deep.equal([{ signer: undefined, call: made }]);
    expect(chain.composition.madeBy({ signer: undefined, call: enact })).to.deep.equal([]);
    const inside = call.enact({ id: 0n, call: proxied(made) });
    expect(chain.composition.madeBy({ signer: carol, call: inside })).to.deep.equal([]);
  });

  it('asks workers for what the chain’s call will ask, and for nothing unless the call will be made', () => {
    const chain = ready(asking.call.ask({}));
    const asks = (origin: Origin, inner: RuntimeCall) => {
      const ctx = new Context(chain.composition, chain.ctx.storage, chain.ctx.header, chain.ctx.host);
      return chain.composition.tasks(ctx, origin, inner);
    };
    const enacting = call.enact({ id: 0n, call: asking.call.ask({}) });
    expect(asks(by(carol), enacting)).to.deep.equal([task]);
    expect(asks(by(carol), asking.call.ask({}))).to.deep.equal([]);
    expect(asks(by(carol), call.enact({ id: 0n, call: made }))).to.deep.equal([]);
    expect(asks(by(carol), call.enact({ id: 9n, call: asking.call.ask({}) }))).to.deep.equal([]);
    expect(asks(Origin.none, enacting)).to.deep.equal([]);
    chain.ok(dave, enacting);
    expect(asks(by(carol), enacting)).to.deep.equal([]);
  });

  it('a whale that votes in the last block is locked like everybody, and cannot vote in the next', () => {
    const chain = openScene();
    chain.ok(alice, propose(made));
    chain.ok(bob, aye(0n, 30n * K));
    chain.runToBlock(CLOSES - 1);
    chain.ok(carol, nay(0n, 90n * K, 'X4'));
    chain.runToBlock(CLOSES);
    chain.expectNoop(by(carol), aye(0n, 90n * K), errors.VotingOver);
    chain.expectNoop(by(carol), call.removeVote({ id: 0n }), errors.VotingOver);
    chain.expectNoop(by(carol), call.unlock({ who: to(carol) }), errors.NothingToUnlock);
    const dest = to(dave);
    chain.expectNoop(
      by(carol),
      balances.call.transferKeepAlive({ dest, value: 20n * K }),
      balances.errors.InsufficientBalance,
    );
    chain.ok(dave, call.close({ id: 0n }));
    expect(chain.closed()[0]).to.equal('Vetoed');
  });

  it('an open proposal keeps no account from closing it, and no ended one gives anything twice', () => {
    const chain = openScene();
    chain.ok(alice, propose(made));
    for (const block of [1, CLOSES - 1]) {
      chain.runToBlock(block);
      chain.expectNoop(by(dave), call.close({ id: 0n }), errors.NotOver);
    }
    chain.runToBlock(CLOSES);
    chain.ok(dave, call.close({ id: 0n }));
    chain.expectNoop(by(dave), call.close({ id: 0n }), errors.UnknownProposal);
    chain.expectNoop(by(alice), call.withdraw({ id: 0n }), errors.UnknownProposal);
    expect(chain.reserved(alice)).to.equal(0n);
  });
});
