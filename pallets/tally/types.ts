/** What the tally pallet keeps and exchanges: codecs are the declaration, TypeScript types follow from them. */
export {
  itemIndex,
  laneNumber,
  lanePart,
  roundId,
  submissionIndex,
  TALLY_PALLET,
} from './types/ids.ts';
export * from './types/posts.ts';
export * from './types/results.ts';
export * from './types/round.ts';
