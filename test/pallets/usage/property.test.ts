/** Whatever grants are used for, whoever leaves and whatever is spent beside it: bills add up, and a grant is exhausted when its count says so. */
import { expect } from 'chai';
import { array, assert as hold, boolean, nat, property, record, tuple } from 'fast-check';
import { access, grantOf, spendUses } from '../../../pallets/licensing/index.ts';
import { earningsOf } from '../../../pallets/ownership/index.ts';
import { account, call } from '../../support/committee.ts';
import { ASSET, calls, HOLDERS, metered, PRICE, reported, statesOf, withCommittee } from './support.ts';

const BOUND = 10n;
const three = <T>(one: T): [T, T, T] => [one, one, one];
const step = record({
  uses: tuple(...three(nat({ max: 6 }))),
  vouchers: tuple(...three(nat({ max: 3 }))),
  leaves: tuple(...three(boolean())),
});

describe('pallets/usage: reports one after the other', function () {
  it('agree with counts in the open', () => {
    hold(
      property(array(step, { minLength: 2, maxLength: 3 }), (steps) => {
        const members = withCommittee();
        const { test } = members;
        metered(test);
        const counts = three(0);
        const left = three(BOUND);
        const states = three('Live');
        let due = 0n;
        for (const { uses, vouchers, leaves } of steps) {
          const before = counts.reduce((sum, count) => sum + count, 0);
          for (const [i, who] of HOLDERS.entries()) {
            const spent = BigInt(vouchers[i]!);
            if (states[i] === 'Live' && left[i]! >= spent) {
              spendUses(test.chain.ctx, BigInt(i), spent);
              left[i]! -= spent;
            }
            // A gateway that serves whoever has left counts that too: it pays.
            counts[i]! += uses[i]!;
            if (states[i] !== 'Live' || !leaves[i] || i !== 0) continue;
            call(test, who, calls.leave({ grant: 0n }));
            [states[i], left[i]] = ['Left', 0n];
          }
          const total = counts.reduce((sum, count) => sum + count, 0);
          if (total === before) continue;
          reported(members, counts);
          const bill = BigInt(total - before) * PRICE;
          due += bill - 2n * (bill / 100n);
          states.forEach((state, i) => {
            const bound = left[i] === 0n ? 1n : left[i]!;
            if (state === 'Live' && BigInt(counts[i]!) >= bound) [states[i], left[i]] = ['Exhausted', 0n];
          });
          expect(statesOf(test)).to.deep.equal(states);
        }
        const { ctx } = test.chain;
        expect(earningsOf(ctx, ASSET)).to.equal(due);
        for (const [i, who] of HOLDERS.entries()) {
          expect(access(ctx, ASSET, account(who)).usesLeft ?? 0n, who).to.equal(left[i]);
          expect(grantOf(ctx, BigInt(i))?.used, who).to.equal(BOUND - left[i]!);
        }
      }),
      { numRuns: 5 },
    );
  });
});
