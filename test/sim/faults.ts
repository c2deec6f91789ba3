/** Ways to break the voter or its surroundings on purpose: the simulation must notice each. */
export const FAULTS = [
  /** A write is said to be done when it begins. */
  'trusts-the-disk',
  /** A restart knows nothing of the votes before it. */
  'forgets-votes',
  /** One vote less than the threshold suffices. */
  'counts-short',
  /** Votes for the longest chain, whether it contains what may have been finalized or not. */
  'votes-for-the-longest',
  /** Puts the second vote of an equivocator into proofs. */
  'proves-with-both-votes',
  /** A record holds own votes, and nothing of the rounds they were cast in. */
  'forgets-rounds',
  /** Neither asks for votes nor sends its own again. */
  'never-repeats',
] as const;
export type Fault = (typeof FAULTS)[number];
