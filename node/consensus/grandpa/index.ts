/** GRANDPA finality: `voter.ts` is the pure machine, `service.ts` runs it in the node, `justification.ts` proves its results. */
export { encodeJustification, verifyJustification } from './justification.ts';
export {
  type GrandpaOptions,
  GrandpaService,
  type GrandpaState,
  type VoterKey,
} from './service.ts';
export type { BlockRef, Commit, Equivocation, SignedVote } from '../../../primitives/grandpa/index.ts';
