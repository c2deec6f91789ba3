/** Calls within calls: what a call gains by being inside an operation, which is nothing but the account's name. */
import { expect } from 'chai';
import { freeOf, reservedOf } from '../../../pallets/balances/index.ts';
import { multiAccount } from '../../../pallets/multisig/index.ts';
import { innerCall } from '../../../pallets/support/inner-call.ts';
import { Context, type MockRuntime, Origin, type RuntimeCall, weightHelpers } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { compareBytes } from '../../../primitives/crypto/bytes.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { Reader, type Ty } from '../../../primitives/scale/index.ts';
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
  composed,
  DAVE,
  ENOUGH,
  fresh,
  latest,
  multisig,
  others,
  pay,
  START,
  utility,
  who,
} from './support.ts';

const weigh = (call: RuntimeCall): bigint => composed.infoOf(call).weight;
const decoded = (call: RuntimeCall): RuntimeCall => composed.callTy.codec.dec(composed.callTy.codec.enc(call));

/** Alice opens, Bob executes; what became of the call, by the name of its error. */
function execute(chain: MockRuntime, call: RuntimeCall): string {
  expect(chain.dispatch(by(ALICE), approve(ALICE, call))).to.equal('ok');
  expect(chain.dispatch(by(BOB), asMulti(BOB, call, { when: latest(chain) }))).to.equal('ok');
  const { result } = chain.events.findLast(({ name }) => name === 'MultisigExecuted')!.data as {
    result: { tag: 'Ok' } | { tag: 'Err'; value: Parameters<typeof chain.errorName>[0] };
  };
  return result.tag === 'Ok' ? 'ok' : chain.errorName(result.value);
}

