/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  batch: {
    reads: 0,
    writes: 0,
    micros: 6,
    each: { unit: 'call', reads: 0, writes: 0, micros: 0.18 },
  },
  batchAll: {
    reads: 0,
    writes: 0,
    micros: 5.9,
    each: { unit: 'call', reads: 0, writes: 0, micros: 0.16 },
  },
  forceBatch: {
    reads: 0,
    writes: 0,
    micros: 5.8,
    each: { unit: 'call', reads: 0, writes: 0, micros: 0.16 },
  },
} as const satisfies Record<string, Cost>;
