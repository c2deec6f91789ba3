/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  proxy: { reads: 2, writes: 0, micros: 20 },
  addProxy: { reads: 3, writes: 2, micros: 50 },
  removeProxy: { reads: 4, writes: 4, micros: 50 },
  removeProxies: { reads: 68, writes: 66, micros: 500 },
  createPure: { reads: 3, writes: 3, micros: 50 },
  killPure: { reads: 68, writes: 66, micros: 500 },
  announce: { reads: 3, writes: 2, micros: 50 },
  removeAnnouncement: { reads: 2, writes: 2, micros: 50 },
  rejectAnnouncement: { reads: 2, writes: 2, micros: 50 },
  proxyAnnounced: { reads: 4, writes: 2, micros: 50 },
} as const satisfies Record<string, Cost>;
