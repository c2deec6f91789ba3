/** What is measured: which habits, at which sizes, with how many sybils. */
import { Adversary } from './adversary.ts';
import { type Hits, hitsOf, type Pace, paceOf, sampleOf } from './measure.ts';
import { DAY, type Habits, HOUR, type Setting, STRATEGIES, type StrategyName } from './setting.ts';
import { worldOf } from './world.ts';

/** Mean delays that are compared. */
export const DELAYS: readonly Habits['delay'][] = ['at once', HOUR, 6 * HOUR, DAY, 3 * DAY];
export const RINGS: readonly number[] = [64, 1024];
const SYBILS: readonly number[] = [25, 50];
/** A note that is split: never, or from twice its bin's largest amount on. */
export const SPLITS: readonly number[] = [0, 2];

/** What wallets do by default (client/sdk). */
export const DEFAULT_DELAY: number = 6 * HOUR;

export interface Row extends Omit<Setting, 'seed'> {
  readonly hits: Readonly<Record<StrategyName, Hits>>;
  readonly pace: Pace;
}

export interface Results {
  readonly seed: number;
  readonly rounds: number;
  /** Claims that each strategy guessed at in each row. */
  readonly sample: number;
  readonly rows: readonly Row[];
}

/** All of the study, or what shows that it still works. */
export function settingsOf(rounds: number, isBrief: boolean): Omit<Setting, 'seed'>[] {
  const brief: readonly Habits['delay'][] = ['at once', DEFAULT_DELAY];
  const crossed = (isBrief ? brief : DELAYS).flatMap((delay) =>
    (isBrief ? [64] : RINGS).flatMap((places) =>
      (isBrief ? [0] : SPLITS).map((splitAt) => ({ rounds, sybils: 0, delay, splitAt, places })),
    ),
  );
  if (isBrief) return crossed;
  const attacked = brief.flatMap((delay) =>
    RINGS.flatMap((places) => SYBILS.map((sybils) => ({ rounds, sybils, delay, splitAt: 0, places }))),
  );
  return [...crossed, ...attacked];
}

/** Plays one setting, and lets every strategy guess at the same claims. */
export function rowOf(setting: Setting, size: number): Row {
  const world = worldOf(setting);
  const strategies = new Adversary(world).strategies();
  const sample = sampleOf(world, size);
  const hits = STRATEGIES.map((name) => [name, hitsOf(world, sample, strategies[name])] as const);
  const { seed: _, ...rest } = setting;
  return { ...rest, hits: Object.fromEntries(hits) as Row['hits'], pace: paceOf(world) };
}
