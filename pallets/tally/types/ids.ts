/** Numbers and short byte strings that the tally's types are made of. */
import { fixed, named, u8, u16, u32 } from '../../../primitives/scale/index.ts';

/** Index of the pallet in the runtime: signed with every post. */
export const TALLY_PALLET = 21;

export const roundId = named('RoundId', u32, 'Number of the round.');
export const itemIndex = named('ItemIndex', u16, 'Place of the item in the round, from 0.');
export const submissionIndex = named('SubmissionIndex', u16, 'Place of the submission in the round, from 0.');
export const laneNumber = named(
  'Lane',
  u8,
  'Kind of contribution: 0 model update, 1 usage report, 2 ballot, 3 counts of a statistic, 4 meter of grants.',
);
export const lanePart = named('LanePart', u8, 'Part of the lane: of a model update, or the reporter.');

export const hash = fixed(32);
export const point = fixed(32);
export const scalar = fixed(32);
