/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  reportEquivocation: { reads: 6, writes: 4, micros: 720 },
} as const satisfies Record<string, Cost>;
