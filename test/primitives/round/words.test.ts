import { expect } from 'chai';
import { fheParams } from '../../../primitives/fhe/params.ts';
import { at, present } from '../../../primitives/at.ts';
import { LANES, type LaneName } from '../../../primitives/proofs/lane.ts';
import type { Ty } from '../../../primitives/scale/index.ts';
import { roundPhase, tallyBody } from '../../../pallets/tally/types.ts';
import {
  laneName,
  laneSpecOf,
  lanesOf,
  ROUND_PHASES,
  type RoundRule,
  stepIndex,
  stepOf,
  TALLY_STEPS,
} from '../../../primitives/round/index.ts';

/** Names of an enumeration's variants, in the order of their wire indexes. */
function variants(ty: Ty<unknown>): string[] {
  const def = ty.def();
  if (def.tag !== 'variant') throw new Error('no enumeration');
  return [...def.variants].sort((a, b) => a.index - b.index).map(({ name }) => name);
}

describe('the words of a round', () => {
  it('are the wire’s: steps and phases stand in the order of the enumerations in state', () => {
    expect(variants(tallyBody)).to.deep.equal([...TALLY_STEPS]);
    expect(variants(roundPhase)).to.deep.equal([...ROUND_PHASES]);
    for (const step of TALLY_STEPS) expect(TALLY_STEPS[stepIndex(step)]).to.equal(step);
    expect(ROUND_PHASES.filter((phase) => stepOf(phase) === undefined)).to.deep.equal([
      'Open',
      'Direction',
      'Settled',
      'Failed',
    ]);
  });

  it('lanes keep their specification through the state’s form', () => {
    const rule: RoundRule = {
      parts: [12, 11],
      normSq: 4_000n,
      reporters: [{ account: new Uint8Array(32), total: 500n, points: 1n }],
      gamma: 1n,
      base: 0n,
      mostStanding: 0n,
      mostFactor: 1,
      tMin: 1n,
      pool: 1n,
      stake: 1n,
      kMin: 3,
      maxItems: 8,
      openBlocks: 1,
      maxExtensions: 0,
      directions: [],
      past: [],
      discount: 0,
      holders: false,
      sketch: undefined,
    };
    expect(lanesOf(rule).map(laneSpecOf)).to.deep.equal([
      { lane: 'update', part: 0, values: 12, digits: 2, offset: 128, normSq: 4_000n },
      { lane: 'update', part: 1, values: 11, digits: 2, offset: 128, normSq: 4_000n },
      { lane: 'usage', part: 0, values: 8, digits: 3, offset: 0, total: 500n },
    ]);
    for (const name of Object.keys(LANES) as LaneName[]) expect(laneName(LANES[name])).to.equal(name);
    expect(() => laneName(200))
      .to.throw()
      .with.property('code', 'round/unknown-lane');
  });

  it('what has to be there and is not is thrown, never made into a zero', () => {
    expect(at([7], 0)).to.equal(7);
    expect(at(new Map([['a', 0]]), 'a')).to.equal(0);
    expect(() => at(fheParams('tacit-8192-n4').subsets, 4))
      .to.throw()
      .with.property('code', 'at/out-of-range');
    expect(() => at(new Map<string, number>(), 'a'))
      .to.throw()
      .with.property('code', 'at/out-of-range');
    expect(present(0, 'x')).to.equal(0);
    expect(() => present(undefined, 'the beacon')).to.throw('the beacon is missing');
  });
});
