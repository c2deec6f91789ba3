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
  join: { reads: 5, writes: 1, micros: 33 },
  admit: { reads: 4, writes: 1, micros: 28 },
  leave: { reads: 5, writes: 3, micros: 44 },
  release: { reads: 3, writes: 3, micros: 40 },
  closeMeter: { reads: 2, writes: 3, micros: 18 },
  report: {
    reads: 17,
    writes: 10,
    micros: 120,
    each: { unit: 'grant', reads: 2, writes: 0, micros: 5.6 },
  },
  concludeReport: {
    reads: 21,
    writes: 10,
    micros: 170,
    each: { unit: 'grant', reads: 2, writes: 2, micros: 23 },
  },
} as const satisfies Record<string, Cost>;
