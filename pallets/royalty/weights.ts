/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  fund: { reads: 4, writes: 3, micros: 57 },
  createRound: { reads: 14, writes: 9, micros: 310 },
  enrol: { reads: 9, writes: 7, micros: 5900 },
  publishDirection: { reads: 4, writes: 2, micros: 180 },
  pay: { reads: 5, writes: 3, micros: 60 },
  distribute: {
    reads: 12,
    writes: 6,
    micros: 150,
    each: { unit: 'party', reads: 1, writes: 1, micros: 20 },
  },
  collect: { reads: 3, writes: 3, micros: 40 },
  setContributorsShare: { reads: 3, writes: 1, micros: 30 },
  claimBonus: { reads: 8, writes: 6, micros: 80 },
  setRoundRule: { reads: 3, writes: 3, micros: 50 },
  clearRoundRule: { reads: 4, writes: 4, micros: 100 },
  queueRound: { reads: 5, writes: 2, micros: 60 },
  dropQueuedRound: { reads: 4, writes: 2, micros: 50 },
  openDueRound: { reads: 16, writes: 11, micros: 350 },
  claim: { reads: 5, writes: 5, micros: 37_000 },
} as const satisfies Record<string, Cost>;
