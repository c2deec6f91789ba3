/** What the audit reads, and what its parts tell each other. */
import type { Context, EventRecord, HeldCall } from '../../pallets/support/index.ts';
import type { Trie } from '../../primitives/trie/index.ts';
import type { BlockRef, Header, HexHash } from '../base/types.ts';

/** A block as its source gives it: nothing of it is believed. */
export interface StoredBlock {
  /** The name under which the source gives it. */
  readonly hash: HexHash;
  readonly header: Header;
  readonly body: readonly Uint8Array[];
  readonly justification: Uint8Array | undefined;
}

/**
 * Where blocks come from. Errors: `audit/damaged` where what is stored cannot be a block, which is a finding; `audit/needs-archive` where a
 * body was pruned; anything else means that the source cannot be used.
 */
export interface BlockSource {
  /** The last block that the source calls final. */
  finalized(): Promise<BlockRef>;
  block(number: number): Promise<StoredBlock>;
  /** A node of the stored state by its hash; only where the source holds the state itself. */
  readonly stateNode?: (hash: Uint8Array) => Uint8Array | undefined;
  close(): Promise<void>;
}

/** A call of a block, those inside of others included; its signer is the account that makes it. */
export interface PlacedCall extends HeldCall {
  /** Place of its extrinsic in the body. */
  readonly extrinsic: number;
}

/** A block that was executed again, with the states around it. */
export interface ReplayedBlock {
  readonly number: number;
  readonly hash: Uint8Array;
  readonly calls: readonly PlacedCall[];
  readonly events: readonly EventRecord[];
  /** The state before the block, to be read by pallets. */
  readonly before: Context;
  /** The state after it. */
  readonly after: Context;
  /** The same, for runtime APIs. */
  readonly state: Trie;
  /** Keys (one character per byte) that the block wrote or removed. */
  readonly changed: ReadonlySet<string>;
}
