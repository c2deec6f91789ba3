/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  asMultiThreshold_1: { reads: 0, writes: 0, micros: 27 },
  asMulti: {
    reads: 2,
    writes: 2,
    micros: 55,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0014 },
  },
  approveAsMulti: { reads: 2, writes: 2, micros: 38 },
  cancelAsMulti: { reads: 2, writes: 2, micros: 45 },
} as const satisfies Record<string, Cost>;
