/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  batch: {
    reads: 0,
    writes: 0,
    micros: 6.1,
    each: { unit: 'call', reads: 0, writes: 0, micros: 0.28 },
  },
  batchAll: {
    reads: 0,
    writes: 0,
    micros: 6.1,
    each: { unit: 'call', reads: 0, writes: 0, micros: 0.2 },
  },
  forceBatch: {
    reads: 0,
    writes: 0,
    micros: 10,
    each: { unit: 'call', reads: 0, writes: 0, micros: 0.15 },
  },
} as const satisfies Record<string, Cost>;
