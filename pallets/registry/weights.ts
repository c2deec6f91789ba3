/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  registerData: { reads: 3, writes: 4, micros: 29 },
  disclose: { reads: 2, writes: 2, micros: 26 },
  withdrawDisclosure: { reads: 2, writes: 2, micros: 25 },
  setOptOut: { reads: 1, writes: 1, micros: 18 },
  transferData: { reads: 3, writes: 3, micros: 44 },
  registerModel: {
    reads: 3,
    writes: 4,
    micros: 26,
    each: { unit: 'parent', reads: 1, writes: 0, micros: 3.6 },
  },
  transferModel: { reads: 3, writes: 3, micros: 46 },
} as const satisfies Record<string, Cost>;
