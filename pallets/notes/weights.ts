/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  claim: { reads: 28, writes: 10, micros: 52_000 },
} as const satisfies Record<string, Cost>;
