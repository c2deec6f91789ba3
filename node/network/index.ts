/** The node's network. See service.ts for the whole, wire.ts for what is said, base/limits.ts for how much. */
export { listenAddress, parseAddress } from './addresses.ts';
export { loadPeerKey, type PeerKey } from './peer-key.ts';
export type { Fault } from './reputation.ts';
export { type NetworkOptions, NetworkService } from './service.ts';
export type { GrandpaListener, GrandpaWire, SyncListener, SyncNetwork, Verdict } from './types.ts';
export { readBlocks, statusOf } from './serve.ts';
