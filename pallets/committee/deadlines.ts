/** How many blocks a committee of a given size needs for its steps: deadlines follow from parameters, and rounds that cannot meet theirs are refused. */
import { type CheckWork, checkCost } from '../../primitives/fhe/cost.ts';
import type { FheParams } from '../../primitives/fhe/params.ts';

/** Size of the committee for which the chain specification states its step. */
const STATED_FOR = 4;
/** Microseconds of a block. */
const BLOCK_MICROS = 2_000_000;
/** A member gets this part of a core at the worst: a development machine of two cores runs seven members, and blocks go first. */
const LEAST_SHARE_OF_CORE = 0.125;
/** Longest time a check may need on top of a step, in blocks: twenty minutes. A thousand items of one full part take four with four members, seventeen with seven. */
export const MAX_CHECK_BLOCKS = 600;

/** Blocks of a step for a committee of `params`, from the chain's figure for four members. */
export function stepBlocksOf(params: Pick<FheParams, 'n'>, stated: number): number {
  return Math.ceil((stated * params.n) / STATED_FOR);
}

/** Blocks that the check of `work` needs on top of a step. */
export function checkBlocksOf(params: FheParams, work: CheckWork): number {
  return Math.ceil(checkCost(params, work) / LEAST_SHARE_OF_CORE / BLOCK_MICROS);
}

/** Whether the members can check `work` in time: a round for which they cannot is refused when it is made. */
export function isCheckable(params: FheParams, work: CheckWork): boolean {
  return checkBlocksOf(params, work) <= MAX_CHECK_BLOCKS;
}
