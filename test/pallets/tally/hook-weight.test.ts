import { expect } from 'chai';
import { weightHelpers } from '../../../pallets/support/index.ts';
import { MAX_HOOKS_WEIGHT } from '../../../pallets/system/limits.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { beginRound, contribute, phaseOf, publish, TestCommittee, testChain } from '../../support/committee.ts';

const NAMES = ['anna', 'bo', 'cleo'];
const MS = 1_000_000_000n;
const helpers = weightHelpers(() => 0n);

describe('pallets/tally: what the end of a block weighs', () => {
  it('follows the phases of the rounds under way: nothing without one, most where a payout is made, never more than hooks may', () => {
    const members = new TestCommittee(testChain({ accounts: NAMES }));
    const { test } = members;
    const { chain } = test;
    const weight = (): bigint => tally.finalizeWeight(chain.ctx, helpers);
    members.runToActive();
    expect(weight()).to.equal(0n);
    const begun = beginRound(test);
    const seen = new Map<string, bigint>();
    let [contributed, published] = [false, false];
    members.runUntil(() => {
      const phase = phaseOf(test, begun.id);
      seen.set(phase, weight());
      if (phase === 'Open' && !contributed) {
        for (const name of NAMES) contribute(members, begun.id, name);
        contributed = true;
      }
      if (phase === 'Direction' && !published) {
        publish(members, begun);
        published = true;
      }
      return phase === 'Settled';
    });
    expect(seen.get('Settled')).to.equal(0n);
    seen.delete('Settled');
    for (const [phase, declared] of seen) expect(declared >= 10n * MS, phase).to.equal(true);
    const most = [...seen.values()].reduce((a, b) => (a > b ? a : b));
    expect(most).to.equal(seen.get('Payout'));
    expect(most * 2n < MAX_HOOKS_WEIGHT).to.equal(true);
  });
});
