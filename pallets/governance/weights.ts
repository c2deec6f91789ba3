/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  propose: {
    reads: 12,
    writes: 5,
    micros: 120,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.4 },
  },
  vote: { reads: 3, writes: 3, micros: 200 },
  removeVote: { reads: 3, writes: 3, micros: 200 },
  unlock: { reads: 2, writes: 2, micros: 150 },
  enact: {
    reads: 3,
    writes: 4,
    micros: 80,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.01 },
  },
  close: { reads: 4, writes: 5, micros: 80 },
  withdraw: { reads: 4, writes: 5, micros: 80 },
  cancel: { reads: 4, writes: 5, micros: 80 },
  spend: { reads: 5, writes: 3, micros: 40 },
  scheduleUpgrade: { reads: 1, writes: 1, micros: 15 },
  cancelUpgrade: { reads: 1, writes: 1, micros: 10 },
  stand: { reads: 5, writes: 3, micros: 80 },
  approve: { reads: 5, writes: 3, micros: 300 },
  removeApproval: { reads: 4, writes: 3, micros: 300 },
  holdElection: { reads: 42, writes: 39, micros: 700 },
  panelSuspend: { reads: 18, writes: 14, micros: 250 },
  panelLift: { reads: 14, writes: 11, micros: 200 },
  endReview: { reads: 2, writes: 1, micros: 20 },
  overrule: { reads: 13, writes: 11, micros: 150 },
} as const satisfies Record<string, Cost>;
