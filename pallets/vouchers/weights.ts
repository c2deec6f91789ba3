/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  open: { reads: 6, writes: 5, micros: 48 },
  topUp: { reads: 3, writes: 3, micros: 30 },
  settle: { reads: 13, writes: 9, micros: 350 },
  close: { reads: 2, writes: 1, micros: 13 },
  end: { reads: 3, writes: 4, micros: 43 },
} as const satisfies Record<string, Cost>;
