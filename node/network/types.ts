import type { BlockRef, Header } from '../base/types.ts';
import type { Fault } from './reputation.ts';
import type { BlockData, BlocksRequest, Status } from './wire.ts';

/** What to do with a gossip message: pass it on, drop it, or drop it and hold it against the peer it came from. */
export type Verdict = 'accept' | 'ignore' | 'reject';
/** `later`: nothing is said of the message. Whoever told it may not tell more just now; it is judged when another tells it. */
export type Hearing = Verdict | 'later';

/** GRANDPA's door to the network. */
export interface GrandpaWire {
  publish(data: Uint8Array): void;
  request(peer: string, data: Uint8Array, maxResponse: number): Promise<Uint8Array>;
  peers(): readonly string[];
  punish(peer: string, fault: Fault): void;
  /**
   * A block that a message refers to. `from` is the peer that sent the message: it is asked first, and has a share of what is fetched. `again`: the message has been
   * told of before, and the block has not come.
   */
  want(block: BlockRef, from?: string, again?: boolean): void;
  /** Who hears: gossip with a verdict, requests with an answer, peers that come and go. */
  attach(listener: GrandpaListener): void;
}
export interface GrandpaListener {
  onGossip(peer: string, data: Uint8Array): Promise<Verdict>;
  onRequest(peer: string, data: Uint8Array): Promise<Uint8Array>;
  onPeer(peer: string, connected: boolean): void;
}

/** The sync's door to the network. */
export interface SyncNetwork {
  /** Connected peers. */
  peers(): readonly string[];
  /** Tells the peer our status and gives its own. */
  status(peer: string, ours: Status): Promise<Status>;
  blocks(peer: string, request: BlocksRequest, signal: AbortSignal): Promise<BlockData[]>;
  punish(peer: string, fault: Fault): void;
  /** The peer has given blocks that were good and new. */
  noteUse(peer: string): void;
}

/** What the network tells the sync, and asks of it. */
export interface SyncListener {
  start(): void;
  stop(): void;
  isSyncing(): boolean;
  peer(id: string): { readonly best: BlockRef } | undefined;
  connected(peer: string): Promise<void>;
  gone(peer: string): void;
  heard(peer: string, status: Status): void;
  announced(peer: string, header: Header): Promise<Hearing>;
  want(block: BlockRef, from?: string, again?: boolean): void;
}
