/** GRANDPA finality: `voter.ts` is the pure machine, `service.ts` runs it in the node, `justification.ts` proves its results. */
export { encodeJustification, verifyJustification } from './justification.ts';
export { type GrandpaOptions, type VoterKey } from './options.ts';
export { GrandpaService, type GrandpaState } from './service.ts';
export type { BlockRef, Commit, Equivocation, SignedVote } from '../../../primitives/grandpa/index.ts';
