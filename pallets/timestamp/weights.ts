/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  set: { reads: 3, writes: 2, micros: 10 },
} as const satisfies Record<string, Cost>;
