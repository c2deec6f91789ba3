/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  proxy: { reads: 1, writes: 0, micros: 27 },
  addProxy: { reads: 3, writes: 2, micros: 98 },
  removeProxy: { reads: 5, writes: 4, micros: 80 },
  removeProxies: { reads: 67, writes: 66, micros: 1800 },
  createPure: { reads: 2, writes: 3, micros: 25 },
  killPure: { reads: 67, writes: 66, micros: 1900 },
  announce: { reads: 3, writes: 2, micros: 67 },
  removeAnnouncement: { reads: 2, writes: 2, micros: 62 },
  rejectAnnouncement: { reads: 2, writes: 2, micros: 40 },
  proxyAnnounced: { reads: 3, writes: 2, micros: 43 },
} as const satisfies Record<string, Cost>;
