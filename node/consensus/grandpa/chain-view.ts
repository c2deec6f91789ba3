import { toHex } from '../../../primitives/crypto/hex.ts';
import type { BlockRef } from '../../../primitives/grandpa/index.ts';
import type { ChainApi } from '../../base/types.ts';
import type { ChainView } from './types.ts';

/** What of the chain the votes are about. */
export type VotedChain = Pick<ChainApi, 'header' | 'bestContaining' | 'finalized' | 'authorities'>;

/** The node's chain as the voter of a set sees it: nothing above the first block that hands over to another set. */
export function chainView(chain: VotedChain, setId: bigint): ChainView {
  return {
    block(hash) {
      const header = chain.header(hash);
      return header === undefined ? undefined : { number: header.number, parent: toHex(header.parentHash), header };
    },
    bestContaining(hash) {
      const best = chain.bestContaining(hash);
      if (best === undefined) return undefined;
      const floor = chain.finalized();
      // The chain may have handed over already: then this voter ends, and has nothing new to vote for.
      if (chain.authorities(floor.hash).setId !== setId) return undefined;
      return best.number <= floor.number ? best : votable(chain, best, floor, setId);
    },
  };
}

/** `head`, or the block of its branch that schedules the next set if there is one above `floor`. */
function votable(chain: VotedChain, head: BlockRef, floor: BlockRef, setId: bigint): BlockRef {
  // Set ids never fall along a branch: if the head's is ours, so are all below.
  let at = head;
  let lowestOther: BlockRef | undefined;
  while (at.number > floor.number && chain.authorities(at.hash).setId !== setId) {
    lowestOther = at;
    const header = chain.header(at.hash);
    if (header === undefined) break;
    at = { hash: toHex(header.parentHash), number: at.number - 1 };
  }
  return lowestOther ?? head;
}
