/** A pallet that makes rounds without payout and takes note of what they open: the least consumer that is whole. Anyone may call everything. */
import { accountId, definePallet, event, map } from '../../pallets/support/index.ts';
import {
  admitReporter,
  admitVoter,
  ballotResultOf,
  type Consumer,
  createBallotRound,
  createMeterRound,
  createStatisticsRound,
  endedRounds,
  exhaustedOf,
  roundId,
  statisticsOf,
  takeNote,
} from '../../pallets/tally/index.ts';
import { bool, field, type Of, option, struct, u8, u16, u32, u64, vec } from '../../primitives/scale/index.ts';

const SURVEY: Consumer = { pallet: 240, opens: ['Sum'] };

const frame = { kMin: u16, openBlocks: u32, maxExtensions: u8 };
const ballotPlan = struct('test_survey::BallotPlan', { options: u32, budget: u64, maxBallots: u16, ...frame });
export type Ballots = Of<typeof ballotPlan>;
const statisticsPlan = struct('test_survey::StatisticsPlan', { counters: u32, most: u64, maxReports: u16, ...frame });
export type Statistics = Of<typeof statisticsPlan>;

const meterPlan = struct('test_survey::MeterPlan', {
  total: u64,
  bounds: vec(u64),
  openBlocks: u32,
  maxExtensions: u8,
});
export type Meter = Of<typeof meterPlan>;

/** What came of a round: sums and of how many, or nothing if it failed. */
const outcome = option(struct('test_survey::Outcome', { sums: vec(u64), of: u16 }));

const cheap = { reads: 0, writes: 0, micros: 0 };

export const survey = definePallet({
  name: 'Survey',
  index: 240,
  docs: 'Rounds without payout.',
  storage: { outcomes: map(roundId, outcome, { docs: 'What came of a round.' }) },
  events: {
    Ended: event('A round has ended.', { round: roundId, hasResult: field(bool, 'Whether it opened its sum.') }),
  },
  errors: {},
  calls: {
    ballots: {
      index: 0,
      docs: 'Begin a round of ballots.',
      args: { plan: ballotPlan },
      weight: ({ measured }) => measured(cheap),
      run({ ctx }, { plan }) {
        createBallotRound(ctx, SURVEY, plan);
      },
    },
    statistics: {
      index: 1,
      docs: 'Begin a round of statistics.',
      args: { plan: statisticsPlan },
      weight: ({ measured }) => measured(cheap),
      run({ ctx }, { plan }) {
        createStatisticsRound(ctx, SURVEY, plan);
      },
    },
    meter: {
      index: 4,
      docs: 'Begin a round of one reporter’s uses.',
      args: { plan: meterPlan, reporter: accountId },
      weight: ({ measured }) => measured(cheap),
      run({ ctx }, { plan, reporter }) {
        createMeterRound(ctx, SURVEY, plan, reporter);
      },
    },
    admitVoter: {
      index: 2,
      docs: 'Let an account vote.',
      args: { round: roundId, account: accountId },
      weight: ({ measured }) => measured(cheap),
      run({ ctx }, { round, account }) {
        admitVoter(ctx, round, account);
      },
    },
    admitReporter: {
      index: 3,
      docs: 'Let an account report.',
      args: { round: roundId, account: accountId },
      weight: ({ measured }) => measured(cheap),
      run({ ctx }, { round, account }) {
        admitReporter(ctx, round, account);
      },
    },
  },
  onFinalize({ ctx, store, events }) {
    for (const { round } of endedRounds(ctx, SURVEY)) {
      const ballots = ballotResultOf(ctx, round);
      const reports = statisticsOf(ctx, round);
      const exhausted = exhaustedOf(ctx, round);
      const found = exhausted
        ? { sums: exhausted.map((one) => BigInt(one)), of: 1 }
        : ballots
          ? { sums: ballots.sums, of: ballots.ballots }
          : reports && { sums: reports.totals, of: reports.reports };
      store.outcomes.put(round, found);
      events.Ended({ round, hasResult: found !== undefined });
      takeNote(ctx, SURVEY, round);
    }
  },
});
