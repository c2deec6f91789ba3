/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  post: { reads: 86, writes: 84, micros: 7700 },
} as const satisfies Record<string, Cost>;
