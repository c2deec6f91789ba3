/** What the sync remembers of a peer. */
import type { BlockRef } from '../base/types.ts';

/** What is known of a peer. */
export interface PeerState {
  best: BlockRef;
  finalized: BlockRef;
}
