/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  postKeying: {
    reads: 5,
    writes: 2,
    micros: 34_000,
    each: { unit: 'entry', reads: 0, writes: 0, micros: 0 },
  },
  postKeyCheck: { reads: 5, writes: 2, micros: 4300 },
  submit: {
    reads: 6,
    writes: 5,
    micros: 40_000,
    each: { unit: 'byte', reads: 0.0000056, writes: 0.0000028, micros: 0.02 },
  },
  postReveal: {
    reads: 6,
    writes: 2,
    micros: 34_000,
    each: { unit: 'entry', reads: 1, writes: 1, micros: 2300 },
  },
  postCheck: { reads: 5, writes: 2, micros: 890 },
  postCheckEach: {
    reads: 5,
    writes: 2,
    micros: 2200,
    each: { unit: 'entry', reads: 0, writes: 0, micros: 0 },
  },
  postAggregate: { reads: 5, writes: 2, micros: 6800 },
  postTotal: { reads: 5, writes: 2, micros: 770 },
  postPayout: { reads: 5, writes: 2, micros: 13_000 },
} as const satisfies Record<string, Cost>;

/** Microseconds of the end of a block, by the members of a round's committee and the phase the block finds it in: for the round, and for each of its items. */
export const ends = {
  4: {
    Keying: { micros: 31_000, item: 0 },
    KeyCheck: { micros: 30_000, item: 0 },
    Open: { micros: 590, item: 0 },
    Reveal: { micros: 310, item: 63 },
    Check: { micros: 17_000, item: 830 },
    CheckEach: { micros: 30_000, item: 3900 },
    Aggregate: { micros: 760, item: 7.3 },
    Total: { micros: 500, item: 32 },
    Payout: { micros: 19_000, item: 960 },
  },
  7: {
    Keying: { micros: 58_000, item: 0 },
    KeyCheck: { micros: 100_000, item: 0 },
    Open: { micros: 1500, item: 59 },
    Reveal: { micros: 610, item: 34 },
    Check: { micros: 21_000, item: 5400 },
    CheckEach: { micros: 130_000, item: 27_000 },
    Aggregate: { micros: 1600, item: 0 },
    Total: { micros: 2000, item: 0 },
    Payout: { micros: 27_000, item: 4900 },
  },
  10: {
    Keying: { micros: 94_000, item: 0 },
    KeyCheck: { micros: 380_000, item: 0 },
    Open: { micros: 370, item: 310 },
    Reveal: { micros: 1300, item: 1300 },
    Check: { micros: 150_000, item: 0 },
    CheckEach: { micros: 450_000, item: 0 },
    Aggregate: { micros: 28_000, item: 0 },
    Total: { micros: 6800, item: 0 },
    Payout: { micros: 67_000, item: 0 },
  },
} as const;
