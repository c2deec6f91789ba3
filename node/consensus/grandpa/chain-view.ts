import { toHex } from '../../../primitives/crypto/hex.ts';
import type { BlockRef } from '../../../primitives/grandpa/index.ts';
import type { ChainApi } from '../../base/types.ts';
import type { ChainView } from './types.ts';

/** What of the chain the votes are about. */
export type VotedChain = Pick<ChainApi, 'header' | 'bestContaining' | 'finalized' | 'authorities'>;
type Branches = Pick<VotedChain, 'header' | 'authorities'>;

/** The node's chain as the voter of a set sees it: nothing above the first block that hands over to another set. */
export function chainView(chain: VotedChain, setId: bigint): ChainView {
  return {
    block(hash) {
      const header = chain.header(hash);
      return header === undefined ? undefined : { number: header.number, parent: toHex(header.parentHash), header };
    },
    bestContaining(hash, ceiling) {
      const best = chain.bestContaining(hash);
      if (best === undefined) return undefined;
      const floor = chain.finalized();
      // The chain may have handed over already: then this voter ends, and has nothing new to vote for.
      if (chain.authorities(floor.hash).setId !== setId) return undefined;
      const head = below(chain, best, ceiling);
      return handover(chain, head, floor.number, setId) ?? head;
    },
  };
}

/** The block of `head`'s branch at height `ceiling`, or `head` if that is not above it. */
function below(chain: Branches, head: BlockRef, ceiling: number): BlockRef {
  let at: BlockRef | undefined = head;
  while (at !== undefined && at.number > ceiling) at = parentOf(chain, at);
  return at ?? head;
}

function parentOf(chain: Branches, { hash, number }: BlockRef): BlockRef | undefined {
  const header = chain.header(hash);
  return header && { hash: toHex(header.parentHash), number: number - 1 };
}

/**
 * The block of `head`'s branch that schedules the set after `setId`, if there is one above the height `floor`: the last on which that set
 * votes. Few states are looked at, however long the branch.
 */
export function handover(chain: Branches, head: BlockRef, floor: number, setId: bigint): BlockRef | undefined {
  const isOurs = ({ hash }: BlockRef): boolean => chain.authorities(hash).setId === setId;
  if (head.number <= floor || isOurs(head)) return undefined;
  const branch: BlockRef[] = [];
  for (let at: BlockRef | undefined = head; at && at.number > floor; at = parentOf(chain, at)) branch.push(at);
  // Set ids never fall along a branch.
  let [other, ours] = [0, branch.length];
  while (ours - other > 1) {
    const middle = (other + ours) >> 1;
    if (isOurs(branch[middle]!)) ours = middle;
    else other = middle;
  }
  return branch[other]!;
}
