/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  remark: {
    reads: 0,
    writes: 0,
    micros: 5.5,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0 },
  },
  remarkWithEvent: {
    reads: 0,
    writes: 0,
    micros: 6.5,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0012 },
  },
} as const satisfies Record<string, Cost>;
