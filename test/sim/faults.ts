/** Ways to break the voter or its surroundings on purpose: the simulation must notice each. */
export const FAULTS = [
  /** A write is said to be done when it begins. */
  'trusts-the-disk',
  /** A restart knows nothing of the votes before it. */
  'forgets-votes',
  /** A restart knows the rounds, and not which votes of its own it has cast in them. */
  'votes-again',
  /** What is written reaches the disk some seconds later, whatever the store says: a crash takes the last of it away. */
  'never-syncs',
  /** A round stands on the base that others told of the one before. */
  'believes-bases',
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
