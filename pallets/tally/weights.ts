/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  postKeying: {
    reads: 5,
    writes: 2,
    micros: 2900,
    each: { unit: 'entry', reads: 0, writes: 0, micros: 0 },
  },
  postKeyCheck: { reads: 5, writes: 2, micros: 740 },
  submit: {
    reads: 8,
    writes: 6,
    micros: 3100,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0033 },
  },
  postReveal: {
    reads: 6,
    writes: 2,
    micros: 760,
    each: { unit: 'entry', reads: 1, writes: 1, micros: 680 },
  },
  postCheck: { reads: 5, writes: 2, micros: 730 },
  postCheckEach: {
    reads: 5,
    writes: 2,
    micros: 570,
    each: { unit: 'entry', reads: 0, writes: 0, micros: 4 },
  },
  postAggregate: {
    reads: 5,
    writes: 2,
    micros: 680,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0018 },
  },
  postTotal: { reads: 5, writes: 2, micros: 500 },
  postPayout: { reads: 5, writes: 2, micros: 600 },
} as const satisfies Record<string, Cost>;

/** Microseconds of the end of a block, by the members of a round's committee and the phase the block finds it in: for the round, and for each of its items. */
export const ends = {
  4: {
    Keying: { micros: 5000, item: 0, value: 0 },
    KeyCheck: { micros: 29_000, item: 0, value: 0 },
    Open: { micros: 550, item: 5.3, value: 0 },
    Reveal: { micros: 1400, item: 8.6, value: 0 },
    Check: { micros: 6700, item: 760, value: 0 },
    CheckEach: { micros: 13_000, item: 2100, value: 0 },
    Aggregate: { micros: 940, item: 5.7, value: 2.1 },
    Total: { micros: 2000, item: 0, value: 0 },
    Payout: { micros: 6500, item: 1300, value: 0 },
  },
  7: {
    Keying: { micros: 6900, item: 0, value: 0 },
    KeyCheck: { micros: 24_000, item: 0, value: 0 },
    Open: { micros: 520, item: 39, value: 0 },
    Reveal: { micros: 1100, item: 0, value: 0 },
    Check: { micros: 11_000, item: 1600, value: 0 },
    CheckEach: { micros: 35_000, item: 7800, value: 0 },
    Aggregate: { micros: 1700, item: 0, value: 2.1 },
    Total: { micros: 1700, item: 44, value: 0 },
    Payout: { micros: 7900, item: 1200, value: 0 },
  },
  10: {
    Keying: { micros: 18_000, item: 0, value: 0 },
    KeyCheck: { micros: 42_000, item: 0, value: 0 },
    Open: { micros: 760, item: 8.8, value: 0 },
    Reveal: { micros: 2200, item: 0, value: 0 },
    Check: { micros: 24_000, item: 270, value: 0 },
    CheckEach: { micros: 70_000, item: 16_000, value: 0 },
    Aggregate: { micros: 2800, item: 210, value: 2.1 },
    Total: { micros: 2900, item: 35, value: 0 },
    Payout: { micros: 7100, item: 1600, value: 0 },
  },
} as const;
