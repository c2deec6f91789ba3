/** A step whose check finds something else than it should: the story ends there, and says where. */
import type { ApiPromise } from '@polkadot/api';
import { expect } from 'chai';
import type { Chain } from '../../../client/sdk/connect.ts';
import type { Block, Ledger } from '../../../client/story/ledger.ts';
import { everybody } from '../../../client/story/people.ts';
import { storyReport } from '../../../client/story/report.ts';
import { type Pairs, Stage } from '../../../client/story/stage.ts';
import { isTacitError } from '../../../primitives/errors.ts';

describe('story: a check', () => {
  const block: Block = { number: 7, hash: '0x07', extrinsics: [], events: [] };
  const told = { chapter: 9, step: 'counts', who: 'Zoe', what: 'counts', sees: 'a number', read: ['a.b'] };

  /** A stage without a chain: what is checked here asks none. */
  function stage(said: string[] = []): Stage {
    const nothing = { api: {} as ApiPromise, chain: {} as Chain, ledger: {} as Ledger };
    return new Stage(nothing, everybody(), (chapter, who, text) => said.push(`${chapter} ${who} ${text}`));
  }
  function failureOf(pairs: Pairs): { error: unknown; entries: Stage['entries'] } {
    const made = stage();
    try {
      made.sum(told, block, pairs);
    } catch (error) {
      return { error, entries: made.entries };
    }
    throw new Error('it did not fail');
  }

  it('that finds what it expects is told and written down', () => {
    const said: string[] = [];
    const made = stage(said);
    made.sum(told, block, { shares: [[{ bps: 1 }], [{ bps: 1 }]] });
    expect(said).to.deep.equal(['9 Zoe counts: a number']);
    const [entry] = storyReport.parse(JSON.parse(JSON.stringify(made.entries)));
    expect(entry?.check).to.deep.equal({
      read: ['a.b'],
      expected: { shares: [{ bps: 1 }] },
      found: { shares: [{ bps: 1 }] },
      equal: true,
    });
    expect(entry?.block).to.equal(7);
  });

  it('that finds something else fails with the name of the step and both values, and stays in the report', () => {
    const { error, entries } = failureOf({ right: ['1', '1'], sum: ['281', '280'] });
    expect(isTacitError(error, 'story/failed-step')).to.equal(true);
    expect((error as Error).message).to.equal(`step 'counts': found {"sum":"281"}, not {"sum":"280"}`);
    expect(entries.map(({ check }) => check.equal)).to.deep.equal([false]);
  });

  it('does not take a number for its text, nor an order for another', () => {
    for (const pair of [
      [1, '1'],
      [
        [1, 2],
        [2, 1],
      ],
      [null, undefined],
      [{ a: 1, b: 2 }, { a: 1 }],
    ] as const) {
      expect(isTacitError(failureOf({ value: [...pair] as [unknown, unknown] }).error, 'story/failed-step')).to.equal(
        true,
      );
    }
  });
});
