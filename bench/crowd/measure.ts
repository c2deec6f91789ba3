/** A round of many payees, phase by phase: processor time of what the chain judges and of what a member works, on the real pallets in one process. */
import process from 'node:process';
import { phaseOf } from '../../test/support/committee.ts';
import { contributeAll, openCrowd, settleCrowd } from '../../test/support/crowd.ts';

/** Milliseconds of one core. */
export interface PhaseCost {
  /** Of all blocks and posts of the phase, in one node. */
  chain: number;
  /** The dearest post, or end of a block: what has to fit into a block. */
  most: number;
  /** Of one member, on the average. */
  member: number;
}

export interface CrowdCost {
  readonly items: number;
  readonly members: number;
  readonly phases: ReadonlyMap<string, PhaseCost>;
}

/** Milliseconds of processor time that `body` takes. */
function processorMs(body: () => void): number {
  const before = process.cpuUsage();
  body();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** Phases in which something is done for each payload. Those before the close are the contributors'. */
export const AFTER_CLOSE: readonly string[] = ['Reveal', 'Check', 'CheckEach', 'Direction', 'Payout'];

/** Runs a round with a forger among its items, so that all steps take place. */
export function measureCrowd(items: number, paramsId: string): CrowdCost {
  const opened = openCrowd(items, { paramsId });
  const { members: committee, id } = opened;
  const { test } = committee;
  const phases = new Map<string, PhaseCost>();
  const costOf = (phase: string): PhaseCost => {
    const known = phases.get(phase) ?? { chain: 0, most: 0, member: 0 };
    phases.set(phase, known);
    return known;
  };
  const onChain = (phase: string, body: () => void): void => {
    const took = processorMs(body);
    const cost = costOf(phase);
    cost.chain += took;
    cost.most = Math.max(cost.most, took);
  };
  const { chain } = test;
  const [dispatch, act, runToBlock] = [committee.dispatch, committee.act, chain.runToBlock];
  let inPosts = 0;
  committee.dispatch = (post, signature) => {
    let outcome = '';
    const before = process.cpuUsage();
    // What a post is judged in is where it is counted.
    onChain('body' in post ? post.body.tag : 'Setup', () => {
      outcome = dispatch.call(committee, post, signature);
    });
    const { user, system } = process.cpuUsage(before);
    inPosts += (user + system) / 1_000;
    return outcome;
  };
  const crowd = contributeAll(opened, true);
  committee.act = () => {
    inPosts = 0;
    const phase = phaseOf(test, id);
    const all = processorMs(() => act.call(committee));
    costOf(phase).member += (all - inPosts) / test.keys.length;
  };
  chain.runToBlock = (number, each) => onChain(phaseOf(test, id), () => runToBlock.call(chain, number, each));
  settleCrowd(crowd);
  return { items, members: test.keys.length, phases };
}
