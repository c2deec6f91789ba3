/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  fund: { reads: 4, writes: 3, micros: 57 },
  createRound: { reads: 14, writes: 9, micros: 310 },
  enrol: { reads: 9, writes: 7, micros: 5900 },
  publishDirection: { reads: 4, writes: 2, micros: 180 },
  claim: { reads: 5, writes: 5, micros: 37_000 },
  pay: { reads: 4, writes: 3, micros: 60 },
  distribute: {
    reads: 12,
    writes: 6,
    micros: 150,
    each: { unit: 'party', reads: 2, writes: 1, micros: 45 },
  },
  collect: { reads: 3, writes: 3, micros: 50 },
  setContributorsShare: { reads: 3, writes: 1, micros: 30 },
  claimBonus: { reads: 13, writes: 7, micros: 90 },
  setRoundRule: { reads: 3, writes: 3, micros: 50 },
  clearRoundRule: { reads: 12, writes: 12, micros: 180 },
  queueRound: { reads: 6, writes: 2, micros: 90 },
  dropQueuedRound: { reads: 3, writes: 2, micros: 60 },
  openDueRound: { reads: 17, writes: 11, micros: 350 },
} as const satisfies Record<string, Cost>;
