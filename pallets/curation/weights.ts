/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  bond: { reads: 3, writes: 2, micros: 20 },
  leave: { reads: 2, writes: 2, micros: 20 },
  propose: {
    reads: 14,
    writes: 10,
    micros: 84,
    each: { unit: 'item', reads: 2, writes: 0, micros: 3.7 },
  },
  join: { reads: 37, writes: 4, micros: 89 },
  closeBallots: { reads: 4, writes: 2, micros: 30 },
  conclude: { reads: 232, writes: 137, micros: 1200 },
  evaluate: { reads: 14, writes: 5, micros: 64 },
  count: { reads: 6, writes: 2, micros: 27 },
  withdraw: { reads: 3, writes: 3, micros: 20 },
  strike: { reads: 3, writes: 3, micros: 20 },
  rate: { reads: 17, writes: 5, micros: 74 },
  closeRating: { reads: 3, writes: 3, micros: 23 },
  fundPot: { reads: 4, writes: 3, micros: 24 },
  reward: { reads: 8, writes: 4, micros: 35 },
  setBonus: { reads: 2, writes: 1, micros: 11 },
  fundBonus: { reads: 4, writes: 3, micros: 22 },
  payUse: { reads: 38, writes: 36, micros: 520 },
} as const satisfies Record<string, Cost>;
