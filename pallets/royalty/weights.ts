/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. Not all of it is measured yet: docs/status.md says what is by hand. */
import type { Cost } from '../support/index.ts';

export const weights = {
  fund: { reads: 4, writes: 3, micros: 57 },
  createRound: { reads: 103, writes: 16, micros: 900 },
  enrol: { reads: 9, writes: 7, micros: 5900 },
  pay: { reads: 4, writes: 3, micros: 21 },
  distribute: {
    reads: 12,
    writes: 6,
    micros: 50,
    each: { unit: 'party', reads: 2, writes: 1, micros: 5 },
  },
  collect: { reads: 3, writes: 3, micros: 20 },
  setContributorsShare: { reads: 3, writes: 1, micros: 14 },
  claimBonus: { reads: 16, writes: 7, micros: 140 },
  setRoundRule: { reads: 3, writes: 3, micros: 22 },
  clearRoundRule: { reads: 12, writes: 12, micros: 83 },
  queueRound: { reads: 6, writes: 2, micros: 42 },
  dropQueuedRound: { reads: 3, writes: 2, micros: 31 },
  backData: { reads: 14, writes: 5, micros: 190 },
  withdrawBacking: { reads: 11, writes: 3, micros: 66 },
  releaseBacking: { reads: 17, writes: 8, micros: 120 },
  claimBase: { reads: 17, writes: 8, micros: 130 },
  burnBacking: { reads: 14, writes: 4, micros: 77 },
  openDueRound: { reads: 46, writes: 11, micros: 500 },
  enrolWithEvidence: { reads: 52, writes: 17, micros: 6900 },
  stateStanding: { reads: 46, writes: 10, micros: 500 },
  recountStanding: { reads: 38, writes: 1, micros: 330 },
} as const satisfies Record<string, Cost>;

/** What the ends of blocks do besides judging. */
export const hooks = {
  forget: {
    reads: 1,
    writes: 1,
    micros: 30,
    each: { unit: 'key', reads: 1, writes: 1, micros: 3 },
  },
  refund: {
    reads: 10,
    writes: 8,
    micros: 200,
    each: { unit: 'item', reads: 2, writes: 1, micros: 120 },
  },
} as const satisfies Record<string, Cost>;
