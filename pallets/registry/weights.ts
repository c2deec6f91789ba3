/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  registerData: { reads: 3, writes: 4, micros: 34 },
  disclose: { reads: 2, writes: 2, micros: 36 },
  withdrawDisclosure: { reads: 2, writes: 2, micros: 33 },
  setOptOut: { reads: 1, writes: 1, micros: 23 },
  transferData: { reads: 3, writes: 3, micros: 61 },
  registerModel: {
    reads: 3,
    writes: 4,
    micros: 39,
    each: { unit: 'parent', reads: 1, writes: 0, micros: 3.3 },
  },
  transferModel: { reads: 3, writes: 3, micros: 54 },
} as const satisfies Record<string, Cost>;
