import { expect } from 'chai';
import { assert as hold, bigInt, boolean, constantFrom, integer, property, record } from 'fast-check';
import { fheParams, noiseBound, openedNoiseLimit, SECURE_PARAMS } from '../../../primitives/fhe/params.ts';
import { checkLane, LANES, type LaneName } from '../../../primitives/proofs/lane.ts';
import {
  LANE_TABLE,
  lanesOf,
  laneSpecOf,
  largestSummed,
  MAX_ITEMS,
  MAX_LANES,
  MAX_PLACES,
  MAX_REPORTERS,
  MAX_SUBMISSIONS,
  MAX_UPDATE_PARTS,
  MAX_UPDATES,
  ruleWithoutScores,
  sumDistance,
  sumFault,
  sumOfBallots,
  sumOfReports,
} from '../../../primitives/round/index.ts';

const frame = { kMin: 3, openBlocks: 10, maxExtensions: 1 };

describe('rounds that are opened as one sum', () => {
  it('have one lane, of vectors that add up to the budget or have as many digits as the largest count', () => {
    const rule = ruleWithoutScores(frame);
    const ballots = sumOfBallots({ ...frame, options: 7, budget: 1_000n, maxBallots: 9 });
    expect(lanesOf(rule, ballots).map(laneSpecOf)).to.deep.equal([
      { lane: 'ballot', part: 0, values: 7, digits: 3, offset: 0, total: 1_000n },
    ]);
    const reports = sumOfReports({ ...frame, counters: 2, most: 255n, maxReports: 9 });
    expect(lanesOf(rule, reports).map(laneSpecOf)).to.deep.equal([
      { lane: 'counts', part: 0, values: 2, digits: 2, offset: 0 },
    ]);
    expect(lanesOf(rule)).to.deep.equal([]);
    expect([largestSummed(ballots), largestSummed(reports)]).to.deep.equal([1_000n, 255n]);
    expect(largestSummed({ ...reports, most: 256n })).to.equal(4_095n);
  });

  it('bounds of lanes and submissions follow from the table', () => {
    expect(MAX_LANES).to.equal(MAX_UPDATE_PARTS + MAX_REPORTERS);
    expect(MAX_SUBMISSIONS).to.equal(MAX_UPDATES + MAX_REPORTERS);
    expect(MAX_UPDATES).to.be.at.least(MAX_ITEMS);
    expect(MAX_SUBMISSIONS).to.be.at.least(MAX_PLACES);
    for (const name of Object.keys(LANES) as LaneName[]) {
      const { most } = LANE_TABLE[name];
      expect(most.parts).to.be.at.most(MAX_LANES);
      expect(most.submissions).to.be.at.most(MAX_SUBMISSIONS);
    }
  });

  it('that are let through never wrap, never pass their noise, and never show more than the flood hides', () => {
    const plan = record({
      options: integer({ min: 1, max: 2_000 }),
      budget: bigInt({ min: 0n, max: 1n << 48n }),
      maxBallots: integer({ min: 0, max: 80 }),
      kMin: integer({ min: 0, max: 40 }),
      isBallot: boolean(),
      id: constantFrom(...SECURE_PARAMS),
    });
    let taken = 0;
    hold(
      property(plan, ({ id, isBallot, kMin, options, budget, maxBallots }) => {
        const params = fheParams(id);
        const sum = isBallot
          ? sumOfBallots({ ...frame, kMin, options, budget, maxBallots })
          : sumOfReports({ ...frame, kMin, counters: options, most: budget, maxReports: maxBallots });
        if (sumFault(params, { ...frame, kMin }, sum, 2) !== undefined) return;
        taken++;
        const places = BigInt(sum.places);
        expect(places * largestSummed(sum) < params.t).to.equal(true);
        expect(openedNoiseLimit(params, places) * 2n * params.t < params.q).to.equal(true);
        expect(noiseBound(params, places) < 1n << BigInt(params.floodBits)).to.equal(true);
        expect(sumDistance(params, sum)).to.be.at.least(params.lambda);
        expect(kMin).to.be.within(2, sum.places);
        for (const lane of lanesOf(ruleWithoutScores(frame), sum)) checkLane(laneSpecOf(lane), params.degree);
      }),
      { numRuns: 500 },
    );
    expect(taken).to.be.greaterThan(20);
  });

  it('would show every ballot if stakes weighed them [stakes that grow by more than the budget]', () => {
    const budget = 1_000n;
    const ballots = [
      [0n, 1_000n],
      [417n, 583n],
      [1_000n, 0n],
      [3n, 997n],
    ];
    const stakes = ballots.map((_, voter) => (budget + 1n) ** BigInt(voter));
    const sums = [0, 1].map((option) =>
      ballots.reduce((sum, weights, voter) => sum + (stakes[voter] as bigint) * (weights[option] as bigint), 0n),
    );
    // Nothing but what would be opened, and the public stakes.
    const read = stakes.map((stake) => sums.map((sum) => (sum / stake) % (budget + 1n)));
    expect(read).to.deep.equal(ballots);
    const { t } = fheParams('tacit-8192-n4');
    expect(
      sums.every((sum) => sum < t),
      'and it would fit',
    ).to.equal(true);
  });

  it('of the largest size are let through on every chain, and are as far from showing anything as the flood is wide', () => {
    const distances = SECURE_PARAMS.map((id) => {
      const params = fheParams(id);
      const largest = { ...frame, options: params.degree, budget: 255n, maxBallots: MAX_PLACES };
      const sum = sumOfBallots(largest);
      expect(sumFault(params, largest, sum, 2), id).to.equal(undefined);
      return sumDistance(params, sum);
    });
    expect(distances).to.deep.equal([76, 69, 62]);
  });
});
