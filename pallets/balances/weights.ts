/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  transferAllowDeath: { reads: 2, writes: 2, micros: 27 },
  transferKeepAlive: { reads: 2, writes: 2, micros: 24 },
  transferAll: { reads: 2, writes: 2, micros: 29 },
} as const satisfies Record<string, Cost>;
