/** What the sync needs from the network: small enough that tests can play it. */
import type { BlockRef } from '../chain/types.ts';
import type { Fault } from '../network/reputation.ts';
import type { BlockData, BlocksRequest, Status } from '../network/wire.ts';

export interface SyncNetwork {
  /** Connected peers. */
  peers(): readonly string[];
  /** Tells the peer our status and gives its own. */
  status(peer: string, ours: Status): Promise<Status>;
  blocks(peer: string, request: BlocksRequest, signal: AbortSignal): Promise<BlockData[]>;
  punish(peer: string, fault: Fault): void;
}

/** What is known of a peer. */
export interface PeerState {
  best: BlockRef;
  finalized: BlockRef;
}
