/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  report: { reads: 22, writes: 10, micros: 200 },
  answer: { reads: 9, writes: 4, micros: 80 },
  ruleByFacts: { reads: 111, writes: 3, micros: 600 },
  ruleSilence: { reads: 12, writes: 3, micros: 80 },
  draw: { reads: 85, writes: 18, micros: 6_500 },
  commit: { reads: 2, writes: 1, micros: 25 },
  reveal: { reads: 3, writes: 1, micros: 30 },
  denounce: { reads: 8, writes: 5, micros: 300 },
  count: { reads: 14, writes: 4, micros: 100 },
  appeal: { reads: 9, writes: 4, micros: 70 },
  lapse: { reads: 2, writes: 2, micros: 25 },
  conclude: { reads: 102, writes: 123, micros: 3_000 },
  prune: { reads: 2, writes: 5, micros: 25 },
  joinJurors: { reads: 3, writes: 2, micros: 200 },
  leaveJurors: { reads: 1, writes: 1, micros: 150 },
  releaseJuror: { reads: 3, writes: 2, micros: 150 },
} as const satisfies Record<string, Cost>;
