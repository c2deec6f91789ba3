import { expect } from 'chai';
import { Origin } from '../../../pallets/support/index.ts';
import { exhaustedOf, findRound, type Round, tally } from '../../../pallets/tally/index.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { meterVector } from '../../../primitives/proofs/meter.ts';
import { laneSpecOf, VERDICT } from '../../../primitives/round/index.ts';
import { account, roundInfoOf, sealedOf, SETTINGS, submitSealed, type TestCommittee } from '../../support/committee.ts';
import { lyingVector } from '../../support/lying-vector.ts';
import { conclude, freeNow, NAMES, openMeter, surveyed } from '../../support/pallet-sums.ts';
import { survey } from '../../support/survey.ts';

const laneOf = ({ test }: TestCommittee, round: number) => {
  const { lanes } = findRound(test.chain.ctx, round) as Round;
  return laneSpecOf(lanes[0] as Round['lanes'][number]);
};

function meter(members: TestCommittee, round: number, who: string, counts: readonly number[]): void {
  const values = meterVector(laneOf(members, round), counts);
  submitSealed(members, who, round, LANES.meter, 0, sealedOf(members.test, round, who, LANES.meter, 0, values));
}

describe('a meter of grants', function () {
  this.timeout(60_000);

  it('opens which grants are used up, and of the counts nothing else', () => {
    for (const [counts, exhausted] of [
      [
        [10, 2],
        [true, false],
      ],
      [
        [9, 3],
        [false, false],
      ],
      [
        [7, 5],
        [false, true],
      ],
      [
        [0, 12],
        [false, true],
      ],
      [
        [12, 0],
        [true, false],
      ],
    ] as const) {
      const members = surveyed(NAMES);
      const round = openMeter(members, 'anna');
      const at = members.test.chain.ctx.block;
      meter(members, round, 'anna', counts);
      // nobody else is waited for
      expect(findRound(members.test.chain.ctx, round)?.deadline).to.equal(at + 1);
      expect(conclude(members, round).phase.tag).to.equal('Settled');
      const { ctx } = members.test.chain;
      expect(exhaustedOf(ctx, round), counts.join()).to.deep.equal(exhausted);
      // Two coefficients, each 0 or 1, are all that was opened of eight.
      expect(tally.use(ctx).store.sums.get(round)?.sums).to.deep.equal(exhausted.map((one) => BigInt(one)));
      expect(survey.use(ctx).store.outcomes.get(round)?.of).to.equal(1);
    }
  });

  /** Bounds 10 and 5, in all 12 uses, one digit: `q q' r s` of the counts 10 and 2 are `1 0 0 15` and `0 1 2 2`. */
  const LIES: Readonly<Record<string, readonly number[]>> = {
    'hides that a grant is used up': [0, 0, 1, 1, 10, 2, -1, 2],
    'hides it with a rest as large as the bound': [0, 0, 1, 1, 10, 2, 5, 2],
    'hides it and drops the use too many': [0, 0, 1, 1, 9, 2, 0, 2],
    'hides it where another grant is neither: the errors of two equations make up for each other': [
      0, 0, 1, 0, 10, 2, 0, 2,
    ],
    'says that a grant is used up which is not': [1, 1, 0, 0, 0, -3, 15, 18],
    'says neither': [0, 0, 0, 1, 10, 2, 15, 2],
    'says both': [1, 0, 1, 1, 0, 2, 15, 2],
    'counts a bound twice': [2, 0, -1, 1, -10, 2, 15, 2],
    'counts more than is billed': [1, 0, 0, 1, 1, 2, 14, 2],
    'counts less than is billed': [1, 0, 0, 1, 0, 1, 15, 3],
  };
  for (const [what, values] of Object.entries(LIES)) {
    it(`drops a report that ${what}: the round fails, and its deposit is lost`, () => {
      const members = surveyed(NAMES);
      const round = openMeter(members, 'anna');
      const before = freeNow(members, 'anna');
      const lie = lyingVector(members.test, round, 'anna', values, undefined, LANES.meter);
      submitSealed(members, 'anna', round, LANES.meter, 0, lie);
      expect(conclude(members, round).failure?.tag).to.equal('TooFewAccepted');
      expect(roundInfoOf(members.test.chain.ctx, round).submissions[0]?.verdict).to.equal(VERDICT.refused);
      expect(exhaustedOf(members.test.chain.ctx, round)).to.equal(undefined);
      expect(freeNow(members, 'anna')).to.equal(before - SETTINGS.deposit);
    });
  }

  it('takes the same numbers from the liars’ tool where they are true', () => {
    const members = surveyed(NAMES);
    const round = openMeter(members, 'anna');
    const truth = lyingVector(members.test, round, 'anna', [1, 0, 0, 1, 0, 2, 15, 2], undefined, LANES.meter);
    submitSealed(members, 'anna', round, LANES.meter, 0, truth);
    conclude(members, round);
    expect(exhaustedOf(members.test.chain.ctx, round)).to.deep.equal([true, false]);
  });

  it('is for one reporter, with the bounds it was made with', () => {
    const members = surveyed(NAMES);
    const { chain } = members.test;
    const round = openMeter(members, 'anna');
    const other = openMeter(members, 'anna', { bounds: [11n, 5n] });
    const sealed = sealedOf(members.test, other, 'anna', LANES.meter, 0, meterVector(laneOf(members, other), [10, 2]));
    const submit = tally.call.submit({ round, lane: LANES.meter, part: 0, sealed });
    chain.expectNoop(Origin.signed(account('anna')), submit, tally.errors.BadProof);
    chain.expectNoop(Origin.signed(account('bo')), submit, tally.errors.NotAdmitted);
    const admit = survey.call.admitReporter({ round, account: account('bo') });
    chain.expectNoop(Origin.signed(account('owner')), admit, tally.errors.NoSuchLane);
  });

  it('that does not fit is refused when it is made', () => {
    const members = surveyed(NAMES);
    const refused = (changes: { total?: bigint; bounds?: bigint[] }): void => {
      const plan = { total: 12n, bounds: [10n], openBlocks: 8, maxExtensions: 0, ...changes };
      const call = survey.call.meter({ plan, reporter: account('anna') });
      members.test.chain.expectNoop(Origin.signed(account('owner')), call, tally.errors.BadSum);
    };
    refused({ bounds: [] });
    refused({ bounds: [10n, 0n] });
    refused({ total: 0n });
    refused({ bounds: [16n ** 12n] });
    refused({ total: 16n ** 12n });
    // More digits than a submission of this parameter set carries: 256 of them.
    refused({ bounds: Array.from({ length: 65 }, () => 10n) });
  });
});
