/** The rule of a round: what is collected, how it is scored or summed, what it pays. Fixed when the round is made. */
import { LANES, METER_VALUES } from '../proofs/lane.ts';
import type { Sketch } from './sketch.ts';

/** Who counts something of each item: uses, hours, results. What is counted is the consumer's affair. */
export interface CountRule {
  readonly account: Uint8Array;
  /** What the counts of all items must add up to: public. */
  readonly total: bigint;
  /** Points for one of what is counted. */
  readonly points: bigint;
}

/** Money in units of 10^-6 TAC. */
export interface RoundRule {
  /** Values of each update part, the four spare coordinates included. */
  readonly parts: readonly number[];
  /** Squared norm of every update part; bound of that of the direction's parts. */
  readonly normSq: bigint;
  /** One vector of counts each, in this order; an account may be named for several. */
  readonly reporters: readonly CountRule[];
  /** Points for one unit of `n^2 * phi`. */
  readonly gamma: bigint;
  /** Points of every accepted item, whatever it brings. */
  readonly base: bigint;
  /** Most public points that the consumer may give one item, above the base. */
  readonly mostStanding: bigint;
  /** Largest factor that the consumer may give the counts of an item, at least 1. */
  readonly mostFactor: number;
  /** Below this total score nothing is paid. */
  readonly tMin: bigint;
  /** What the round may pay on top of the stakes. */
  readonly pool: bigint;
  /** Put up by each enrolment and paid out with the note. */
  readonly stake: bigint;
  /** Least number of accounts that a round closes and is opened with. */
  readonly kMin: number;
  readonly maxItems: number;
  readonly openBlocks: number;
  readonly maxExtensions: number;
  /** `directionHash` of each part of the validation direction. */
  readonly directions: readonly Uint8Array[];
  /** Rounds whose aggregates the scores are held against, the last opened first. */
  readonly past: readonly number[];
  /** Hundredths of the weights' projection onto them that are taken out. */
  readonly discount: number;
  /** Whether of the items of one holder one counts, the first that passes the checks. */
  readonly holders: boolean;
  /** What updates, direction and aggregate are sketches of; undefined if they are the model's own coordinates. */
  readonly sketch: Sketch | undefined;
}

/** What a round without payout collects: one vector of each admitted account, of which nothing is opened but the sum of all. Its rule has no parts. */
export interface SumRule {
  /** Wire number of the one lane: `ballot`, `counts` or `meter`. */
  readonly lane: number;
  /** Values of each vector: options of a ballot, counters of a report, what a meter's counts are written as. */
  readonly values: number;
  /** What the weights of a ballot, or a meter's counts, add up to; what no count of a report is meant to pass (it is held to the digits of it). */
  readonly most: bigint;
  /** Accounts that may be admitted. */
  readonly places: number;
  /** Of a meter, the bound of each count: what is opened is which of them are reached. Empty for the other lanes. */
  readonly bounds: readonly bigint[];
}

/** When a round closes, and with how few it is opened. */
export type RoundFrame = Pick<RoundRule, 'kMin' | 'openBlocks' | 'maxExtensions'>;

/** The rule of a round that enrols, scores and pays nothing. */
export function ruleWithoutScores({ kMin, openBlocks, maxExtensions }: RoundFrame): RoundRule {
  const points = { reporters: [], gamma: 0n, base: 0n, mostStanding: 0n, mostFactor: 1 };
  const nothing = { parts: [], normSq: 0n, ...points, tMin: 0n, pool: 0n, stake: 0n };
  const shared = { past: [], discount: 0, holders: false, sketch: undefined };
  return { ...nothing, ...shared, kMin, maxItems: 0, openBlocks, maxExtensions, directions: [] };
}

/** What a round of ballots is about: each weighs `options` by whole numbers that add up to `budget`. */
export interface BallotPlan extends RoundFrame {
  readonly options: number;
  readonly budget: bigint;
  /** Accounts that may be admitted, a ballot each. */
  readonly maxBallots: number;
}

/** What a round of statistics is about: each report has `counters` whole numbers, none above `most`. */
export interface StatisticsPlan extends RoundFrame {
  readonly counters: number;
  /** The largest count: rounded up to all the base-16 digits that it has. */
  readonly most: bigint;
  /** Accounts that may be admitted, a report each. */
  readonly maxReports: number;
}

export const sumOfBallots = ({ options, budget, maxBallots }: BallotPlan): SumRule => {
  return { lane: LANES.ballot, values: options, most: budget, places: maxBallots, bounds: [] };
};

export const sumOfReports = ({ counters, most, maxReports }: StatisticsPlan): SumRule => {
  return { lane: LANES.counts, values: counters, most, places: maxReports, bounds: [] };
};

/** What a meter is about: how often each of some grants was used since it was given, in all `total` times, and which of them are used up. */
export interface MeterPlan extends Omit<RoundFrame, 'kMin'> {
  /** Uses of all grants together: what they are billed by. */
  readonly total: bigint;
  /** Uses with which each grant is exhausted, at least one. */
  readonly bounds: readonly bigint[];
}

export const sumOfMeter = ({ total, bounds }: MeterPlan): SumRule => {
  return { lane: LANES.meter, values: METER_VALUES * bounds.length, most: total, places: 1, bounds };
};

/** How many values, the first of the vector, are opened: all, or of a meter those that say which bounds are reached. */
export function openedValues({ values, bounds }: Pick<SumRule, 'values' | 'bounds'>): number {
  return bounds.length === 0 ? values : bounds.length;
}
