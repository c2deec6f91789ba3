/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  openPeriod: {
    reads: 15,
    writes: 9,
    micros: 110,
    each: { unit: 'reporter', reads: 1, writes: 1, micros: 15 },
  },
  concludePeriod: { reads: 12, writes: 4, micros: 85 },
  nameGateway: { reads: 3, writes: 3, micros: 24 },
  openMeter: { reads: 4, writes: 4, micros: 22 },
  join: { reads: 5, writes: 1, micros: 30 },
  admit: { reads: 4, writes: 1, micros: 27 },
  leave: { reads: 5, writes: 3, micros: 45 },
  release: { reads: 3, writes: 3, micros: 38 },
  closeMeter: { reads: 2, writes: 3, micros: 16 },
  report: {
    reads: 17,
    writes: 10,
    micros: 88,
    each: { unit: 'grant', reads: 2, writes: 0, micros: 5.2 },
  },
  concludeReport: {
    reads: 21,
    writes: 10,
    micros: 94,
    each: { unit: 'grant', reads: 2, writes: 2, micros: 23 },
  },
} as const satisfies Record<string, Cost>;
