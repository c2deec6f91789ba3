/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. Not all of it is measured yet: docs/status.md says what is by hand. */
import type { Cost } from '../support/index.ts';

export const weights = {
  postKeying: {
    reads: 5,
    writes: 2,
    micros: 1800,
    each: { unit: 'entry', reads: 0, writes: 0, micros: 86 },
  },
  postKeyCheck: { reads: 5, writes: 2, micros: 390 },
  publishDirection: { reads: 4, writes: 2, micros: 180 },
  submit: {
    reads: 8,
    writes: 6,
    micros: 11_000,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0019 },
  },
  postReveal: {
    reads: 41,
    writes: 3,
    micros: 420,
    each: { unit: 'entry', reads: 1, writes: 1, micros: 280 },
  },
  postCheck: { reads: 13, writes: 2, micros: 320 },
  postCheckEach: {
    reads: 15,
    writes: 2,
    micros: 330,
    each: { unit: 'entry', reads: 0, writes: 0, micros: 0.52 },
  },
  postAggregate: {
    reads: 72,
    writes: 2,
    micros: 440,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0041 },
  },
  postPayout: {
    reads: 13,
    writes: 2,
    micros: 300,
    each: { unit: 'entry', reads: 0, writes: 0, micros: 1 },
  },
  postSum: {
    reads: 13,
    writes: 2,
    micros: 320,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0015 },
  },
} as const satisfies Record<string, Cost>;

/** What the ends of blocks do besides judging. */
export const hooks = {
  forget: {
    reads: 35,
    writes: 31,
    micros: 290,
    each: { unit: 'key', reads: 1, writes: 1, micros: 6 },
  },
  fail: {
    reads: 6,
    writes: 5,
    micros: 120,
    each: { unit: 'submission', reads: 3, writes: 1, micros: 90 },
  },
} as const satisfies Record<string, Cost>;

/**
 * Microseconds of judging a phase, with the post that decides it or at the end of the block that began in it, by the members of the round's committee: for the round, for
 * each of its items or summed vectors, and for each value of what it opens.
 */
export const ends = {
  4: {
    Keying: { micros: 11_000, item: 0, vector: 0, value: 1.4 },
    KeyCheck: { micros: 26_000, item: 0, vector: 0, value: 0 },
    Open: { micros: 470, item: 12, vector: 0, value: 0 },
    Reveal: { micros: 460, item: 0, vector: 0, value: 0.077 },
    Check: { micros: 4400, item: 360, vector: 68, value: 0.028 },
    CheckEach: { micros: 9000, item: 650, vector: 78, value: 0.13 },
    Aggregate: { micros: 1500, item: 150, vector: 0, value: 6.3 },
    Payout: { micros: 4200, item: 660, vector: 0, value: 2.2 },
    Sum: { micros: 1400, item: 0, vector: 0, value: 0.59 },
  },
  7: {
    Keying: { micros: 2700, item: 0, vector: 0, value: 1.1 },
    KeyCheck: { micros: 15_000, item: 0, vector: 0, value: 0.17 },
    Open: { micros: 310, item: 12, vector: 0, value: 0.025 },
    Reveal: { micros: 560, item: 0, vector: 2.1, value: 0.00013 },
    Check: { micros: 7400, item: 370, vector: 0, value: 0.0087 },
    CheckEach: { micros: 23_000, item: 680, vector: 120, value: 0.0012 },
    Aggregate: { micros: 1600, item: 150, vector: 0, value: 5.3 },
    Payout: { micros: 5400, item: 660, vector: 0, value: 2.1 },
    Sum: { micros: 1400, item: 0, vector: 0, value: 0.67 },
  },
  10: {
    Keying: { micros: 7100, item: 0, vector: 0, value: 0.3 },
    KeyCheck: { micros: 20_000, item: 0, vector: 0, value: 1.4 },
    Open: { micros: 650, item: 14, vector: 77, value: 0.023 },
    Reveal: { micros: 1700, item: 0, vector: 0, value: 0.009 },
    Check: { micros: 15_000, item: 400, vector: 0, value: 0.25 },
    CheckEach: { micros: 51_000, item: 750, vector: 180, value: 1.7 },
    Aggregate: { micros: 2400, item: 150, vector: 0, value: 5.8 },
    Payout: { micros: 4700, item: 800, vector: 0, value: 2.3 },
    Sum: { micros: 2400, item: 0, vector: 0, value: 0.91 },
  },
} as const;
