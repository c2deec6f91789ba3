/** No transaction is executed twice, whatever became of its account in between. */
import { expect } from 'chai';
import * as fc from 'fast-check';
import { balances, freeOf } from '../../pallets/balances/index.ts';
import { system } from '../../pallets/system/index.ts';
import { dev, TestChain } from './chain.ts';

const alice = dev('Alice');
const bob = dev('Bob');
const fresh = dev('Fresh');
const to = (pair: typeof alice) => ({ tag: 'Id' as const, value: pair.publicKey });
const fund = (value: bigint) => balances.call.transferKeepAlive({ dest: to(fresh), value });
const pay = balances.call.transferKeepAlive({ dest: to(bob), value: 3_000n });
const drain = balances.call.transferAll({ dest: to(alice), keepAlive: false });

describe('runtime: replays', () => {
  it('an account that was emptied and is funded again does not pay its old payments a second time', () => {
    const chain = new TestChain();
    chain.block([chain.signed(alice, fund(10_000_000n), 0)]);
    const era = { period: 64, phase: 1 };
    const old = [
      chain.signed(fresh, pay, 0),
      chain.signed(fresh, pay, 1, { era, birthHash: chain.hash }),
      chain.signed(fresh, drain, 2),
    ];
    expect(chain.block(old).outcomes).to.deep.equal(['ok', 'ok', 'ok']);
    expect(freeOf(chain.ctx(), fresh.publicKey)).to.equal(0n);
    chain.block([chain.signed(alice, fund(10_000_000n), 1)]);
    const before = freeOf(chain.ctx(), bob.publicKey);
    for (const bytes of old) expect(chain.begin().apply(bytes)).to.deep.equal({ invalid: { tag: 'Stale' } });
    expect(system.use(chain.ctx()).store.account.get(fresh.publicKey).nonce).to.equal(3);
    expect(chain.block([chain.signed(fresh, pay, 3)]).outcomes).to.deep.equal(['ok']);
    expect(freeOf(chain.ctx(), bob.publicKey)).to.equal(before + 3_000n);
  });

  it('whatever is paid, emptied and funded in whatever order, all that stood in a block is refused for ever', () => {
    const step = fc.constantFrom('pay', 'drain', 'fund', 'pass');
    fc.assert(
      fc.property(fc.array(step, { minLength: 3, maxLength: 14 }), (steps) => {
        const chain = new TestChain();
        const done: Uint8Array[] = [];
        let [mine, funds] = [0, 0];
        for (const each of ['fund', ...steps]) {
          const wishes = {
            fund: () => chain.signed(alice, fund(2_000_000n), funds),
            pay: () => chain.signed(fresh, pay, mine),
            drain: () => chain.signed(fresh, drain, mine),
          };
          const bytes = each in wishes ? [wishes[each as keyof typeof wishes]()] : [];
          const run = chain.begin();
          for (const old of done) expect(run.apply(old)).to.deep.equal({ invalid: { tag: 'Stale' } });
          const [outcome] = chain.block(bytes).outcomes;
          if (outcome !== 'ok') continue;
          done.push(...bytes);
          if (each === 'fund') funds++;
          else mine++;
        }
      }),
      { numRuns: 25 },
    );
  });
});
