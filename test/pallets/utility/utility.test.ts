import { expect } from 'chai';
import { balances, freeOf } from '../../../pallets/balances/index.ts';
import {
  compose,
  Context,
  definePallet,
  type MultiAddress,
  mockRuntime,
  Origin,
  type RuntimeCall,
  type VerifyTask,
} from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { utilityPallet } from '../../../pallets/utility/index.ts';
import { isTacitError } from '../../../primitives/errors.ts';
import { lazy, type Ty } from '../../../primitives/scale/index.ts';

const who = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const to = (n: number): MultiAddress => ({ tag: 'Id', value: who(n) });
const utility = utilityPallet(lazy((): Ty<RuntimeCall> => calls.callTy));
const calls = compose([system, utility, balances]);
const fresh = () => mockRuntime([system, utility, balances], { balances: { accounts: [[who(1), 1_000_000n]] } });
const pay = (value: bigint) => balances.call.transferKeepAlive({ dest: to(2), value });
const names = (chain: ReturnType<typeof fresh>) =>
  chain.events.filter(({ pallet }) => pallet === 'Utility').map(({ name }) => name);
const alice = Origin.signed(who(1));

describe('pallets/utility', () => {
  it('batch stops at the first failure; what went before stands', () => {
    const chain = fresh();
    expect(chain.dispatch(alice, utility.call.batch({ calls: [pay(5_000n), pay(10n ** 9n), pay(1n)] }))).to.equal('ok');
    expect(freeOf(chain.ctx, who(2))).to.equal(5_000n);
    expect(names(chain)).to.deep.equal(['ItemCompleted', 'BatchInterrupted']);
    const interrupted = chain.events.at(-1)?.data as { index: number; error: Parameters<typeof chain.errorName>[0] };
    expect(interrupted.index).to.equal(1);
    expect(chain.errorName(interrupted.error)).to.equal('Balances.InsufficientBalance');
  });

  it('batchAll undoes everything if one call fails', () => {
    const chain = fresh();
    const doomed = utility.call.batchAll({ calls: [pay(5_000n), pay(10n ** 9n)] });
    chain.expectNoop(alice, doomed, balances.errors.InsufficientBalance);
    expect(chain.dispatch(alice, utility.call.batchAll({ calls: [pay(5_000n), pay(6_000n)] }))).to.equal('ok');
    expect(names(chain)).to.deep.equal(['ItemCompleted', 'ItemCompleted', 'BatchCompleted']);
  });

  it('forceBatch goes on after failures', () => {
    const chain = fresh();
    expect(chain.dispatch(alice, utility.call.forceBatch({ calls: [pay(10n ** 9n), pay(5_000n)] }))).to.equal('ok');
    expect(names(chain)).to.deep.equal(['ItemFailed', 'ItemCompleted', 'BatchCompletedWithErrors']);
    expect(freeOf(chain.ctx, who(2))).to.equal(5_000n);
  });

  it('nests, with the weight of all that is inside, but not without end', () => {
    const chain = fresh();
    const once = utility.call.batch({ calls: [pay(5_000n)] });
    const twice = utility.call.batch({ calls: [once, once] });
    expect(chain.dispatch(alice, twice)).to.equal('ok');
    expect(freeOf(chain.ctx, who(2))).to.equal(10_000n);
    const weight = (call: RuntimeCall) => chain.composition.infoOf(call).weight;
    expect(weight(twice) > 2n * weight(pay(1n))).to.equal(true);
    let deep: RuntimeCall = pay(1n);
    for (let i = 0; i < 40; i++) deep = utility.call.batch({ calls: [deep] });
    expect(() => chain.dispatch(alice, deep))
      .to.throw()
      .that.satisfies((error: unknown) => isTacitError(error, 'scale/too-deep'));
  });

  it('is not decoded without end: a MiB of calls within calls costs nobody a third of a second', () => {
    const remark: RuntimeCall = system.call.remark({ remark: new Uint8Array() });
    const many = (of: RuntimeCall): RuntimeCall => utility.call.batch({ calls: Array.from({ length: 200 }, () => of) });
    const bytes = calls.callTy.codec.enc(
      utility.call.batch({ calls: Array.from({ length: 8 }, () => many(many(remark))) }),
    );
    expect(bytes.length).to.be.greaterThan(900_000);
    expect(() => calls.callTy.codec.dec(bytes))
      .to.throw()
      .that.satisfies((error: unknown) => isTacitError(error, 'scale/too-many'));
    expect(
      calls.callTy.codec.dec(calls.callTy.codec.enc(utility.call.batch({ calls: [many(remark), many(remark)] }))),
    ).to.have.property('tag', 'Utility');
  });

  it('what its calls ask the workers for, it asks for', () => {
    const chain = fresh();
    const task: VerifyTask = { kind: 'sr25519', parts: [who(7)] };
    const asking = definePallet({
      name: 'Asking',
      index: 99,
      docs: 'It asks the host.',
      errors: {},
      calls: { ask: { index: 0, docs: 'Ask.', args: {}, weight: () => 0n, tasks: () => [task], run: () => undefined } },
    });
    const composed = compose([system, utilityPallet(lazy((): Ty<RuntimeCall> => composed.callTy)), asking]);
    const batch = utility.call.batchAll({
      calls: [asking.call.ask({}), utility.call.batch({ calls: [asking.call.ask({})] })],
    });
    const ctx = new Context(composed, chain.ctx.storage, chain.ctx.header, chain.ctx.host);
    expect(composed.tasks(ctx, alice, batch)).to.deep.equal([task, task]);
  });

  it('makes calls as the chain itself, if the chain itself asks, and none of them as an account', () => {
    const chain = fresh();
    for (const how of ['batch', 'batchAll', 'forceBatch'] as const) {
      expect(chain.dispatch(Origin.root, utility.call[how]({ calls: [] })), how).to.equal('ok');
    }
    chain.expectNoop(Origin.root, utility.call.batchAll({ calls: [pay(1n)] }), 'BadOrigin');
  });

  it('refuses more calls than it may hold, and extrinsics that nobody signed', () => {
    const chain = fresh();
    const tooMany = utility.call.batch({ calls: Array.from({ length: 201 }, () => pay(1n)) });
    expect(() => chain.dispatch(alice, tooMany)).to.throw('201 elements');
    const unsigned = chain.composition.dispatch(chain.ctx, Origin.none, utility.call.batch({ calls: [] }));
    expect(unsigned).to.deep.equal({ tag: 'BadOrigin' });
  });
});
