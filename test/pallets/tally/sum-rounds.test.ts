/** Rounds of ballots at their limits, and whatever voters and members do in them. */
import { expect } from 'chai';
import { array, assert as hold, constantFrom, integer, nat, property, record, shuffledSubarray } from 'fast-check';
import { freeOf, reservedOf } from '../../../pallets/balances/index.ts';
import {
  ballotResultOf,
  type Consumer,
  createBallotRound,
  createRound,
  findRound,
  type Round,
  type RuleRecord,
} from '../../../pallets/tally/index.ts';
import { LANES } from '../../../primitives/proofs/lane.ts';
import { MAX_PLACES } from '../../../primitives/round/limits.ts';
import { ruleWithoutScores } from '../../../primitives/round/rule.ts';
import { account, SETTINGS, submitSealed } from '../../support/committee.ts';
import { lyingVector } from '../../support/lying-vector.ts';
import { BALLOTS, cast, conclude, freeNow, NAMES, openBallots, resultOf, surveyed } from '../../support/pallet-sums.ts';

/** Divides the budget among the options by cuts. */
function ballotOf(cuts: readonly number[]): number[] {
  const budget = Number(BALLOTS.budget);
  const sorted = [0, ...cuts.map((cut) => cut % (budget + 1)).sort((a, b) => a - b), budget];
  return Array.from({ length: BALLOTS.options }, (_, i) => (sorted[i + 1] as number) - (sorted[i] as number));
}

const plain = (ballots: readonly (readonly number[])[]): bigint[] =>
  Array.from({ length: BALLOTS.options }, (_, option) =>
    BigInt(ballots.reduce((sum, one) => sum + (one[option] as number), 0)),
  );

describe('rounds of ballots', function () {
  this.timeout(240_000);

  it('are right with all places taken, more than a round has items, and a liar among them', () => {
    const names = Array.from({ length: MAX_PLACES }, (_, i) => `voter ${i}`);
    const members = surveyed(names);
    const round = openBallots(members, names, { maxBallots: MAX_PLACES, openBlocks: 12 });
    const { deadline } = findRound(members.test.chain.ctx, round) as Round;
    const ballots = names.slice(1).map((_, i) => ballotOf([i, 3 * i, 50, 7 * i]));
    ballots.forEach((ballot, i) => cast(members, round, names[i + 1] as string, ballot));
    const lie = lyingVector(members.test, round, 'voter 0', [101, 0, 0, 0, 0]);
    submitSealed(members, 'voter 0', round, LANES.ballot, 0, lie);
    // the consumer may go on taking open votes, which must not know these
    expect(findRound(members.test.chain.ctx, round)?.deadline).to.equal(deadline);
    expect(conclude(members, round).phase.tag).to.equal('Settled');
    expect(resultOf(members, round)).to.deep.equal({ sums: plain(ballots), ballots: MAX_PLACES - 1 });
  });

  it('open the sum of the true ballots if they are enough, take the liars’ deposits, and nobody else’s', () => {
    const voter = record({
      does: constantFrom('votes', 'votes', 'votes', 'lies', 'stays away'),
      cuts: array(nat({ max: 100 }), { minLength: BALLOTS.options - 1, maxLength: BALLOTS.options - 1 }),
    });
    const scene = record({
      voters: array(voter, { minLength: NAMES.length, maxLength: NAMES.length }),
      lazy: shuffledSubarray([0, 1, 2, 3], { maxLength: 1 }),
      shift: integer({ min: 1, max: 99 }),
    });
    hold(
      property(scene, ({ voters, lazy, shift }) => {
        const members = surveyed(NAMES);
        const round = openBallots(members, NAMES);
        const before = NAMES.map((who) => freeNow(members, who));
        const ballots = voters.map(({ cuts }) => ballotOf(cuts));
        voters.forEach(({ does }, i) => {
          const [who, ballot] = [NAMES[i] as string, ballots[i] as number[]];
          if (does === 'votes') cast(members, round, who, ballot);
          if (does !== 'lies') return;
          const [first, ...others] = ballot as [number, ...number[]];
          const lie = lyingVector(members.test, round, who, [first - shift, ...others]);
          submitSealed(members, who, round, LANES.ballot, 0, lie);
        });
        members.conduct = (post, member) =>
          'round' in post && post.body.tag !== 'Reveal' && lazy.includes(member) ? undefined : post;
        const over = conclude(members, round);
        const honest = ballots.filter((_, i) => voters[i]?.does === 'votes');
        const sent = voters.filter(({ does }) => does !== 'stays away').length;
        const isEnough = honest.length >= BALLOTS.kMin;
        const found = ballotResultOf(members.test.chain.ctx, round);
        expect(found).to.deep.equal(isEnough ? { sums: plain(honest), ballots: honest.length } : undefined);
        expect(over.failure?.tag).to.equal(isEnough ? undefined : sent < BALLOTS.kMin ? 'TooFew' : 'TooFewAccepted');
        // Who lied is found out only if the round was closed and judged.
        const isJudged = sent >= BALLOTS.kMin;
        NAMES.forEach((who, i) => {
          const lost = isJudged && voters[i]?.does === 'lies' ? SETTINGS.deposit : 0n;
          expect(freeOf(members.test.chain.ctx, account(who)), who).to.equal((before[i] as bigint) - lost);
          expect(reservedOf(members.test.chain.ctx, account(who))).to.equal(0n);
        });
      }),
      { numRuns: 8 },
    );
  });

  it('open their sum and nothing else: no consumer can have it otherwise', () => {
    const { test } = surveyed(NAMES);
    const { ctx } = test.chain;
    const outcome = (make: () => number): string => {
      try {
        ctx.transactional(make);
        return 'ok';
      } catch (error) {
        return (error as Error).message;
      }
    };
    const of = (...opens: Consumer['opens']): Consumer => ({ pallet: 240, opens });
    const scored = ruleWithoutScores({ kMin: 3, openBlocks: 1, maxExtensions: 0 }) as RuleRecord;
    for (const consumer of [of(), of('Aggregate'), of('Sum', 'Sum'), of('Aggregate', 'Sum'), of('Sum', 'Payout')]) {
      const made = outcome(() => createBallotRound(ctx, consumer, BALLOTS));
      expect(made, consumer.opens.join()).to.equal('Tally.BadOpenings');
    }
    for (const consumer of [
      of('Sum'),
      of('Direction', 'Aggregate', 'Payout', 'Sum'),
      of('Aggregate', 'Direction', 'Payout'),
      of('Direction', 'Payout'),
      of('Aggregate', 'Sum'),
    ]) {
      const made = outcome(() => createRound(ctx, consumer, scored));
      expect(made, consumer.opens.join()).to.equal('Tally.BadOpenings');
    }
    expect(outcome(() => createBallotRound(ctx, of('Sum'), BALLOTS))).to.equal('ok');
  });
});
