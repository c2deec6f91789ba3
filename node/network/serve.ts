/** The serving side of the sync: ranges of blocks for peers, within bounds. */
import { toHex } from '../../primitives/crypto/hex.ts';
import { encodeHeader } from '../base/header.ts';
import type { ChainApi, HexHash } from '../base/types.ts';
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
  const { from } = request;
  const wanted = Math.min(request.max, MAX_BLOCKS);
  const found: BlockData[] = [];
  let size = 0;
  let next: HexHash | undefined = from.tag === 'hash' ? from.value : chain.hashByNumber(from.value);
  for (let number = from.tag === 'number' ? from.value : 0; next !== undefined && found.length < wanted; number++) {
    const hash: HexHash = next;
    const header = chain.header(hash);
    if (header === undefined) break;
    const block: BlockData = {
      header: encodeHeader(header),
      body: request.bodies ? chain.body(hash) : undefined,
      justification: chain.justification(hash),
    };
    size += sizeOf(block);
    if (found.length > 0 && size > BLOCKS_BUDGET) break;
    found.push(block);
    next = from.tag === 'number' ? chain.hashByNumber(number + 1) : toHex(header.parentHash);
  }
  return found;
}

function sizeOf({ header, body, justification }: BlockData): number {
  const bodySize = body?.reduce((sum, extrinsic) => sum + extrinsic.length + 4, 0) ?? 0;
  return header.length + bodySize + (justification?.length ?? 0) + 16;
}
