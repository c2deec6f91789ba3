/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  registerData: { reads: 3, writes: 4, micros: 68 },
  disclose: { reads: 2, writes: 2, micros: 53 },
  withdrawDisclosure: { reads: 2, writes: 2, micros: 54 },
  setOptOut: { reads: 1, writes: 1, micros: 34 },
  transferData: { reads: 3, writes: 3, micros: 62 },
  registerModel: {
    reads: 3,
    writes: 4,
    micros: 31,
    each: { unit: 'parent', reads: 1, writes: 0, micros: 7.6 },
  },
  transferModel: { reads: 3, writes: 3, micros: 45 },
} as const satisfies Record<string, Cost>;
