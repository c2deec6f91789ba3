/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  bond: { reads: 3, writes: 2, micros: 28 },
  leave: { reads: 2, writes: 2, micros: 24 },
  propose: {
    reads: 14,
    writes: 10,
    micros: 140,
    each: { unit: 'item', reads: 2, writes: 0, micros: 4.8 },
  },
  join: { reads: 37, writes: 4, micros: 130 },
  closeBallots: { reads: 2, writes: 1, micros: 23 },
  conclude: { reads: 232, writes: 137, micros: 9300 },
  evaluate: { reads: 14, writes: 5, micros: 80 },
  count: { reads: 6, writes: 2, micros: 44 },
  withdraw: { reads: 3, writes: 3, micros: 28 },
  strike: { reads: 3, writes: 3, micros: 34 },
  rate: { reads: 17, writes: 5, micros: 110 },
  closeRating: { reads: 3, writes: 3, micros: 39 },
  fundPot: { reads: 4, writes: 3, micros: 29 },
  reward: { reads: 8, writes: 4, micros: 53 },
  setBonus: { reads: 2, writes: 1, micros: 16 },
  fundBonus: { reads: 4, writes: 3, micros: 32 },
  payUse: { reads: 38, writes: 36, micros: 1200 },
} as const satisfies Record<string, Cost>;
