/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  proxy: { reads: 1, writes: 0, micros: 18 },
  addProxy: { reads: 3, writes: 2, micros: 46 },
  removeProxy: { reads: 5, writes: 4, micros: 69 },
  removeProxies: { reads: 67, writes: 66, micros: 830 },
  createPure: { reads: 2, writes: 3, micros: 24 },
  killPure: { reads: 67, writes: 66, micros: 790 },
  announce: { reads: 3, writes: 2, micros: 40 },
  removeAnnouncement: { reads: 2, writes: 2, micros: 40 },
  rejectAnnouncement: { reads: 2, writes: 2, micros: 30 },
  proxyAnnounced: {
    reads: 3,
    writes: 2,
    micros: 40,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0024 },
  },
} as const satisfies Record<string, Cost>;
