/** What the members of a round have to check, and the blocks that follow from it (pallets/committee/deadlines.ts). */
import type { CheckWork } from '../../primitives/fhe/cost.ts';
import { fheParams } from '../../primitives/fhe/params.ts';
import type { RoundPhase } from '../../primitives/round/phases.ts';
import { LANE_TABLE, lanesOf, laneSpecOf } from '../../primitives/round/lanes.ts';
import type { RoundRule } from '../../primitives/round/rule.ts';
import { checkBlocksOf, stepBlocksOf } from '../committee/index.ts';
import type { Round } from './types.ts';

/** The most that `items` contributors and the rule's reporters can submit. */
export function checkWorkOf(rule: RoundRule, items: number): CheckWork {
  const lanes = lanesOf(rule).map((record) => {
    const { lane, values, digits } = laneSpecOf(record);
    return { count: LANE_TABLE[lane].from === 'items' ? items : 1, values, digits };
  });
  return { lanes, items };
}

/** Blocks a phase other than `Open` may take: more for more members, and for the checks more for more submissions. */
export function blocksOf(round: Pick<Round, 'paramsId' | 'rule' | 'items'>, phase: RoundPhase, stated: number): number {
  const params = fheParams(round.paramsId);
  const checks = phase === 'Check' || phase === 'CheckEach';
  return stepBlocksOf(params, stated) + (checks ? checkBlocksOf(params, checkWorkOf(round.rule, round.items)) : 0);
}
