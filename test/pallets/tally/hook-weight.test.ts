import { expect } from 'chai';
import { weightHelpers } from '../../../pallets/support/index.ts';
import { tally } from '../../../pallets/tally/index.ts';
import { type EndCost, FORGOTTEN_AT_ONCE, isJudgeable, type Planned } from '../../../pallets/tally/costs.ts';
import { ends, hooks } from '../../../pallets/tally/weights.ts';
import { present } from '../../../primitives/at.ts';
import { fheParamsFor } from '../../../primitives/fhe/params.ts';
import {
  MAX_ITEMS as LIMIT,
  MAX_SUMMED_VALUES,
  MAX_UPDATE_PARTS,
  MAX_UPDATES,
} from '../../../primitives/round/limits.ts';
import { activeTerm } from '../../support/active-term.ts';
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
/** Submissions of a round beyond one of each item. */
const FURTHER = NAMES.length;
const helpers = weightHelpers(() => 0n);
const micros = (of: number): bigint => helpers.measured({ reads: 0, writes: 0, micros: of });

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
    const table: Partial<Record<string, EndCost>> = ends[4];
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
      // In its last block an open round is at its deadline: it closes, or its deposits return.
      const failing = helpers.measured(hooks.fail, NAMES.length + FURTHER);
      const closing = micros(own) > failing ? micros(own) : failing;
      const judged = micros(phase === 'Settled' ? late : Math.max(own, each, late));
      expect(declared, phase).to.equal(judged + (phase === 'Open' ? closing : 0n));
      if (['Check', 'Aggregate', 'Payout'].includes(phase)) late = Math.max(late, of(phase, NAMES.length, FURTHER));
    }
    chain.runToBlock(chain.ctx.block + SETTINGS.lateWindow);
    // What only the committee needed is forgotten: a round of three in one block.
    expect(weight()).to.equal(helpers.measured(hooks.forget, FORGOTTEN_AT_ONCE));
    chain.runToBlock(chain.ctx.block + 1);
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
    const of = micros;
    const { Open, Check, CheckEach, Sum } = ends[4];
    const values = BALLOTS.options;
    const closing = of(Open.micros + Open.vector * BALLOTS.maxBallots + Open.value * values);
    const failing = helpers.measured(hooks.fail, 0);
    // Whoever made it may have it closed in any block.
    expect(weight()).to.equal(closing + (closing > failing ? closing : failing));
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

  for (const n of [4, 7, 10] as const) {
    it(`what the end of a block cannot judge is refused when it is made: the largest round of ${n} members`, () => {
      const { test } = activeTerm(n);
      const begun = (maxItems: number): string =>
        attempt(() => beginRound(test, { ...ONE_PART, maxItems, kMin: maxItems }));
      const places = Array.from({ length: LIMIT }, (_, i) => i + 1);
      const largest = places.findLast((maxItems) => isJudgeable(subjectOf(n, maxItems))) ?? 0;
      expect(largest).to.be.above(LIMIT / 2);
      if (largest < LIMIT) expect(begun(largest + 1)).to.include('Tally.TooCostly');
      expect(begun(largest)).to.not.include('TooCostly');
    });
  }

  it('admits the rounds that README and §10.2 speak of: a thousand payees, some 900 of ten members, 64 full parts of 16', () => {
    const judged = (n: 4 | 7 | 10, maxItems: number, parts: number): boolean => {
      const { id, degree } = fheParamsFor(n);
      const rule = {
        parts: Array.from({ length: parts }, () => Math.min(degree, MAX_SUMMED_VALUES)),
        reporters: [],
        maxItems,
      };
      return isJudgeable({ paramsId: id, rule, sum: undefined });
    };
    for (const n of [4, 7] as const) expect(judged(n, LIMIT, 1), `${n} members`).to.equal(true);
    expect([judged(10, 850, 1), judged(10, 950, 1)]).to.deep.equal([true, false]);
    for (const n of [4, 7, 10] as const)
      for (const parts of [2, 4, MAX_UPDATE_PARTS])
        expect(judged(n, MAX_UPDATES / parts, parts), `${n} members, ${parts} parts`).to.equal(true);
  });
});

/** A rule with one part of as few values as may be. */
const ONE_PART = { parts: [PART_VALUES], directions: [new Uint8Array(32)], reporters: [] };

const subjectOf = (n: 4 | 7 | 10, maxItems: number): Planned => {
  return { paramsId: fheParamsFor(n).id, rule: { ...ONE_PART, maxItems }, sum: undefined };
};

function attempt(body: () => unknown): string {
  try {
    body();
    return 'ok';
  } catch (error) {
    return (error as Error).message;
  }
}
