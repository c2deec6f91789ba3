/** A round of ballots of a committee, on the real pallets and with real shares: what its submissions and its one opening take. */
import { Origin } from '../../pallets/support/index.ts';
import { tally } from '../../pallets/tally/index.ts';
import { LANES } from '../../primitives/proofs/lane.ts';
import { account, call, phaseOf, sealedOf, submitSealed, testChain } from '../../test/support/committee.ts';
import { forged } from '../../test/support/forged.ts';
import { survey } from '../../test/support/survey.ts';
import { Gauge } from './gauge.ts';
import type { RoundFigures } from './round.ts';

export interface BallotsPlan {
  readonly paramsId: string;
  readonly voters: number;
  /** Options of each ballot. */
  readonly options: number;
  /** One more voter sends a ballot whose proof does not hold, so that every ballot is judged by itself. */
  readonly forger: boolean;
  /** Milliseconds for each cost; see {@link costOf}. */
  readonly budget: number;
}

/** What each ballot spends, all of it on the first option: two digits a weight. */
const WEIGHTS = 255;

/** Runs a round of ballots to its settlement. Throws if it fails. */
export function measureBallots({ paramsId, voters, options, budget, forger }: BallotsPlan): RoundFigures {
  const liar = 'forger';
  const names = [...Array.from({ length: voters }, (_, i) => `voter ${i}`), ...(forger ? [liar] : [])];
  const test = testChain({ paramsId, accounts: names, pallets: [survey] });
  const gauge = new Gauge(test, budget);
  gauge.runToActive();
  const frame = { kMin: 2, openBlocks: 200, maxExtensions: 0 };
  call(
    test,
    'owner',
    survey.call.ballots({ plan: { options, budget: BigInt(WEIGHTS), maxBallots: names.length, ...frame } }),
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
    const sealed =
      who === liar
        ? forged(test, round, who, 0, 'opened', LANES.ballot)
        : sealedOf(test, round, who, LANES.ballot, 0, weights);
    const what = tally.call.submit({ round, lane: LANES.ballot, part: 0, sealed });
    gauge.noteSized('Tally.submit', sealed.length, Origin.signed(account(who)), what);
    submitSealed(gauge, who, round, LANES.ballot, 0, sealed);
  }
  until('Settled');
  return gauge;
}
