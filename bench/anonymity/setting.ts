/** The world of the simulation: sizes, times and habits. Times in blocks of two seconds, money in units of 10^-6 TAC. */

import { LEAST_CLAIM as LEAST } from '../../pallets/notes/index.ts';
import { PARAMETERS } from '../../pallets/parameters/index.ts';

export const HOUR = 1_800;
export const DAY: number = 24 * HOUR;

/** Items of a round, and the time from one round to the next. */
export const ITEMS = 16;
export const EVERY = 1_800;
/** Wallets of honest people. Some take part in nearly every round, most in few. */
export const WALLETS = 240;
/** Hours of the day in which a wallet runs: it can claim in them only, and whoever sees its account enrol knows which they are. */
export const AWAKE_HOURS = 8;
export const STAKE = 1_000_000;
/** Pools of rounds. */
export const LEAST_POOL = 20_000_000;
export const MOST_POOL = 200_000_000;
/** What an account brings is within so many hundredths of what everybody expects of it. */
export const SURPRISE = 25;

/** Constants and parameters of the chain (specification §12.2, §12.10). */
export const LEAST_CLAIM: number = Number(LEAST);
export const BIN_LEAST: number = Number(PARAMETERS.BinLeast.default);
export const BIN_WAIT: number = Number(PARAMETERS.BinWait.default);

/** How wallets behave: all of them alike. */
export interface Habits {
  /** Mean delay of each claim in blocks of the wallet's waking hours; `at once`: everything in one block, once a day. */
  readonly delay: number | 'at once';
  /** A note of at least so many times its bin's largest amount leaves change in two notes. */
  readonly splitAt: number;
  /** Places of a bin: it closes when they are taken, or with {@link BIN_LEAST} notes and {@link BIN_WAIT} old. */
  readonly places: number;
}

export interface Setting extends Habits {
  readonly seed: number;
  readonly rounds: number;
  /** Items in a hundred that are the adversary's. */
  readonly sybils: number;
}

/** 1, 2 and 5 times the powers of ten, from {@link LEAST_CLAIM} on. */
export const DENOMINATIONS: readonly number[] = [
  20_000,
  50_000,
  ...[5, 6, 7, 8, 9].flatMap((power) => [1, 2, 5].map((digit) => digit * 10 ** power)),
];

/** The largest denomination that is not above `limit`, by its place among {@link DENOMINATIONS}; -1 if there is none. */
export function denominationUpTo(limit: number): number {
  let place = DENOMINATIONS.length - 1;
  while (place >= 0 && (DENOMINATIONS[place] as number) > limit) place--;
  return place;
}

/** What the adversary goes by. */
export const STRATEGIES = ['uniform', 'amount', 'timing', 'change', 'sums', 'all'] as const;
export type StrategyName = (typeof STRATEGIES)[number];
