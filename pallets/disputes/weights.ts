/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  report: { reads: 22, writes: 10, micros: 130 },
  answer: { reads: 9, writes: 4, micros: 51 },
  ruleByFacts: { reads: 111, writes: 3, micros: 390 },
  ruleSilence: { reads: 12, writes: 3, micros: 64 },
  draw: { reads: 85, writes: 18, micros: 2000 },
  commit: { reads: 2, writes: 2, micros: 24 },
  reveal: { reads: 3, writes: 1, micros: 21 },
  denounce: { reads: 8, writes: 5, micros: 200 },
  count: { reads: 14, writes: 4, micros: 71 },
  appeal: { reads: 9, writes: 4, micros: 51 },
  lapse: { reads: 2, writes: 2, micros: 17 },
  conclude: { reads: 102, writes: 123, micros: 1400 },
  prune: { reads: 2, writes: 5, micros: 17 },
  joinJurors: { reads: 3, writes: 2, micros: 110 },
  leaveJurors: { reads: 1, writes: 1, micros: 83 },
  releaseJuror: { reads: 3, writes: 2, micros: 89 },
} as const satisfies Record<string, Cost>;
