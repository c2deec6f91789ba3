/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  write: { reads: 2, writes: 2, micros: 24 },
  tearUp: { reads: 2, writes: 2, micros: 26 },
} as const satisfies Record<string, Cost>;
