/** A round of ballots of a committee, on the real pallets and with real shares: what its submissions and its one opening take. */
import { Origin } from '../../pallets/support/index.ts';
import { tally } from '../../pallets/tally/index.ts';
import { LANES } from '../../primitives/proofs/lane.ts';
import { account, call, phaseOf, sealedOf, submitSealed, testChain } from '../../test/support/committee.ts';
import { survey } from '../../test/support/survey.ts';
import { Gauge } from './gauge.ts';
import type { RoundFigures } from './round.ts';

export interface BallotsPlan {
  readonly paramsId: string;
  readonly voters: number;
  /** Options of each ballot. */
  readonly options: number;
  /** Milliseconds for each cost; see {@link costOf}. */
  readonly budget: number;
}

/** What each ballot spends, all of it on the first option: two digits a weight. */
const WEIGHTS = 255;

/** Runs a round of ballots to its settlement. Throws if it fails. */
export function measureBallots({ paramsId, voters, options, budget }: BallotsPlan): RoundFigures {
  const names = Array.from({ length: voters }, (_, i) => `voter ${i}`);
  const test = testChain({ paramsId, accounts: names, pallets: [survey] });
  const gauge = new Gauge(test, budget);
  gauge.runToActive();
  const frame = { kMin: 2, openBlocks: 200, maxExtensions: 0 };
  call(
    test,
    'owner',
    survey.call.ballots({ plan: { options, budget: BigInt(WEIGHTS), maxBallots: voters, ...frame } }),
  );
  const round = tally.use(test.chain.ctx).store.nextRound.get() - 1;
  for (const who of names) call(test, 'owner', survey.call.admitVoter({ round, account: account(who) }));
  const until = (phase: string): void => {
    gauge.runUntil(() => {
      const found = phaseOf(test, round);
      if (found === 'Failed') throw new Error(`the round of ballots failed before ${phase}`);
      return found === phase;
    });
  };
  until('Open');
  const weights = Array.from({ length: options }, (_, i) => (i === 0 ? WEIGHTS : 0));
  for (const who of names) {
    const sealed = sealedOf(test, round, who, LANES.ballot, 0, weights);
    const what = tally.call.submit({ round, lane: LANES.ballot, part: 0, sealed });
    gauge.noteSized('Tally.submit', sealed.length, Origin.signed(account(who)), what);
    submitSealed(gauge, who, round, LANES.ballot, 0, sealed);
  }
  until('Settled');
  return gauge;
}
