/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  report: { reads: 22, writes: 10, micros: 210 },
  answer: { reads: 9, writes: 4, micros: 75 },
  ruleByFacts: { reads: 112, writes: 3, micros: 700 },
  ruleSilence: { reads: 12, writes: 3, micros: 90 },
  draw: { reads: 85, writes: 18, micros: 49_000 },
  commit: { reads: 2, writes: 2, micros: 31 },
  reveal: { reads: 3, writes: 1, micros: 32 },
  denounce: { reads: 8, writes: 5, micros: 430 },
  count: { reads: 14, writes: 4, micros: 110 },
  appeal: { reads: 9, writes: 4, micros: 80 },
  lapse: { reads: 2, writes: 2, micros: 24 },
  conclude: { reads: 102, writes: 124, micros: 13_000 },
  prune: { reads: 2, writes: 5, micros: 23 },
  joinJurors: { reads: 3, writes: 2, micros: 180 },
  leaveJurors: { reads: 1, writes: 1, micros: 140 },
  releaseJuror: { reads: 3, writes: 2, micros: 160 },
} as const satisfies Record<string, Cost>;
