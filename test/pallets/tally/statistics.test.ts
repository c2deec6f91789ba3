import { expect } from 'chai';
import { ballotResultOf, findRound, statisticsOf } from '../../../pallets/tally/index.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { submitSealed } from '../../support/committee.ts';
import { cast, conclude, NAMES, openStatistics, surveyed } from '../../support/pallet-sums.ts';
import { lyingVector } from '../../support/lying-vector.ts';

describe('a round of statistics', function () {
  it('opens totals over all reports, whose own totals nobody learns', () => {
    const members = surveyed(NAMES);
    const round = openStatistics(members, NAMES.slice(0, 4));
    cast(members, round, 'anna', [4_095, 0, 7], LANES.counts);
    cast(members, round, 'bo', [0, 0, 0], LANES.counts);
    cast(members, round, 'cleo', [1, 2, 3], LANES.counts);
    expect(conclude(members, round).phase.tag).to.equal('Settled');
    const { ctx } = members.test.chain;
    expect(statisticsOf(ctx, round)).to.deep.equal({ totals: [4_096n, 2n, 10n], reports: 3 });
    expect(ballotResultOf(ctx, round)).to.equal(undefined);
    expect(findRound(ctx, round)?.lanes[0]?.total).to.equal(undefined);
  });

  it('drops a count below zero and one above what its digits hold', () => {
    for (const values of [
      [-1, 0, 0],
      [0, 0, -4_000],
    ]) {
      const members = surveyed(NAMES);
      const round = openStatistics(members, NAMES);
      for (const who of ['anna', 'bo', 'cleo']) cast(members, round, who, [1, 1, 1], LANES.counts);
      const lie = lyingVector(members.test, round, 'eve', values, undefined, LANES.counts);
      submitSealed(members, 'eve', round, LANES.counts, 0, lie);
      conclude(members, round);
      expect(statisticsOf(members.test.chain.ctx, round)).to.deep.equal({ totals: [3n, 3n, 3n], reports: 3 });
    }
  });

  it('opens nothing of fewer reports than it needs', () => {
    const members = surveyed(NAMES);
    const round = openStatistics(members, NAMES);
    for (const who of ['anna', 'bo']) cast(members, round, who, [1, 1, 1], LANES.counts);
    expect(conclude(members, round).failure?.tag).to.equal('TooFew');
    expect(statisticsOf(members.test.chain.ctx, round)).to.equal(undefined);
  });
});