describe('pallets/multisig: calls within', () => {
  it('a batch is made by the account, and undone as a whole if it says so', () => {
    const chain = fresh();
    const doomed = utility.call.batchAll({ calls: [pay(5_000n), pay(10n ** 12n)] });
    expect(execute(chain, doomed)).to.equal('Balances.InsufficientBalance');
    expect(freeOf(chain.ctx, who(DAVE))).to.equal(START);
    expect(execute(chain, utility.call.batchAll({ calls: [pay(5_000n), pay(6_000n)] }))).to.equal('ok');
    expect(freeOf(chain.ctx, account(2))).to.equal(START - 11_000n);
  });

  it('no call escapes its origin: neither root nor nobody nor a signatory', () => {
    const chain = fresh();
    expect(execute(chain, asking.call.root({}))).to.equal('BadOrigin');
    expect(execute(chain, utility.call.batchAll({ calls: [asking.call.root({})] }))).to.equal('BadOrigin');
    // The account may not cancel what Alice has opened, nor approve in her name.
    const call = pay(7_000n);
    chain.dispatch(by(ALICE), approve(ALICE, call));
    const when = latest(chain);
    expect(execute(chain, cancel(ALICE, call, when))).to.equal('Multisig.NotFound');
    expect(execute(chain, asMulti(BOB, call, { when }))).to.equal('Multisig.UnexpectedTimepoint');
    expect(freeOf(chain.ctx, who(DAVE))).to.equal(START);
  });

  it('an account of signatories is a signatory of another', () => {
    const chain = fresh();
    const pair = [account(2), who(DAVE)].toSorted(compareBytes);
    const outer = multiAccount(pair, 2);
    const fund = { dest: { tag: 'Id' as const, value: outer }, value: 100_000n };
    chain.dispatch(by(CAROL), { tag: 'Balances', value: { tag: 'transferKeepAlive', value: fund } });
    const call = pay(20_000n);
    const half = { threshold: 2, call, maxWeight: ENOUGH };
    const opening = multisig.call.asMulti({ ...half, otherSignatories: [who(DAVE)], maybeTimepoint: undefined });
    expect(execute(chain, opening)).to.equal('ok');
    // The deposit of the outer operation is the inner account's.
    expect(reservedOf(chain.ctx, account(2)) > 0n).to.equal(true);
    const maybeTimepoint = latest(chain);
    const closing = multisig.call.asMulti({ ...half, otherSignatories: [account(2)], maybeTimepoint });
    expect(chain.dispatch(by(DAVE), closing)).to.equal('ok');
    expect(freeOf(chain.ctx, outer)).to.equal(80_000n);
    expect(freeOf(chain.ctx, account(2))).to.equal(START);
  });

  it('within one extrinsic an operation is opened, approved and executed by nobody alone', () => {
    const chain = fresh();
    const call = pay(5_000n);
    const twice = utility.call.batch({
      calls: [approve(ALICE, call), asMulti(ALICE, call, { when: { height: 1, index: 0 } })],
    });
    expect(chain.dispatch(by(ALICE), twice)).to.equal('ok');
    expect(chain.errorName((chain.events.at(-1)!.data as { error: never }).error)).to.equal('Multisig.AlreadyApproved');
    expect(freeOf(chain.ctx, who(DAVE))).to.equal(START);
  });

  it('is executed once, though the last approval stands in the extrinsic twice', () => {
    const chain = fresh();
    const call = pay(5_000n);
    chain.dispatch(by(ALICE), approve(ALICE, call));
    const last = asMulti(BOB, call, { when: latest(chain) });
    expect(chain.dispatch(by(BOB), utility.call.forceBatch({ calls: [last, last] }))).to.equal('ok');
    const items = chain.events.filter(({ name }) => name.startsWith('Item')).map(({ name }) => name);
    expect(items).to.deep.equal(['ItemCompleted', 'ItemFailed']);
    expect(freeOf(chain.ctx, who(DAVE))).to.equal(START + 5_000n);
  });

  it('weighs what its call weighs at the most, at every depth, whether the call came as bytes or not', () => {
    const call = utility.call.batch({ calls: [pay(1n), asMulti(ALICE, pay(2n))] });
    const plenty = asMulti(BOB, call);
    expect(weigh(plenty) > weigh(call)).to.equal(true);
    expect(weigh(decoded(plenty))).to.equal(weigh(plenty));
    const little = { refTime: weigh(call) - 1_000n, proofSize: 0n };
    expect(weigh(plenty) - weigh(asMulti(BOB, call, { maxWeight: little }))).to.equal(1_000n);
    const most = { refTime: (1n << 64n) - 1n, proofSize: (1n << 64n) - 1n };
    expect(weigh(asMulti(BOB, call, { maxWeight: most }))).to.equal(weigh(plenty));
    const alone = multisig.call.asMultiThreshold_1({ otherSignatories: others(BOB), call });
    expect(weigh(alone) > weigh(call)).to.equal(true);
    const remark = (length: number) => system.call.remark({ remark: new Uint8Array(length) });
    const { measured } = weightHelpers(() => 0n);
    const byte = measured({ reads: 0, writes: 0, micros: 0.0009 });
    expect(weigh(asMulti(BOB, remark(100_000))) - weigh(asMulti(BOB, remark(0))) > 100_000n * byte).to.equal(true);
  });

  it('nests, but not without end', () => {
    const nested = (depth: number, inner: RuntimeCall): RuntimeCall =>
      depth === 0 ? inner : asMulti(BOB, nested(depth - 1, inner));
    expect(() => fresh().dispatch(by(BOB), nested(40, pay(1n))))
      .to.throw()
      .that.satisfies((error: unknown) => isTacitError(error, 'scale/too-deep'));
  });

  it('of a call that came as bytes the length is known: weighing it at every depth encodes nothing', () => {
    let written = 0;
    const counting: Ty<RuntimeCall> = { ...composed.callTy, write: () => written++ };
    const { ty, lengthOf } = innerCall(counting);
    const bytes = composed.callTy.codec.enc(pay(1n));
    expect(lengthOf(ty.read(new Reader(bytes)))).to.equal(bytes.length);
    expect(written).to.equal(0);
  });

  it('asks the workers for the checks of its call only where the call will be dispatched', () => {
    const chain = fresh();
    const call = utility.call.batch({ calls: [asking.call.ask({}), asking.call.ask({})] });
    const ctx = (): Context => new Context(composed, chain.ctx.storage, chain.ctx.header, chain.ctx.host);
    const asked = (n: number, outer: RuntimeCall) => composed.tasks(ctx(), by(n), outer).length;
    expect(asked(ALICE, asMulti(ALICE, call))).to.equal(0);
    chain.dispatch(by(ALICE), approve(ALICE, call));
    const when = latest(chain);
    expect(asked(BOB, asMulti(BOB, call, { when }))).to.equal(2);
    expect(asked(ALICE, asMulti(ALICE, call, { when }))).to.equal(0);
    expect(asked(BOB, asMulti(BOB, call))).to.equal(0);
    expect(asked(BOB, asMulti(BOB, call, { when, maxWeight: { refTime: 0n, proofSize: 0n } }))).to.equal(0);
    const alone = multisig.call.asMultiThreshold_1({ otherSignatories: others(BOB), call });
    expect(asked(BOB, alone)).to.equal(2);
    expect(composed.tasks(ctx(), Origin.none, alone)).to.deep.equal([]);
  });
});
