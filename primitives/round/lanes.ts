/**
 * The lanes of a round. A new lane is a name in `LANES` (primitives/proofs/lane.ts) and an entry here; what else has to know of it: docs/extend.md.
 */
import { TacitError } from '../errors.ts';
import { LANES, type LaneName, type LaneSpec } from '../proofs/lane.ts';
import type { RoundRule } from './rule.ts';

/** A {@link LaneSpec} as it stands in state. */
export interface LaneRecord {
  readonly lane: number;
  readonly part: number;
  readonly values: number;
  readonly digits: number;
  readonly offset: number;
  readonly normSq: bigint | undefined;
  readonly total: bigint | undefined;
}

export interface Lane {
  /** Who submits: every item each part, or the account that the rule names for the part. */
  readonly from: 'items' | 'reporters';
  /** The lane's parts under a rule. */
  specs(rule: RoundRule): LaneSpec[];
}

/** Model coordinates are proved as two base-16 digits of `value + 128`. */
export const UPDATE_DIGITS = 2;
export const UPDATE_OFFSET = 128;

/** What each lane takes. */
export const LANE_TABLE: Readonly<Record<LaneName, Lane>> = {
  update: {
    from: 'items',
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
    specs: ({ reporters, maxItems }) =>
      reporters.map(({ total }, part) => ({
        lane: 'usage',
        part,
        values: maxItems,
        digits: total.toString(16).length,
        offset: 0,
        total,
      })),
  },
} satisfies Record<LaneName, Lane>;

const NAMES = Object.keys(LANES) as LaneName[];

/** The lane of a wire number. Throws `round/unknown-lane`. */
export function laneName(lane: number): LaneName {
  const name = NAMES.find((known) => LANES[known] === lane);
  if (name === undefined) throw new TacitError('round/unknown-lane', `no lane has the number ${lane}`, { lane });
  return name;
}

/** The lanes of a rule, in the order of their wire numbers. */
export function lanesOf(rule: RoundRule): LaneRecord[] {
  return NAMES.flatMap((name) => LANE_TABLE[name].specs(rule)).map(({ lane, normSq, total, ...rest }) => ({
    ...rest,
    lane: LANES[lane],
    normSq,
    total,
  }));
}

/** The lane as primitives/proofs names it. */
export function laneSpecOf({ lane, part, values, digits, offset, normSq, total }: LaneRecord): LaneSpec {
  return {
    lane: laneName(lane),
    part,
    values,
    digits,
    offset,
    ...(normSq === undefined ? {} : { normSq }),
    ...(total === undefined ? {} : { total }),
  };
}
