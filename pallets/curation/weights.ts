/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  bond: { reads: 3, writes: 2, micros: 30 },
  leave: { reads: 2, writes: 2, micros: 30 },
  propose: { reads: 20, writes: 20, micros: 300, each: { unit: 'item', reads: 8, writes: 0, micros: 60 } },
  join: { reads: 8, writes: 5, micros: 100 },
  conclude: { reads: 300, writes: 300, micros: 6_000 },
  evaluate: { reads: 10, writes: 6, micros: 80 },
  count: { reads: 8, writes: 3, micros: 60 },
  withdraw: { reads: 4, writes: 4, micros: 40 },
  rate: { reads: 8, writes: 5, micros: 80 },
  closeRating: { reads: 3, writes: 3, micros: 40 },
  fundPot: { reads: 4, writes: 3, micros: 40 },
  reward: { reads: 6, writes: 4, micros: 60 },
} as const satisfies Record<string, Cost>;
