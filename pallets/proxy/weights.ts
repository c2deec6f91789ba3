/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  proxy: { reads: 1, writes: 0, micros: 32 },
  addProxy: { reads: 3, writes: 2, micros: 79 },
  removeProxy: { reads: 5, writes: 4, micros: 97 },
  removeProxies: { reads: 67, writes: 66, micros: 950 },
  createPure: { reads: 2, writes: 3, micros: 25 },
  killPure: { reads: 67, writes: 66, micros: 910 },
  announce: { reads: 3, writes: 2, micros: 44 },
  removeAnnouncement: { reads: 2, writes: 2, micros: 43 },
  rejectAnnouncement: { reads: 2, writes: 2, micros: 33 },
  proxyAnnounced: {
    reads: 3,
    writes: 2,
    micros: 45,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0024 },
  },
} as const satisfies Record<string, Cost>;
