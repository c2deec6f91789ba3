import { createKeyMulti } from '@polkadot/util-crypto';
import { expect } from 'chai';
import * as fc from 'fast-check';
import { freeOf, reservedOf } from '../../../pallets/balances/index.ts';
import { multiAccount } from '../../../pallets/multisig/index.ts';
import { type MockRuntime, Origin } from '../../../pallets/support/index.ts';
import { compareBytes } from '../../../primitives/crypto/bytes.ts';
import {
  account,
  ALICE,
  approve,
  asking,
  asMulti,
  BOB,
  by,
  cancel,
  CAROL,
  DAVE,
  errors,
  fresh,
  hashOf,
  latest,
  multisig,
  others,
  pay,
  START,
  who,
} from './support.ts';

const DEPOSIT = multisig.constants.DepositBase.value + 2n * multisig.constants.DepositFactor.value;
const own = (chain: MockRuntime) => chain.events.filter(({ pallet }) => pallet === 'Multisig');
const isOpen = (chain: MockRuntime, call = pay(5_000n)) =>
  multisig.use(chain.ctx).store.multisigs.has(account(2), hashOf(call));

describe('pallets/multisig', () => {
  it('derives the account as polkadot.js does', () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(fc.uint8Array({ minLength: 32, maxLength: 32 }), {
          minLength: 2,
          maxLength: 100,
          selector: (each) => each.join(),
        }),
        fc.integer({ min: 1, max: 65_535 }),
        (signatories, threshold) => {
          const sorted = signatories.toSorted(compareBytes);
          expect(multiAccount(sorted, threshold)).to.deep.equal(createKeyMulti(signatories, threshold));
        },
      ),
      { numRuns: 50 },
    );
  });

  it('opens, approves, executes: the account pays, the deposit comes back, each step has its event', () => {
    const chain = fresh();
    const call = pay(5_000n);
    expect(chain.dispatch(by(ALICE), approve(ALICE, call, { threshold: 3 }))).to.equal('ok');
    const when = latest(chain);
    const stored = multisig.use(chain.ctx).store.multisigs.get(account(3), hashOf(call));
    const deposit = DEPOSIT + multisig.constants.DepositFactor.value;
    expect(stored).to.deep.equal({ when, deposit, depositor: who(ALICE), approvals: [who(ALICE)] });
    expect(reservedOf(chain.ctx, who(ALICE))).to.equal(deposit);
    chain.runToBlock(4);
    expect(chain.dispatch(by(CAROL), approve(CAROL, call, { threshold: 3, when }))).to.equal('ok');
    const about = { timepoint: when, multisig: account(3), callHash: hashOf(call) };
    expect(own(chain).map(({ name, data }) => [name, data])).to.deep.equal([
      ['MultisigApproval', { approving: who(CAROL), ...about }],
    ]);
    // The account has nothing: the call fails, and the event says so.
    expect(chain.dispatch(by(BOB), asMulti(BOB, call, { threshold: 3, when }))).to.equal('ok');
    const { name, data } = own(chain).at(-1)!;
    expect(name).to.equal('MultisigExecuted');
    const { result, ...rest } = data as { result: { tag: 'Err'; value: Parameters<typeof chain.errorName>[0] } };
    expect(rest).to.deep.equal({ approving: who(BOB), ...about });
    expect(chain.errorName(result.value)).to.equal('Balances.InsufficientBalance');
    expect(reservedOf(chain.ctx, who(ALICE)), 'the deposit comes back').to.equal(0n);
    expect(multisig.use(chain.ctx).store.multisigs.has(account(3), hashOf(call))).to.equal(false);
  });

  it('executes with the last approval, by whoever gives it', () => {
    const chain = fresh();
    const call = pay(5_000n);
    expect(chain.dispatch(by(BOB), asMulti(BOB, call))).to.equal('ok');
    expect(own(chain).map(({ name, data }) => [name, data])).to.deep.equal([
      ['NewMultisig', { approving: who(BOB), multisig: account(2), callHash: hashOf(call) }],
    ]);
    expect(freeOf(chain.ctx, who(DAVE)), 'nothing is paid by one of two').to.equal(START);
    expect(chain.dispatch(by(ALICE), asMulti(ALICE, call, { when: latest(chain) }))).to.equal('ok');
    expect((own(chain).at(-1)!.data as { result: unknown }).result).to.deep.equal({ tag: 'Ok', value: undefined });
    expect(freeOf(chain.ctx, who(DAVE))).to.equal(START + 5_000n);
    expect(freeOf(chain.ctx, account(2))).to.equal(START - 5_000n);
    expect(freeOf(chain.ctx, who(BOB))).to.equal(START);
  });

  it('who has approved may bring the call, once there are approvals enough; by its hash nothing is executed', () => {
    const chain = fresh();
    const call = pay(5_000n);
    chain.dispatch(by(ALICE), approve(ALICE, call));
    const when = latest(chain);
    expect(chain.dispatch(by(BOB), approve(BOB, call, { when }))).to.equal('ok');
    expect(freeOf(chain.ctx, who(DAVE))).to.equal(START);
    chain.expectNoop(by(CAROL), approve(CAROL, call, { when }), errors.AlreadyApproved);
    const open = pay(6_000n);
    chain.dispatch(by(BOB), approve(BOB, open));
    chain.dispatch(by(ALICE), approve(ALICE, open, { when: latest(chain) }));
    const { approvals } = multisig.use(chain.ctx).store.multisigs.get(account(2), hashOf(open))!;
    expect(approvals, 'in ascending order').to.deep.equal([who(ALICE), who(BOB)]);
    expect(chain.dispatch(by(ALICE), asMulti(ALICE, call, { when }))).to.equal('ok');
    expect(freeOf(chain.ctx, who(DAVE))).to.equal(START + 5_000n);
    chain.expectNoop(by(BOB), asMulti(BOB, call, { when }), errors.UnexpectedTimepoint);
  });

  it('is cancelled by who opened it, and by nobody else', () => {
    const chain = fresh();
    const call = pay(5_000n);
    chain.dispatch(by(ALICE), approve(ALICE, call));
    const when = latest(chain);
    chain.expectNoop(by(BOB), cancel(BOB, call, when), errors.NotOwner);
    chain.expectNoop(by(ALICE), cancel(ALICE, call, { ...when, index: 9 }), errors.WrongTimepoint);
    chain.expectNoop(by(ALICE), cancel(ALICE, pay(1n), when), errors.NotFound);
    chain.expectNoop(by(ALICE), cancel(ALICE, call, when, { threshold: 1 }), errors.MinimumThreshold);
    expect(chain.dispatch(by(ALICE), cancel(ALICE, call, when))).to.equal('ok');
    expect(own(chain).at(-1)).to.deep.include({
      name: 'MultisigCancelled',
      data: { cancelling: who(ALICE), timepoint: when, multisig: account(2), callHash: hashOf(call) },
    });
    expect(reservedOf(chain.ctx, who(ALICE))).to.equal(0n);
    chain.expectNoop(by(ALICE), cancel(ALICE, call, when), errors.NotFound);
  });

  it('an approval for one operation does not count for a later one with the same call', () => {
    const chain = fresh();
    const call = pay(5_000n);
    chain.dispatch(by(ALICE), approve(ALICE, call));
    const first = latest(chain);
    chain.dispatch(by(ALICE), cancel(ALICE, call, first));
    chain.dispatch(by(ALICE), approve(ALICE, call));
    const second = latest(chain);
    for (const when of [first, { ...second, height: second.height + 1 }, { ...second, index: second.index + 1 }]) {
      chain.expectNoop(by(BOB), asMulti(BOB, call, { when }), errors.WrongTimepoint);
    }
    expect(isOpen(chain)).to.equal(true);
  });

  it('refuses timepoints where there are none, and their absence where there are', () => {
    const chain = fresh();
    const call = pay(5_000n);
    chain.expectNoop(by(ALICE), asMulti(ALICE, call, { when: { height: 1, index: 0 } }), errors.UnexpectedTimepoint);
    chain.dispatch(by(ALICE), asMulti(ALICE, call));
    chain.expectNoop(by(BOB), asMulti(BOB, call), errors.NoTimepoint);
    chain.expectNoop(by(ALICE), asMulti(ALICE, call, { when: { height: 1, index: 1 } }), errors.AlreadyApproved);
  });

  for (const [name, build] of [
    ['as_multi', asMulti],
    ['approve_as_multi', approve],
    [
      'cancel_as_multi',
      (n: number, call: ReturnType<typeof pay>, wish: object) => cancel(n, call, { height: 1, index: 0 }, wish),
    ],
  ] as const) {
    it(`${name} refuses signatories and thresholds that no account has`, () => {
      const chain = fresh();
      const call = pay(5_000n);
      const refused = (wish: object, error: Parameters<typeof chain.expectNoop>[2]) =>
        chain.expectNoop(by(BOB), build(BOB, call, wish), error);
      for (const threshold of [0, 1]) refused({ threshold }, errors.MinimumThreshold);
      for (const threshold of [4, 65_535]) refused({ threshold }, errors.TooFewSignatories);
      refused({ others: [] }, errors.TooFewSignatories);
      refused({ others: [who(CAROL), who(ALICE)] }, errors.SignatoriesOutOfOrder);
      refused({ others: [who(CAROL), who(CAROL)] }, errors.SignatoriesOutOfOrder);
      refused({ others: [who(ALICE), who(BOB)] }, errors.SenderInSignatories);
      refused({ others: Array.from({ length: 100 }, (_, i) => who(i + 100)) }, errors.TooManySignatories);
      const far = build(BOB, call, { others: Array.from({ length: 201 }, () => who(9)) });
      expect(() => chain.dispatch(by(BOB), far)).to.throw('201 elements');
    });
  }

  it('nobody else approves: who is none of the signatories speaks for another account', () => {
    const chain = fresh();
    const call = pay(5_000n);
    chain.dispatch(by(ALICE), approve(ALICE, call));
    const when = latest(chain);
    chain.expectNoop(by(DAVE), asMulti(DAVE, call, { when, others: others(ALICE) }), errors.UnexpectedTimepoint);
    const all = [ALICE, BOB, CAROL].map(who);
    chain.expectNoop(by(DAVE), asMulti(DAVE, call, { when, others: all }), errors.UnexpectedTimepoint);
    expect(freeOf(chain.ctx, who(DAVE))).to.equal(START);
  });

  it('a call may weigh what the last signatory says, at the most', () => {
    const chain = fresh();
    const call = pay(5_000n);
    chain.dispatch(by(ALICE), approve(ALICE, call));
    const when = latest(chain);
    const { weight } = chain.composition.infoOf(call);
    const low = { refTime: weight - 1n, proofSize: 0n };
    chain.expectNoop(by(BOB), asMulti(BOB, call, { when, maxWeight: low }), errors.MaxWeightTooLow);
    const exact = { refTime: weight, proofSize: 0n };
    expect(chain.dispatch(by(BOB), asMulti(BOB, call, { when, maxWeight: exact }))).to.equal('ok');
  });

  it('wants a signature, and a deposit of who opens an operation', () => {
    const chain = fresh();
    for (const build of [asMulti, approve]) {
      chain.expectNoop(by(9), build(9, pay(1n)), 'Balances.InsufficientBalance');
    }
    for (const call of [
      asMulti(ALICE, pay(1n)),
      approve(ALICE, pay(1n)),
      cancel(ALICE, pay(1n), { height: 1, index: 0 }),
      multisig.call.asMultiThreshold_1({ otherSignatories: others(ALICE), call: pay(1n) }),
    ]) {
      chain.expectNoop(Origin.root, call, 'BadOrigin');
    }
  });

  it('one alone disposes of an account with a threshold of one; what the call says is what is said', () => {
    const chain = fresh();
    const once = (call: ReturnType<typeof pay>, otherSignatories = others(BOB)) =>
      multisig.call.asMultiThreshold_1({ otherSignatories, call });
    const fund = { dest: { tag: 'Id' as const, value: account(1) }, value: 50_000n };
    chain.dispatch(by(ALICE), { tag: 'Balances', value: { tag: 'transferKeepAlive', value: fund } });
    expect(chain.dispatch(by(BOB), once(pay(5_000n)))).to.equal('ok');
    expect(freeOf(chain.ctx, account(1))).to.equal(45_000n);
    chain.expectNoop(by(BOB), once(asking.call.fails({})), asking.errors.Wanted);
    chain.expectNoop(by(BOB), once(pay(1n), []), errors.TooFewSignatories);
    chain.expectNoop(by(BOB), once(pay(1n), [who(BOB)]), errors.SenderInSignatories);
    chain.expectNoop(by(BOB), once(pay(1n), [who(CAROL), who(ALICE)]), errors.SignatoriesOutOfOrder);
  });
});
