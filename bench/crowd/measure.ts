/** A round of many payees, phase by phase: processor time of what the chain judges and of what a member works, on the real pallets in one process. */
import process from 'node:process';
import { quorum } from '../../primitives/fhe/params.ts';
import { phaseOf } from '../../test/support/committee.ts';
import { contributeAll, openCrowd, settleCrowd } from '../../test/support/crowd.ts';

/** Milliseconds of one core. */
export interface PhaseCost {
  /** Of all posts that are judged in the phase, and of the ends of its blocks, in one node. */
  chain: number;
  /** The dearest post, or end of a block: what has to fit into a block. */
  most: number;
  /** Of one member, on the average. */
  member: number;
}

/** What is measured. */
export interface CrowdSize {
  readonly items: number;
  /** Parts of each update. */
  readonly parts: number;
  readonly paramsId: string;
}

/** Milliseconds of processor time since `before`. */
function since(before: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/**
 * Runs a round with a forger among its items, so that all steps take place. As many members take part as decode.
 * @param tell hears of every phase that is over
 */
export function measureCrowd(
  { items, parts, paramsId }: CrowdSize,
  tell: (phase: string, cost: PhaseCost) => void,
): ReadonlyMap<string, PhaseCost> {
  const opened = openCrowd(items, { paramsId, parts });
  const { members: committee, id } = opened;
  const { test } = committee;
  const { chain } = test;
  committee.members.length = quorum(test.params);
  const phases = new Map<string, PhaseCost>();
  const add = (phase: string, took: Partial<PhaseCost>): void => {
    const known = phases.get(phase) ?? { chain: 0, most: 0, member: 0 };
    const { chain: onChain = 0, member = 0 } = took;
    const most = Math.max(known.most, onChain);
    phases.set(phase, { chain: known.chain + onChain, most, member: known.member + member });
  };
  const { dispatch, act } = committee;
  const { runToBlock } = chain;
  let inPosts = 0;
  committee.dispatch = (post, signature) => {
    const before = process.cpuUsage();
    const outcome = dispatch.call(committee, post, signature);
    const took = since(before);
    inPosts += took;
    add(post.body.tag, { chain: took });
    return outcome;
  };
  const began = process.cpuUsage();
  const crowd = contributeAll(opened, true);
  add('contributions', { chain: since(began) });
  tell('contributions', phases.get('contributions') as PhaseCost);
  committee.act = () => {
    inPosts = 0;
    const phase = phaseOf(test, id);
    const before = process.cpuUsage();
    act.call(committee);
    add(phase, { member: (since(before) - inPosts) / committee.members.length });
    tell(phase, phases.get(phase) as PhaseCost);
  };
  chain.runToBlock = (number, each) => {
    const phase = phaseOf(test, id);
    const before = process.cpuUsage();
    runToBlock.call(chain, number, each);
    add(phase, { chain: since(before) });
  };
  settleCrowd(crowd);
  if (phaseOf(test, id) !== 'Settled') throw new Error(`the round ended as ${phaseOf(test, id)}`);
  return phases;
}
