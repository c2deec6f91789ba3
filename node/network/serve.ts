/** The serving side of the sync: ranges of blocks for peers, within bounds. */
import { toHex } from '../../primitives/crypto/hex.ts';
import { encodeHeader } from '../base/header.ts';
import type { ChainApi, Header, HexHash } from '../base/types.ts';
import { BLOCKS_BUDGET, MAX_BLOCKS } from '../base/limits.ts';
import type { BlockData, BlocksRequest, Status } from './wire.ts';

export function statusOf(chain: ChainApi): Status {
  return { genesis: chain.genesisHash, best: chain.best(), finalized: chain.finalized() };
}

/**
 * Blocks for a request: as many as were asked for and fit the budget, in the order of the request, without gaps. Empty if the
 * first is unknown. A body that was pruned is left out, with its block's header still there.
 */
export function readBlocks(chain: ChainApi, request: BlocksRequest): BlockData[] {
  const wanted = Math.min(request.max, MAX_BLOCKS);
  const found: BlockData[] = [];
  let size = 0;
  for (const { hash, header } of asked(chain, request.from, wanted)) {
    const block: BlockData = {
      header: encodeHeader(header),
      body: request.bodies ? chain.body(hash) : undefined,
      justification: chain.justification(hash),
    };
    size += sizeOf(block);
    if (found.length > 0 && size > BLOCKS_BUDGET) break;
    found.push(block);
  }
  return found;
}

/** The blocks asked for, so many at most: from a hash downwards, or from a height upwards. */
function asked(chain: ChainApi, from: BlocksRequest['from'], count: number): Named[] {
  if (from.tag === 'hash') return branchBelow(chain, from.value, count);
  const top = Math.min(chain.best().number, from.value + count - 1);
  if (top < from.value) return [];
  // The chain finds a height that is not final by going down from its best block: once, and not for each of them.
  const head = chain.hashByNumber(top);
  return head === undefined ? [] : branchBelow(chain, head, top - from.value + 1).reverse();
}

interface Named {
  readonly hash: HexHash;
  readonly header: Header;
}

/** A block and those below it, so many at most. */
function branchBelow(chain: ChainApi, hash: HexHash, count: number): Named[] {
  const branch: Named[] = [];
  let next = hash;
  for (let header = chain.header(next); header !== undefined && branch.length < count; header = chain.header(next)) {
    branch.push({ hash: next, header });
    next = toHex(header.parentHash);
  }
  return branch;
}

function sizeOf({ header, body, justification }: BlockData): number {
  const bodySize = body?.reduce((sum, extrinsic) => sum + extrinsic.length + 4, 0) ?? 0;
  return header.length + bodySize + (justification?.length ?? 0) + 16;
}
