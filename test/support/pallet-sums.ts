/** Rounds without payout on a test chain: their rules, their contributions, what came of them. */
import { LANES } from '../../primitives/proofs/lane.ts';
import { ballotResultOf, findRound, type Round, tally } from '../../pallets/tally/index.ts';
import { freeOf } from '../../pallets/balances/index.ts';
import { committee } from '../../pallets/committee/index.ts';
import { account, call, phaseOf, sealedOf, submitSealed, type TestChain, TestCommittee } from './committee.ts';
import { testChain, type TestChainOptions } from './pallet-chain.ts';
import { type Ballots, type Meter, type Statistics, survey } from './survey.ts';

export const BALLOTS: Ballots = {
  options: 5,
  budget: 100n,
  maxBallots: 6,
  kMin: 3,
  openBlocks: 8,
  maxExtensions: 1,
};
export const STATISTICS: Statistics = {
  counters: 3,
  most: 4_095n,
  maxReports: 6,
  kMin: 3,
  openBlocks: 8,
  maxExtensions: 0,
};

/** A committee with its keys, and the pallet that makes rounds without payout. */
export function surveyed(names: readonly string[], more: TestChainOptions = {}): TestCommittee {
  const members = new TestCommittee(testChain({ accounts: names, pallets: [survey], ...more }));
  members.runToActive();
  return members;
}

const lastRound = ({ chain }: TestChain): number => tally.use(chain.ctx).store.nextRound.get() - 1;

/** A round of ballots that is open, with these voters admitted; its number. */
export function openBallots(members: TestCommittee, voters: readonly string[], changes: Partial<Ballots> = {}): number {
  const { test } = members;
  call(test, 'owner', survey.call.ballots({ plan: { ...BALLOTS, ...changes } }));
  const round = lastRound(test);
  for (const who of voters) call(test, 'owner', survey.call.admitVoter({ round, account: account(who) }));
  members.runUntil(() => phaseOf(test, round) === 'Open');
  return round;
}

/** The same with reporters. */
export function openStatistics(members: TestCommittee, reporters: readonly string[]): number {
  const { test } = members;
  call(test, 'owner', survey.call.statistics({ plan: STATISTICS }));
  const round = lastRound(test);
  for (const who of reporters) call(test, 'owner', survey.call.admitReporter({ round, account: account(who) }));
  members.runUntil(() => phaseOf(test, round) === 'Open');
  return round;
}

/** A meter that is open for this reporter. */
export function openMeter(members: TestCommittee, reporter: string, changes: Partial<Meter> = {}): number {
  const { test } = members;
  const plan = { total: 12n, bounds: [10n, 5n], openBlocks: 8, maxExtensions: 0, ...changes };
  call(test, 'owner', survey.call.meter({ plan, reporter: account(reporter) }));
  const round = lastRound(test);
  members.runUntil(() => phaseOf(test, round) === 'Open');
  return round;
}

export function cast(
  members: TestCommittee,
  round: number,
  who: string,
  weights: readonly number[],
  lane: number = LANES.ballot,
): void {
  submitSealed(members, who, round, lane, 0, sealedOf(members.test, round, who, lane, 0, weights));
}

/** Blocks pass until the round is over. */
export function conclude(members: TestCommittee, id: number): Round {
  members.runUntil(() => ['Settled', 'Failed'].includes(phaseOf(members.test, id)));
  return findRound(members.test.chain.ctx, id) as Round;
}

export const NAMES = ['anna', 'bo', 'cleo', 'dan', 'eve'];
export const HONEST: readonly (readonly [string, readonly number[]])[] = [
  ['anna', [100, 0, 0, 0, 0]],
  ['bo', [20, 20, 20, 20, 20]],
  ['cleo', [0, 1, 99, 0, 0]],
];
export const SUMS = [120n, 21n, 119n, 20n, 20n];

export function castHonest(members: TestCommittee, round: number): void {
  for (const [who, weights] of HONEST) cast(members, round, who, weights);
}

export const resultOf = ({ test }: TestCommittee, round: number) => ballotResultOf(test.chain.ctx, round);
export const freeNow = ({ test }: TestCommittee, who: string): bigint => freeOf(test.chain.ctx, account(who));
export const offencesOf = ({ test }: TestCommittee): string[] => {
  const { store } = committee.use(test.chain.ctx);
  return Array.from({ length: store.offenceCount.get() }, (_, i) => {
    const offence = store.offences.get(i);
    return `${offence?.member} ${offence?.kind.tag} ${offence?.step}`;
  });
};
