/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  bond: { reads: 3, writes: 2, micros: 21 },
  leave: { reads: 2, writes: 2, micros: 18 },
  propose: {
    reads: 14,
    writes: 10,
    micros: 91,
    each: { unit: 'item', reads: 2, writes: 0, micros: 3.9 },
  },
  join: { reads: 37, writes: 4, micros: 85 },
  conclude: { reads: 232, writes: 137, micros: 1100 },
  evaluate: { reads: 14, writes: 5, micros: 54 },
  count: { reads: 6, writes: 2, micros: 35 },
  withdraw: { reads: 3, writes: 3, micros: 21 },
  strike: { reads: 3, writes: 3, micros: 22 },
  rate: { reads: 17, writes: 5, micros: 90 },
  closeRating: { reads: 3, writes: 3, micros: 24 },
  fundPot: { reads: 4, writes: 3, micros: 19 },
  reward: { reads: 8, writes: 4, micros: 34 },
  setBonus: { reads: 2, writes: 1, micros: 13 },
  fundBonus: { reads: 4, writes: 3, micros: 22 },
  payUse: { reads: 38, writes: 36, micros: 590 },
} as const satisfies Record<string, Cost>;
