/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  setKeys: { reads: 5, writes: 4, micros: 1100 },
} as const satisfies Record<string, Cost>;
