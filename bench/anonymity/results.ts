/** What is measured: which habits, at which sizes, with how many sybils. */
import { SPLIT_FROM } from '../../client/sdk/claim-amount.ts';
import { MEAN_MS } from '../../client/sdk/claim-plan.ts';
import { Adversary } from './adversary.ts';
import { type Hits, hitsOf, type Pace, paceOf, sampleOf } from './measure.ts';
import { DAY, type Habits, HOUR, type Setting, STRATEGIES, type StrategyName } from './setting.ts';
import { worldOf } from './world.ts';

/** Mean delays that are compared. */
export const DELAYS: readonly Habits['delay'][] = ['at once', HOUR, 6 * HOUR, DAY, 3 * DAY];
export const RINGS: readonly number[] = [64, 1024];
const SYBILS: readonly number[] = [25, 50];
/** From how many of its bin's largest amounts on a note is split: as wallets do it, and much oftener. */
const WALLET_SPLIT: number = Number(SPLIT_FROM);
export const SPLITS: readonly number[] = [WALLET_SPLIT, 2];

/** What wallets do by default. */
export const DEFAULT_DELAY: number = (HOUR * MEAN_MS) / 3_600_000;

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
      (isBrief ? [WALLET_SPLIT] : SPLITS).map((splitAt) => ({ rounds, sybils: 0, delay, splitAt, places })),
    ),
  );
  if (isBrief) return crossed;
  const attacked = brief.flatMap((delay) =>
    RINGS.flatMap((places) => SYBILS.map((sybils) => ({ rounds, sybils, delay, splitAt: WALLET_SPLIT, places }))),
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
