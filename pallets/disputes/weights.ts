/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  report: { reads: 20, writes: 12, micros: 200 },
  answer: { reads: 8, writes: 5, micros: 120 },
  ruleByFacts: { reads: 12, writes: 6, micros: 150 },
  ruleSilence: { reads: 6, writes: 5, micros: 80 },
  draw: { reads: 14, writes: 18, micros: 6_000 },
  commit: { reads: 2, writes: 1, micros: 60 },
  reveal: { reads: 3, writes: 1, micros: 60 },
  denounce: { reads: 8, writes: 6, micros: 1_500 },
  count: { reads: 6, writes: 5, micros: 100 },
  appeal: { reads: 10, writes: 6, micros: 120 },
  lapse: { reads: 4, writes: 3, micros: 60 },
  conclude: { reads: 50, writes: 70, micros: 8_000 },
  prune: { reads: 2, writes: 6, micros: 60 },
  joinJurors: { reads: 3, writes: 2, micros: 1_500 },
  leaveJurors: { reads: 1, writes: 1, micros: 1_500 },
  releaseJuror: { reads: 3, writes: 2, micros: 1_500 },
} as const satisfies Record<string, Cost>;
