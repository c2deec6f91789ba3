/**
 * The lanes of a round. A new lane is a name in `LANES` (primitives/proofs/lane.ts) and an entry here; what else has to know of it: docs/extend.md.
 */
import { TacitError } from '../errors.ts';
import { LANES, type LaneName, type LaneSpec } from '../proofs/lane.ts';
import { MAX_PLACES, MAX_REPORTERS, MAX_UPDATE_PARTS, MAX_UPDATES } from './limits.ts';
import type { RoundRule, SumRule } from './rule.ts';

/** A {@link LaneSpec} as it stands in state. */
export interface LaneRecord {
  readonly lane: number;
  readonly part: number;
  readonly values: number;
  readonly digits: number;
  readonly offset: number;
  readonly normSq: bigint | undefined;
  readonly total: bigint | undefined;
  /** Empty but for a meter. */
  readonly bounds: readonly bigint[];
}

export interface Lane {
  /** Who submits: every item each part, the account that the rule names for the part, or every account that the round's consumer admitted. */
  readonly from: 'items' | 'reporters' | 'admitted';
  /** Whether a contributor lacks something without it: `kMin` counts those who lack nothing. */
  readonly completes: boolean;
  /** The most there may be in a round: parts, and submissions of all of them. */
  readonly most: { readonly parts: number; readonly submissions: number };
  /** The lane's parts under a rule. */
  specs(rule: RoundRule, sum: SumRule | undefined): LaneSpec[];
}

/** Model coordinates are proved as two base-16 digits of `value + 128`. */
export const UPDATE_DIGITS = 2;
export const UPDATE_OFFSET = 128;

/** What each lane takes. */
export const LANE_TABLE: Readonly<Record<LaneName, Lane>> = {
  update: {
    from: 'items',
    completes: true,
    most: { parts: MAX_UPDATE_PARTS, submissions: MAX_UPDATES },
    specs: ({ parts, normSq }) =>
      parts.map((values, part) => ({
        lane: 'update',
        part,
        values,
        digits: UPDATE_DIGITS,
        offset: UPDATE_OFFSET,
        normSq,
      })),
  },
  usage: {
    from: 'reporters',
    completes: false,
    most: { parts: MAX_REPORTERS, submissions: MAX_REPORTERS },
    specs: ({ reporters, maxItems }) =>
      reporters.map(({ total }, part) => ({
        lane: 'usage',
        part,
        values: maxItems,
        digits: digitsUpTo(total),
        offset: 0,
        total,
      })),
  },
  ballot: summed('ballot', MAX_PLACES, ({ most }) => ({ digits: digitsUpTo(most), total: most })),
  counts: summed('counts', MAX_PLACES, ({ most }) => ({ digits: digitsUpTo(most) })),
  meter: summed('meter', 1, ({ most, bounds }) => {
    const largest = bounds.reduce((a, b) => (a > b ? a : b), most);
    return { digits: digitsUpTo(largest), total: most, bounds };
  }),
} satisfies Record<LaneName, Lane>;

/** Base-16 digits of a number, which are those of every smaller one. */
function digitsUpTo(most: bigint): number {
  return most.toString(16).length;
}

/** A lane of one vector from each admitted account. @param submissions how many there may be; @param claims what is public of every vector */
function summed(
  lane: LaneName,
  submissions: number,
  claims: (sum: SumRule) => Pick<LaneSpec, 'digits' | 'total' | 'bounds'>,
): Lane {
  return {
    from: 'admitted',
    completes: true,
    most: { parts: 1, submissions },
    specs: (_, sum) =>
      sum?.lane === LANES[lane] ? [{ lane, part: 0, values: sum.values, offset: 0, ...claims(sum) }] : [],
  };
}

/** The largest value that a vector of a summed lane can hold where it is opened. */
export function largestSummed({ lane, most }: Pick<SumRule, 'lane' | 'most'>): bigint {
  if (lane === LANES.meter) return 1n;
  return lane === LANES.ballot ? most : 16n ** BigInt(digitsUpTo(most)) - 1n;
}

const NAMES = Object.keys(LANES) as LaneName[];

/** The lane of a wire number. Throws `round/unknown-lane`. */
export function laneName(lane: number): LaneName {
  const name = NAMES.find((known) => LANES[known] === lane);
  if (name === undefined) throw new TacitError('round/unknown-lane', `no lane has the number ${lane}`, { lane });
  return name;
}

/** The most of what `count` says of a lane: a round has the lanes of a score, or one that is summed. */
function mostOf(count: (lane: Lane) => number): number {
  const lanes = Object.values(LANE_TABLE);
  const [summedLanes, scored] = [true, false].map((isSummed) =>
    lanes.filter(({ from }) => (from === 'admitted') === isSummed).map(count),
  ) as [number[], number[]];
  const inScores = scored.reduce((sum, one) => sum + one, 0);
  return Math.max(inScores, ...summedLanes);
}

/** Lanes of a round at most, and submissions. */
export const MAX_LANES: number = mostOf(({ most }) => most.parts);
export const MAX_SUBMISSIONS: number = mostOf(({ most }) => most.submissions);

/** The lanes of a rule, in the order of their wire numbers. */
export function lanesOf(rule: RoundRule, sum?: SumRule): LaneRecord[] {
  return NAMES.flatMap((name) => LANE_TABLE[name].specs(rule, sum)).map(({ lane, normSq, total, bounds, ...rest }) => ({
    ...rest,
    lane: LANES[lane],
    normSq,
    total,
    bounds: bounds ?? [],
  }));
}

/** The lane as primitives/proofs names it. */
export function laneSpecOf({ lane, part, values, digits, offset, normSq, total, bounds }: LaneRecord): LaneSpec {
  return {
    lane: laneName(lane),
    part,
    values,
    digits,
    offset,
    ...(normSq === undefined ? {} : { normSq }),
    ...(total === undefined ? {} : { total }),
    ...(bounds.length === 0 ? {} : { bounds }),
  };
}

/** The lanes that an item of the round has to submit to, in order. */
export function itemLanes<R extends Pick<LaneRecord, 'lane' | 'part'>>(lanes: readonly R[]): R[] {
  return lanes.filter(({ lane }) => {
    const { from, completes } = LANE_TABLE[laneName(lane)];
    return from === 'items' && completes;
  });
}
