/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  propose: {
    reads: 12,
    writes: 5,
    micros: 530,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0059 },
  },
  vote: { reads: 3, writes: 3, micros: 71 },
  removeVote: { reads: 3, writes: 3, micros: 68 },
  unlock: { reads: 2, writes: 2, micros: 48 },
  enact: {
    reads: 3,
    writes: 4,
    micros: 120,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0024 },
  },
  close: { reads: 4, writes: 5, micros: 31 },
  withdraw: { reads: 4, writes: 5, micros: 35 },
  cancel: { reads: 4, writes: 5, micros: 29 },
  spend: { reads: 5, writes: 3, micros: 20 },
  scheduleUpgrade: { reads: 1, writes: 1, micros: 6.3 },
  cancelUpgrade: { reads: 1, writes: 1, micros: 4.8 },
  stand: { reads: 6, writes: 4, micros: 31 },
  approve: { reads: 5, writes: 3, micros: 57 },
  removeApproval: { reads: 4, writes: 3, micros: 53 },
  holdElection: { reads: 42, writes: 39, micros: 540 },
  panelSuspend: { reads: 18, writes: 14, micros: 150 },
  panelLift: { reads: 14, writes: 11, micros: 140 },
  endReview: { reads: 2, writes: 1, micros: 17 },
  overrule: { reads: 13, writes: 11, micros: 140 },
  proposeSecret: {
    reads: 24,
    writes: 11,
    micros: 660,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.005 },
  },
  takeSeat: { reads: 5, writes: 4, micros: 39 },
  countBallots: { reads: 134, writes: 68, micros: 1500 },
} as const satisfies Record<string, Cost>;
