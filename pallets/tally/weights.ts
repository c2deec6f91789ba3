/** What calls cost besides their signature and their length. Written by `npm run weights`; do not edit. */
import type { Cost } from '../support/index.ts';

export const weights = {
  postKeying: {
    reads: 5,
    writes: 2,
    micros: 2800,
    each: { unit: 'entry', reads: 0, writes: 0, micros: 17 },
  },
  postKeyCheck: { reads: 5, writes: 2, micros: 730 },
  submit: {
    reads: 8,
    writes: 6,
    micros: 1700,
    each: { unit: 'byte', reads: 0, writes: 0, micros: 0.0081 },
  },
  postReveal: {
    reads: 6,
    writes: 2,
    micros: 740,
    each: { unit: 'entry', reads: 1, writes: 1, micros: 610 },
  },
  postCheck: { reads: 5, writes: 2, micros: 710 },
  postCheckEach: {
    reads: 5,
    writes: 2,
    micros: 740,
    each: { unit: 'entry', reads: 0, writes: 0, micros: 0 },
  },
  postAggregate: { reads: 5, writes: 2, micros: 840 },
  postTotal: { reads: 5, writes: 2, micros: 850 },
  postPayout: { reads: 5, writes: 2, micros: 740 },
} as const satisfies Record<string, Cost>;

/** Microseconds of the end of a block, by the members of a round's committee and the phase the block finds it in: for the round, and for each of its items. */
export const ends = {
  4: {
    Keying: { micros: 3600, item: 0 },
    KeyCheck: { micros: 20_000, item: 0 },
    Open: { micros: 380, item: 57 },
    Reveal: { micros: 730, item: 1.2 },
    Check: { micros: 6900, item: 760 },
    CheckEach: { micros: 22_000, item: 2100 },
    Aggregate: { micros: 1700, item: 2.2 },
    Total: { micros: 2000, item: 4.7 },
    Payout: { micros: 7000, item: 2200 },
  },
  7: {
    Keying: { micros: 14_000, item: 0 },
    KeyCheck: { micros: 32_000, item: 0 },
    Open: { micros: 520, item: 160 },
    Reveal: { micros: 1500, item: 0 },
    Check: { micros: 12_000, item: 840 },
    CheckEach: { micros: 33_000, item: 5800 },
    Aggregate: { micros: 1400, item: 140 },
    Total: { micros: 1600, item: 53 },
    Payout: { micros: 7400, item: 2100 },
  },
  10: {
    Keying: { micros: 21_000, item: 0 },
    KeyCheck: { micros: 43_000, item: 0 },
    Open: { micros: 750, item: 200 },
    Reveal: { micros: 1300, item: 130 },
    Check: { micros: 24_000, item: 580 },
    CheckEach: { micros: 69_000, item: 18_000 },
    Aggregate: { micros: 5700, item: 0 },
    Total: { micros: 2500, item: 890 },
    Payout: { micros: 7800, item: 2000 },
  },
} as const;
