/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  transfer: { reads: 20, writes: 21, micros: 54 },
  giveShare: { reads: 3, writes: 4, micros: 23 },
  accept: { reads: 20, writes: 24, micros: 120 },
  closeOffer: { reads: 2, writes: 2, micros: 20 },
  setDelegate: { reads: 3, writes: 3, micros: 26 },
} as const satisfies Record<string, Cost>;
