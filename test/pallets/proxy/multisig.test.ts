/** Filters and accounts of several signatories: neither way around is there more right than was given. */
import { expect } from 'chai';
import { balances, checkIssuance, freeOf, holdings } from '../../../pallets/balances/index.ts';
import { multiAccount, multisigPallet } from '../../../pallets/multisig/index.ts';
import { type ProxyType, proxyPallet } from '../../../pallets/proxy/index.ts';
import {
  checkPallets,
  compose,
  mockRuntime,
  Origin,
  type RuntimeCall,
  remembered,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { utilityPallet } from '../../../pallets/utility/index.ts';
import { blake2b256 } from '../../../primitives/crypto/hash.ts';
import { lazy, type Ty } from '../../../primitives/scale/index.ts';
import { add, alice, bob, by, carol, dave, pay } from './chain.ts';

const callTy = lazy((): Ty<RuntimeCall> => composed.callTy);
const [utility, multisig] = [utilityPallet(callTy), multisigPallet(callTy)];
const pallets = [system, utility, balances, multisig, proxyPallet(callTy)];
const composed = compose(pallets, 'mock');
const MONEY = 10_000_000n;
const maxWeight = { refTime: 10n ** 12n, proofSize: 0n };
/** Of Alice and Carol. */
const alone = multiAccount([alice, carol], 1);
const both = multiAccount([alice, carol], 2);
const byOne = (other: Uint8Array, call: RuntimeCall) =>
  multisig.call.asMultiThreshold_1({ otherSignatories: [other], call });
const vote = (other: Uint8Array, call: RuntimeCall, maybeTimepoint?: { height: number; index: number }) =>
  multisig.call.asMulti({ threshold: 2, otherSignatories: [other], maybeTimepoint, call, maxWeight });
const approve = (other: Uint8Array, call: RuntimeCall) =>
  multisig.call.approveAsMulti({
    threshold: 2,
    otherSignatories: [other],
    maybeTimepoint: undefined,
    callHash: blake2b256(composed.callTy.codec.enc(call)),
    maxWeight,
  });

function open() {
  const accounts = [alice, bob, carol, alone, both].map((each) => [each, MONEY] as const);
  const invariants = [remembered(checkIssuance), checkPallets(pallets, holdings)];
  const chain = mockRuntime(pallets, { balances: { accounts } }, { invariants });
  const make = (account: Uint8Array, call: RuntimeCall) => chain.dispatch(Origin.signed(account), call);
  return { chain, make };
}

describe('pallets/proxy: with multisigs', () => {
  for (const type of ['NonTransfer', 'Registry', 'Rounds'] as ProxyType['tag'][])
    it(`a ${type} proxy of a signatory neither dispatches nor approves for the account of several`, () => {
      const { chain, make } = open();
      expect(make(alice, add(bob, type))).to.equal('ok');
      const tries = [byOne(carol, pay(dave)), vote(carol, pay(dave)), approve(carol, pay(dave))];
      for (const call of [...tries, utility.call.forceBatch({ calls: tries })]) {
        expect(make(bob, by(alice, call))).to.equal('ok');
        expect(freeOf(chain.ctx, alone)).to.equal(MONEY);
        expect([...multisig.use(chain.ctx).store.multisigs.entries()]).to.deep.equal([]);
      }
    });

  it('an account of several that is a narrow proxy is held to its type', () => {
    const { chain, make } = open();
    expect(make(bob, add(alone, 'NonTransfer'))).to.equal('ok');
    expect(make(alice, byOne(carol, by(bob, pay(dave))))).to.equal('ok');
    expect(freeOf(chain.ctx, dave)).to.equal(0n);
    expect(make(alice, byOne(carol, by(bob, system.call.remarkWithEvent({ remark: bob }))))).to.equal('ok');
    expect(chain.events.find(({ name }) => name === 'Remarked')?.data)
      .to.have.property('sender')
      .deep.equal(bob);
  });

  it('filters go along from the signatory to the account of several', () => {
    const { chain, make } = open();
    const allows = ({ tag }: RuntimeCall) => tag !== 'Balances';
    const bound = Origin.signed(alice).filtered({ allows, refusal: system.errors.CallFiltered.value });
    chain.expectNoop(bound, byOne(carol, pay(dave)), system.errors.CallFiltered);
    expect(make(carol, vote(alice, pay(dave)))).to.equal('ok');
    const operation = { height: 1, index: 1 };
    expect(chain.dispatch(bound, vote(carol, pay(dave), operation))).to.equal('ok');
    expect(freeOf(chain.ctx, dave)).to.equal(0n);
    expect(chain.events.at(-1)?.name).to.equal('MultisigExecuted');
  });
});
