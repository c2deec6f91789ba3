/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  fund: { reads: 4, writes: 3, micros: 50 },
  createRound: { reads: 14, writes: 9, micros: 280 },
  enrol: { reads: 8, writes: 7, micros: 6700 },
  publishDirection: { reads: 4, writes: 2, micros: 96 },
  claim: { reads: 5, writes: 5, micros: 30_000 },
} as const satisfies Record<string, Cost>;
