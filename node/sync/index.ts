/** Block sync: what peers have and we do not, fetched by request and response, checked and imported. */
export type { PeerState } from './ports.ts';
export { type SyncParts } from './source.ts';
export { Sync } from './sync.ts';
