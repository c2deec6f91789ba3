/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  openPeriod: {
    reads: 20,
    writes: 10,
    micros: 91,
    each: { unit: 'reporter', reads: 1, writes: 1, micros: 8 },
  },
  concludePeriod: { reads: 8, writes: 5, micros: 60 },
  nameGateway: { reads: 3, writes: 3, micros: 23 },
  openMeter: { reads: 5, writes: 4, micros: 30 },
  join: { reads: 6, writes: 3, micros: 60 },
  leave: { reads: 7, writes: 4, micros: 60 },
  release: { reads: 5, writes: 4, micros: 60 },
  closeMeter: { reads: 3, writes: 3, micros: 30 },
  report: { reads: 140, writes: 9, micros: 700 },
  concludeReport: { reads: 140, writes: 140, micros: 1500 },
} as const satisfies Record<string, Cost>;
