/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  postKeying: {
    reads: 5,
    writes: 2,
    micros: 7500,
    each: { unit: 'entry', reads: 0, writes: 0, micros: 22 },
  },
  postKeyCheck: { reads: 5, writes: 2, micros: 800 },
  submit: {
    reads: 8,
    writes: 6,
    micros: 14_000,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0073 },
  },
  postReveal: {
    reads: 6,
    writes: 2,
    micros: 2100,
    each: { unit: 'entry', reads: 1, writes: 1, micros: 680 },
  },
  postCheck: { reads: 5, writes: 2, micros: 720 },
  postCheckEach: {
    reads: 5,
    writes: 2,
    micros: 690,
    each: { unit: 'entry', reads: 0, writes: 0, micros: 0.63 },
  },
  postAggregate: {
    reads: 5,
    writes: 2,
    micros: 730,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.017 },
  },
  postTotal: { reads: 5, writes: 2, micros: 740 },
  postPayout: { reads: 5, writes: 2, micros: 720 },
  postSum: {
    reads: 5,
    writes: 2,
    micros: 730,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.017 },
  },
} as const satisfies Record<string, Cost>;

/**
 * Microseconds of the end of a block, by the members of a round's committee and the phase the block finds it in: for the round, for each of its items
 * or summed vectors, and for each value of what it opens.
 */
export const ends = {
  4: {
    Keying: { micros: 5300, item: 0, vector: 0, value: 0 },
    KeyCheck: { micros: 27_000, item: 0, vector: 0, value: 0 },
    Open: { micros: 400, item: 1.8, vector: 2, value: 0.02 },
    Reveal: { micros: 770, item: 0, vector: 0, value: 0.13 },
    Check: { micros: 5800, item: 1400, vector: 0, value: 0 },
    CheckEach: { micros: 21_000, item: 3600, vector: 3600, value: 0 },
    Aggregate: { micros: 870, item: 2.8, vector: 0, value: 2.7 },
    Total: { micros: 1700, item: 0, vector: 0, value: 0 },
    Payout: { micros: 11_000, item: 1300, vector: 0, value: 0 },
    Sum: { micros: 870, item: 0, vector: 3, value: 2.7 },
  },
  7: {
    Keying: { micros: 6100, item: 0, vector: 0, value: 0.43 },
    KeyCheck: { micros: 32_000, item: 0, vector: 0, value: 0 },
    Open: { micros: 1400, item: 0, vector: 2, value: 0.14 },
    Reveal: { micros: 1400, item: 0, vector: 0, value: 0 },
    Check: { micros: 11_000, item: 720, vector: 0, value: 2.2 },
    CheckEach: { micros: 33_000, item: 8200, vector: 8200, value: 1.6 },
    Aggregate: { micros: 1800, item: 0, vector: 0, value: 3.6 },
    Total: { micros: 2000, item: 0, vector: 0, value: 0.19 },
    Payout: { micros: 11_000, item: 880, vector: 0, value: 1.9 },
    Sum: { micros: 1800, item: 0, vector: 3, value: 3.6 },
  },
  10: {
    Keying: { micros: 20_000, item: 0, vector: 0, value: 0 },
    KeyCheck: { micros: 39_000, item: 0, vector: 0, value: 0 },
    Open: { micros: 1700, item: 0, vector: 2, value: 0 },
    Reveal: { micros: 1800, item: 0, vector: 0, value: 0 },
    Check: { micros: 34_000, item: 0, vector: 0, value: 0 },
    CheckEach: { micros: 110_000, item: 8100, vector: 8100, value: 0 },
    Aggregate: { micros: 5300, item: 0, vector: 0, value: 2.5 },
    Total: { micros: 3000, item: 18, vector: 0, value: 0 },
    Payout: { micros: 7900, item: 1400, vector: 0, value: 0.92 },
    Sum: { micros: 5300, item: 0, vector: 3, value: 2.5 },
  },
} as const;
