import { expect } from 'chai';
import { isCheckable } from '../../../pallets/committee/deadlines.ts';
import { weightHelpers } from '../../../pallets/support/index.ts';
import { MAX_HOOKS_WEIGHT } from '../../../pallets/system/limits.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { ends } from '../../../pallets/tally/weights.ts';
import { present } from '../../../primitives/at.ts';
import { fheParamsFor } from '../../../primitives/fhe/params.ts';
import { MAX_ITEMS as LIMIT, MAX_PLACES, MAX_UPDATES, PARTS_AT_ONCE } from '../../../primitives/round/limits.ts';
import {
  beginRound,
  contribute,
  PART_VALUES,
  phaseOf,
  publish,
  SETTINGS,
  TestCommittee,
  testChain,
} from '../../support/committee.ts';
import { BALLOTS, castHonest, openBallots, surveyed } from '../../support/pallet-sums.ts';

/** The honest voters of test/support/pallet-sums.ts. */
const NAMES = ['anna', 'bo', 'cleo'];
/** Items of the round below. */
const MAX_ITEMS = 8;
/** Items of the largest round whose checks the members can carry out in time: of ten members, with as few values as may be. */
const LARGEST = { 4: LIMIT, 7: LIMIT, 10: 321 } as const;
/** Microseconds for each item of a round that ends at its deadline. */
const ENDING = 250;
/** Submissions of a round beyond one of each item. */
const FURTHER = NAMES.length;
const helpers = weightHelpers(() => 0n);

describe('pallets/tally: what the end of a block weighs', () => {
  it('follows the phases of the rounds, their items, and the steps that late posts are still compared with: nothing without a round', () => {
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
    const table: Partial<Record<string, { micros: number; item: number; vector: number; value: number }>> = ends[4];
    // From the close on all steps fall into one late window; it is open for longer than one. Secrets are not compared.
    let late = 0;
    const of = (phase: string, items: number, further: number): number => {
      const { micros, item, vector, value } = present(table[phase], phase);
      return micros + value * 2 * PART_VALUES + item * items + vector * further;
    };
    for (const [phase, declared] of seen) {
      // What is judged as posts are applied leaves nothing for the end of a block but to compare late ones, and what failed the check.
      const atEnd = phase.startsWith('Key') ? phase : 'Open';
      const isAtEnd = atEnd !== 'Open';
      const own = of(atEnd, isAtEnd ? 0 : MAX_ITEMS, 0);
      const each = phase === 'Reveal' || phase === 'Check' ? of('CheckEach', NAMES.length, FURTHER) : 0;
      // At its deadline an open round may end: deposits and stakes return.
      const ending = phase === 'Open' ? ENDING * NAMES.length : 0;
      const micros = phase === 'Settled' ? late : Math.max(own, each, late, ending);
      expect(declared, phase).to.equal(helpers.measured({ reads: 0, writes: 0, micros }));
      if (['Check', 'Aggregate', 'Payout'].includes(phase)) late = Math.max(late, of(phase, NAMES.length, FURTHER));
    }
    chain.runToBlock(chain.ctx.block + SETTINGS.lateWindow + 1);
    expect(weight()).to.equal(0n);
    expect([...seen.keys()]).to.include.members(['Keying', 'KeyCheck', 'Open', 'Reveal', 'Check', 'Payout']);
  });

  it('grows with the vectors of a round that is summed', () => {
    const members = surveyed(NAMES);
    const round = openBallots(members, NAMES, { openBlocks: 20 });
    // What was posted for the keys is not compared any more.
    const { chain } = members.test;
    chain.runToBlock(chain.ctx.block + SETTINGS.lateWindow + 1);
    const weight = (): bigint => tally.finalizeWeight(chain.ctx, helpers);
    const of = (micros: number): bigint => helpers.measured({ reads: 0, writes: 0, micros });
    const { Open, Check, CheckEach, Sum } = ends[4];
    const values = BALLOTS.options;
    expect(weight()).to.equal(of(Open.micros + Open.vector * BALLOTS.maxBallots + Open.value * values));
    castHonest(members, round);
    members.runUntil(() => phaseOf(members.test, round) === 'Check');
    expect(weight()).to.equal(of(CheckEach.micros + CheckEach.vector * NAMES.length + CheckEach.value * values));
    members.runUntil(() => phaseOf(members.test, round) === 'Sum');
    // Late posts are compared with the check.
    const checked = Check.micros + Check.vector * NAMES.length + Check.value * values;
    expect(weight()).to.equal(of(checked));
    members.runUntil(() => phaseOf(members.test, round) === 'Settled');
    expect(weight()).to.equal(of(Math.max(checked, Sum.micros + Sum.vector * NAMES.length + Sum.value * values)));
  });

  it('leaves room: the dearest ends of two rounds as large as they may be are less than hooks may weigh', () => {
    const all = [ends[4], ends[7], ends[10]].flatMap((table) => Object.values(table));
    const values = PARTS_AT_ONCE * fheParamsFor(4).degree;
    const dearest = ([4, 7, 10] as const).map((n) => {
      // No round of this committee has more items: of ten members the checks would take too long.
      const work = (items: number) => ({ lanes: [{ count: items, values: 5, digits: 2 }], items });
      expect(LARGEST[n] === LIMIT || !isCheckable(fheParamsFor(n), work(LARGEST[n] + 1)), `${n}`).to.equal(true);
      const [items, further] = [LARGEST[n], Math.max(0, MAX_UPDATES - LARGEST[n])];
      return Math.max(
        ...Object.values(ends[n]).map(
          ({ micros, item, vector, value }) => micros + item * items + vector * further + value * values,
        ),
      );
    });
    for (const micros of dearest)
      expect(helpers.measured({ reads: 0, writes: 0, micros }) < MAX_HOOKS_WEIGHT, `${micros}`).to.equal(true);
    const summed = fheParamsFor(4).degree;
    const most = Math.max(...all.map(({ micros, vector, value }) => micros + vector * MAX_PLACES + value * summed));
    expect(helpers.measured({ reads: 0, writes: 0, micros: most }) < MAX_HOOKS_WEIGHT).to.equal(true);
  });
});
