/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  remark: {
    reads: 0,
    writes: 0,
    micros: 7.6,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 2.5e-8 },
  },
  remarkWithEvent: {
    reads: 0,
    writes: 0,
    micros: 9.1,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0017 },
  },
} as const satisfies Record<string, Cost>;
