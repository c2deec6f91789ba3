/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  fund: { reads: 4, writes: 3, micros: 57 },
  createRound: { reads: 14, writes: 9, micros: 310 },
  enrol: { reads: 9, writes: 7, micros: 5900 },
  publishDirection: { reads: 4, writes: 2, micros: 180 },
  claim: { reads: 5, writes: 5, micros: 37_000 },
} as const satisfies Record<string, Cost>;
