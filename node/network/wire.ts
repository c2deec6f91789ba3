/** Protocol names, topics and the SCALE shapes of what nodes say to each other (GRANDPA's are in consensus/grandpa/formats.ts). */
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import {
  bool,
  bytes,
  enumeration,
  fixed,
  makeTy,
  option,
  str,
  struct,
  type Ty,
  u32,
  vec,
} from '../../primitives/scale/index.ts';
import type { BlockRef, HexHash } from '../base/types.ts';
import * as limits from '../base/limits.ts';

/** Names that hold the first 8 hex digits of the genesis hash, so that nodes of different chains have nothing to say to each other. */
export interface ProtocolNames {
  readonly sync: string;
  readonly grandpa: string;
  readonly topics: { readonly blocks: string; readonly transactions: string; readonly grandpa: string };
}

export function protocolNames(genesisHash: HexHash): ProtocolNames {
  const chain = `/tacit/${genesisHash.slice(2, 10)}`;
  return {
    sync: `${chain}/sync/1`,
    grandpa: `${chain}/grandpa/1`,
    topics: { blocks: `${chain}/blocks/1`, transactions: `${chain}/transactions/1`, grandpa: `${chain}/grandpa/1` },
  };
}

const hash: Ty<HexHash> = makeTy<HexHash>({
  minSize: 32,
  read: (reader) => toHex(reader.take(32)),
  write: (writer, value) => fixed(32).write(writer, fromHex(value)),
  def: () => fixed(32).def(),
});
const blockRef: Ty<BlockRef> = struct('sync::BlockRef', { hash, number: u32 });

/** Who a node is and how far it is. */
export interface Status {
  readonly genesis: HexHash;
  readonly best: BlockRef;
  readonly finalized: BlockRef;
}
const status: Ty<Status> = struct('sync::Status', { genesis: hash, best: blockRef, finalized: blockRef });

/**
 * Which blocks: `up` from a height along the best chain, or `down` from a hash along parents; at most `max`, the answer may
 * hold fewer. Bodies are left out if not asked for, or if they are pruned.
 */
export interface BlocksRequest {
  readonly from: { readonly tag: 'number'; readonly value: number } | { readonly tag: 'hash'; readonly value: HexHash };
  readonly max: number;
  readonly bodies: boolean;
}

export interface BlockData {
  /** Encoded header. */
  readonly header: Uint8Array;
  readonly body: readonly Uint8Array[] | undefined;
  readonly justification: Uint8Array | undefined;
}

export type SyncRequest =
  | { readonly tag: 'status'; readonly value: Status }
  | { readonly tag: 'blocks'; readonly value: BlocksRequest }
  | { readonly tag: 'transaction'; readonly value: HexHash }
  /** Hashes of pooled transactions. */
  | { readonly tag: 'pool'; readonly value?: undefined }
  /** Addresses of other nodes. */
  | { readonly tag: 'peers'; readonly value?: undefined };
export const syncRequest: Ty<SyncRequest> = enumeration('sync::Request', {
  status,
  blocks: { from: enumeration('sync::From', { number: u32, hash }), max: u32, bodies: bool },
  transaction: hash,
  pool: null,
  peers: null,
}) as Ty<SyncRequest>;

const blockData = struct('sync::BlockData', {
  header: bytes.upTo(limits.MAX_HEADER),
  body: option(vec(bytes.upTo(limits.MAX_TRANSACTION)).upTo(limits.MAX_EXTRINSICS)),
  justification: option(bytes.upTo(limits.MAX_JUSTIFICATION)),
});
/** Answers, one type per request. */
export const responses = {
  status,
  blocks: vec(blockData).upTo(limits.MAX_BLOCKS) as Ty<BlockData[]>,
  transaction: option(bytes.upTo(limits.MAX_TRANSACTION)),
  pool: vec(hash).upTo(limits.MAX_POOL_HASHES),
  peers: vec(str.upTo(limits.MAX_ADDRESS)).upTo(limits.MAX_PEER_ADDRESSES),
};

/** What the topic `blocks` carries: the encoded header of a new block. */
export const blockAnnouncement: Ty<Uint8Array> = bytes.upTo(limits.MAX_HEADER);

/** What the topic `transactions` carries. */
export type TransactionAnnouncement =
  | { readonly tag: 'bundle'; readonly value: readonly Uint8Array[] }
  | { readonly tag: 'hash'; readonly value: { readonly hash: HexHash; readonly length: number } };
export const transactionAnnouncement: Ty<TransactionAnnouncement> = enumeration('gossip::Transaction', {
  bundle: vec(bytes.upTo(limits.MAX_INLINE_TRANSACTION)).upTo(limits.MAX_BUNDLE_TRANSACTIONS),
  hash: { hash, length: u32 },
}) as Ty<TransactionAnnouncement>;
