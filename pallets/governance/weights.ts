/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  propose: {
    reads: 12,
    writes: 5,
    micros: 640,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.005 },
  },
  vote: { reads: 3, writes: 3, micros: 75 },
  removeVote: { reads: 3, writes: 3, micros: 75 },
  unlock: { reads: 2, writes: 2, micros: 50 },
  enact: {
    reads: 3,
    writes: 4,
    micros: 130,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0017 },
  },
  close: { reads: 4, writes: 5, micros: 37 },
  withdraw: { reads: 4, writes: 5, micros: 39 },
  cancel: { reads: 4, writes: 5, micros: 35 },
  spend: { reads: 5, writes: 3, micros: 23 },
  scheduleUpgrade: { reads: 1, writes: 1, micros: 8 },
  cancelUpgrade: { reads: 1, writes: 1, micros: 6 },
  stand: { reads: 6, writes: 4, micros: 45 },
  approve: { reads: 5, writes: 3, micros: 68 },
  removeApproval: { reads: 4, writes: 3, micros: 62 },
  holdElection: { reads: 42, writes: 39, micros: 630 },
  panelSuspend: { reads: 18, writes: 14, micros: 170 },
  panelLift: { reads: 14, writes: 11, micros: 150 },
  endReview: { reads: 2, writes: 1, micros: 21 },
  proposeSecret: {
    reads: 24,
    writes: 11,
    micros: 700,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.005 },
  },
  takeSeat: { reads: 5, writes: 4, micros: 80 },
  countBallots: { reads: 134, writes: 68, micros: 1200 },
  overrule: { reads: 13, writes: 11, micros: 140 },
} as const satisfies Record<string, Cost>;
