/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  setParameter: { reads: 1, writes: 1, micros: 8.1 },
} as const satisfies Record<string, Cost>;
