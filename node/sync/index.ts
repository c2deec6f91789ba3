/** Block sync: what peers have and we do not, fetched by request and response, checked and imported. */
export type { PeerState, SyncNetwork } from './ports.ts';
export { readBlocks, statusOf } from './serve.ts';
export { type SyncParts } from './source.ts';
export { Sync } from './sync.ts';
