/** What the members of a round have to check, and the blocks that follow from it (pallets/committee/deadlines.ts). */
import type { CheckWork } from '../../primitives/fhe/cost.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import type { RoundPhase } from '../../primitives/round/phases.ts';
import { LANE_TABLE, lanesOf, laneSpecOf } from '../../primitives/round/lanes.ts';
import { checkBlocksOf, stepBlocksOf } from '../committee/index.ts';
import type { Round } from './types.ts';

/** The most that so many items and admitted accounts, and the rule's reporters, can submit. */
function checkWorkOf({ rule, sum }: Pick<Round, 'rule' | 'sum'>, items: number, admitted: number): CheckWork {
  const counts = { items, admitted, reporters: 1 };
  const lanes = lanesOf(rule, sum).map((record) => {
    const { lane, values, digits } = laneSpecOf(record);
    return { count: counts[LANE_TABLE[lane].from], values, digits };
  });
  return { lanes, items };
}

/** The same if all places are taken. */
export function mostWorkOf(round: Pick<Round, 'rule' | 'sum'>): CheckWork {
  return checkWorkOf(round, round.rule.maxItems, round.sum?.places ?? 0);
}

/** Blocks a phase other than `Open` may take: more for more members, and for the checks more for more submissions. */
export function blocksOf(
  round: Pick<Round, 'paramsId' | 'rule' | 'sum' | 'items' | 'admitted'>,
  phase: RoundPhase,
  stated: number,
): number {
  const params = fheParams(round.paramsId);
  const checks = phase === 'Check' || phase === 'CheckEach';
  return (
    stepBlocksOf(params, stated) + (checks ? checkBlocksOf(params, checkWorkOf(round, round.items, round.admitted)) : 0)
  );
}
