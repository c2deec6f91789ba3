/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  openPeriod: {
    reads: 15,
    writes: 9,
    micros: 210,
    each: { unit: 'reporter', reads: 1, writes: 1, micros: 17 },
  },
  concludePeriod: { reads: 12, writes: 4, micros: 89 },
  nameGateway: { reads: 3, writes: 3, micros: 25 },
  openMeter: { reads: 4, writes: 4, micros: 23 },
  join: { reads: 5, writes: 3, micros: 41 },
  admit: { reads: 4, writes: 1, micros: 30 },
  leave: { reads: 6, writes: 4, micros: 43 },
  release: { reads: 4, writes: 4, micros: 40 },
  closeMeter: { reads: 2, writes: 3, micros: 18 },
  report: {
    reads: 17,
    writes: 10,
    micros: 120,
    each: { unit: 'grant', reads: 2, writes: 0, micros: 4.6 },
  },
  concludeReport: {
    reads: 21,
    writes: 10,
    micros: 150,
    each: { unit: 'grant', reads: 2, writes: 3, micros: 31 },
  },
} as const satisfies Record<string, Cost>;
