/**
 * Rounds that pay nothing: admitted accounts submit one encrypted vector each, and the sum of all accepted ones is opened if they are at least `kMin`
 * (specification §6.6). Ballots weigh options within a budget; reports count, for statistics of usage. Who is admitted is the consumer's affair, and so is
 * the price: `postsBytesOf` says what the committee posts for a round.
 *
 * ```ts
 * const CURATION: Consumer = { pallet: 43, opens: ['Sum'] };
 * const id = createBallotRound(ctx, CURATION, { options, budget, kMin, maxBallots, openBlocks, maxExtensions });
 * admitVoter(ctx, id, account);                      // until the round closes
 * // in onFinalize: for each of endedRounds(ctx, CURATION)
 * const result = ballotResultOf(ctx, id);            // { sums, ballots }, or undefined: the round failed
 * ```
 */
import { present } from '../../primitives/at.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import { LANES, type LaneName } from '../../primitives/proofs/lane.ts';
import { postsBytes } from '../../primitives/round/requests.ts';
import {
  type BallotPlan,
  type MeterPlan,
  type StatisticsPlan,
  sumOfBallots,
  sumOfMeter,
  sumOfReports,
} from '../../primitives/round/rule.ts';
import { type RoundPhase, VERDICT } from '../../primitives/round/phases.ts';
import { type Context, ensure } from '../support/index.ts';
import type { Consumer } from './consumer.ts';
import { createSumRound } from './lifecycle.ts';
import { liveRound, roundOf } from './rounds.ts';
import { state } from './state.ts';
import type { Round } from './types.ts';

/** Phases before the close: who is admitted later could know what others have submitted. */
const BEFORE_CLOSE: readonly RoundPhase[] = ['Keying', 'KeyCheck', 'Open'];

const UNREFUSED: readonly number[] = [VERDICT.pending, VERDICT.accepted];

/**
 * Begins a round of ballots. The caller has seen to what it costs, and its consumer opens `['Sum']`. Fails with `BadCounts`, `BadWindow`, `BadSum`,
 * `SumWraps`, `NoiseBudget`, `BadOpenings`, `TooCostly`, `TooManyRounds`, or the committee's `NoTerm`, `Rotating`, `TermOver`.
 * @returns the round's number
 */
export function createBallotRound(ctx: Context, consumer: Consumer, plan: BallotPlan): number {
  return createSumRound(ctx, consumer, plan, sumOfBallots(plan));
}

/** Begins a round of statistics: reporters count, no count is above what `most` has digits for. Fails as {@link createBallotRound} does. */
export function createStatisticsRound(ctx: Context, consumer: Consumer, plan: StatisticsPlan): number {
  return createSumRound(ctx, consumer, plan, sumOfReports(plan));
}

/**
 * Begins a round of one reporter, whose counts of uses are billed by their public total and held against bounds: what is opened is which bounds are reached. The
 * counts are since each grant was given, and bounds come from its terms [whoever chooses bounds finds a count in a few rounds]. Fails as
 * {@link createBallotRound} does.
 */
export function createMeterRound(ctx: Context, consumer: Consumer, plan: MeterPlan, reporter: Uint8Array): number {
  const round = createSumRound(ctx, consumer, { ...plan, kMin: 1 }, sumOfMeter(plan));
  admit(ctx, round, reporter, 'meter');
  return round;
}

/** Lets an account cast one ballot. Fails with `UnknownRound`, `NoSuchLane`, `NotOpen` from the close on, `AlreadyAdmitted`, `RoundFull`. */
export function admitVoter(ctx: Context, round: number, account: Uint8Array): void {
  admit(ctx, round, account, 'ballot');
}

/** Lets an account hand in one report. Fails as {@link admitVoter} does. */
export function admitReporter(ctx: Context, round: number, account: Uint8Array): void {
  admit(ctx, round, account, 'counts');
}

/**
 * Closes an open round at the end of this block if nobody is waited for: all places are taken, and everybody who is admitted has handed in. Who has is known to all
 * before, and nothing is opened that would not be opened at the deadline.
 * @returns whether it closes
 */
export function closeFull(ctx: Context, id: number): boolean {
  const tally = state.use(ctx);
  const round = liveRound(tally, id);
  const { sum, admitted, submissions, phase } = round;
  if (phase.tag !== 'Open' || sum === undefined || admitted < sum.places || submissions < admitted) return false;
  tally.store.rounds.put(id, { ...round, deadline: ctx.block });
  return true;
}

function admit(ctx: Context, id: number, account: Uint8Array, lane: LaneName): void {
  const tally = state.use(ctx);
  const { store, events, errors } = tally;
  const round = liveRound(tally, id);
  const { sum, admitted } = round;
  ensure(sum?.lane === LANES[lane], errors.NoSuchLane);
  ensure(BEFORE_CLOSE.includes(round.phase.tag), errors.NotOpen);
  ensure(!store.admitted.has(id, account), errors.AlreadyAdmitted);
  ensure(admitted < sum.places, errors.RoundFull);
  store.admitted.put(id, account, admitted);
  store.rounds.put(id, { ...round, admitted: admitted + 1 });
  events.Admitted({ round: id, account });
}

/** What the accepted ballots of a settled round give each option; undefined before that, and of a round that failed. */
export function ballotResultOf(ctx: Context, round: number): { sums: bigint[]; ballots: number } | undefined {
  const found = sumsOf(ctx, round, 'ballot');
  return found && { sums: found.sums, ballots: found.contributors };
}

/**
 * Who has handed in to a round that is over what no check refused, in the order in which it came: the accepted, and of a round that ended before its checks all, for
 * they have done their part. Known until the consumer has taken note of the end.
 */
export function unrefusedContributors(ctx: Context, round: number): Uint8Array[] {
  const { store } = state.use(ctx);
  const { submissions } = roundOf(state.use(ctx), round);
  return Array.from({ length: submissions }, (_, place) => store.submissions.get(round, place))
    .filter((submission) => submission && UNREFUSED.includes(submission.verdict))
    .map((submission) => present(submission, 'a submission').account);
}

/** Totals of a settled round of statistics, per counter, and over how many reports; undefined before that, and of a round that failed. */
export function statisticsOf(ctx: Context, round: number): { totals: bigint[]; reports: number } | undefined {
  const found = sumsOf(ctx, round, 'counts');
  return found && { totals: found.sums, reports: found.contributors };
}

/** Which bounds of a settled meter are reached, in their order; undefined before that, and of a round that failed. */
export function exhaustedOf(ctx: Context, round: number): boolean[] | undefined {
  return sumsOf(ctx, round, 'meter')?.sums.map((reached) => reached === 1n);
}

function sumsOf(ctx: Context, id: number, lane: LaneName): { sums: bigint[]; contributors: number } | undefined {
  const { store } = state.use(ctx);
  return store.rounds.get(id)?.sum?.lane === LANES[lane] ? store.sums.get(id) : undefined;
}

/** Bytes that the committee posts for a round free of charge, in which every member posts once: what its consumer may ask somebody to pay for. */
export function postsBytesOf({ paramsId, rule, sum }: Round): number {
  return postsBytes(fheParams(paramsId), rule, sum);
}
