import type { HexHash } from '../chain/types.ts';
import type { Fault } from './reputation.ts';

/** What to do with a gossip message: pass it on, drop it, or drop it and hold it against the peer it came from. */
export type Verdict = 'accept' | 'ignore' | 'reject';

/** GRANDPA's door to the network. */
export interface GrandpaWire {
  publish(data: Uint8Array): void;
  request(peer: string, data: Uint8Array, maxResponse: number): Promise<Uint8Array>;
  peers(): readonly string[];
  punish(peer: string, fault: Fault): void;
  want(block: { readonly hash: HexHash; readonly number: number }): void;
  /** Who hears: gossip with a verdict, requests with an answer, peers that come and go. */
  attach(listener: GrandpaListener): void;
}
export interface GrandpaListener {
  onGossip(peer: string, data: Uint8Array): Promise<Verdict>;
  onRequest(peer: string, data: Uint8Array): Promise<Uint8Array>;
  onPeer(peer: string, connected: boolean): void;
}
