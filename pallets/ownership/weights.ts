/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  transfer: { reads: 3, writes: 2, micros: 38 },
  accept: { reads: 21, writes: 22, micros: 110 },
  closeOffer: { reads: 2, writes: 2, micros: 26 },
  giveShare: { reads: 3, writes: 4, micros: 41 },
  setDelegate: { reads: 3, writes: 3, micros: 33 },
} as const satisfies Record<string, Cost>;
