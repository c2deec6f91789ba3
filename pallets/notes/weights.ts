/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  claim: { reads: 25, writes: 10, micros: 45_000 },
} as const satisfies Record<string, Cost>;
