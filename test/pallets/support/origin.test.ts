import { expect } from 'chai';
import { balances, freeOf } from '../../../pallets/balances/index.ts';
import { compose, type MultiAddress, mockRuntime, Origin, type RuntimeCall } from '../../../pallets/support/index.ts';
import { system } from '../../../pallets/system/index.ts';
import { utilityPallet } from '../../../pallets/utility/index.ts';
import { lazy, type Ty } from '../../../primitives/scale/index.ts';

const who = (n: number): Uint8Array => new Uint8Array(32).fill(n);
const to = (n: number): MultiAddress => ({ tag: 'Id', value: who(n) });
const utility = utilityPallet(lazy((): Ty<RuntimeCall> => calls.callTy));
const calls = compose([system, utility, balances]);
const fresh = () => mockRuntime([system, utility, balances], { balances: { accounts: [[who(1), 1_000_000n]] } });
const pay = balances.call.transferKeepAlive({ dest: to(2), value: 5_000n });
const refusal = system.errors.CallFiltered.value;
const without = (pallet: string) => ({ allows: ({ tag }: RuntimeCall) => tag !== pallet, refusal });
const bound = Origin.signed(who(1)).filtered(without('Balances'));

describe('pallets/support: filters of an origin', () => {
  it('hold at the call itself', () => {
    const chain = fresh();
    chain.expectNoop(bound, pay, system.errors.CallFiltered);
    expect(chain.dispatch(bound, system.call.remark({ remark: who(1) }))).to.equal('ok');
    expect(chain.dispatch(Origin.signed(who(1)), pay)).to.equal('ok');
  });

  it('hold at every call inside of batches, to the innermost', () => {
    const chain = fresh();
    chain.expectNoop(bound, utility.call.batchAll({ calls: [pay] }), system.errors.CallFiltered);
    const inner = utility.call.batch({ calls: [pay] });
    for (const call of [inner, utility.call.forceBatch({ calls: [pay, inner] })])
      expect(chain.dispatch(bound, call)).to.equal('ok');
    expect(freeOf(chain.ctx, who(2))).to.equal(0n);
    expect(chain.events.map(({ name }) => name)).to.include.members(['BatchInterrupted', 'ItemFailed']);
  });

  it('go along to another account, and add up', () => {
    const other = bound.as(who(2));
    expect(other.signed()).to.deep.equal(who(2));
    expect(other.refusal(pay)).to.equal(refusal);
    const remark = system.call.remark({ remark: who(1) });
    expect(other.refusal(remark)).to.equal(undefined);
    expect(other.filtered(without('System')).refusal(remark)).to.equal(refusal);
    expect(other.filtered(without('System')).refusal(pay)).to.equal(refusal);
  });
});
