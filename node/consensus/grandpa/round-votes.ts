/** Rounds as they are written down and told to others, and how they are counted again. */
import {
  type Ancestry,
  type BlockRef,
  Round,
  type RoundState,
  type VoterSet,
  withBlocks,
} from '../../../primitives/grandpa/index.ts';
import type { RoundVotes } from './types.ts';

/** Headers of one round in a record or answer. Where more would be needed, the lowest are left out: the chain has them. */
export const MAX_ROUND_BLOCKS = 1024;

export function votesOf(round: Round): RoundVotes {
  return {
    round: round.number,
    base: round.base,
    prevotes: round.votes('prevote'),
    precommits: round.votes('precommit'),
    ancestry: round.blocks().slice(-MAX_ROUND_BLOCKS),
  };
}

/** Counts the votes again, on `base`. Those whose blocks are nowhere to be found are left out. */
export function recount(votes: RoundVotes, base: BlockRef, voters: VoterSet, chain: Ancestry): Round {
  const round = new Round(votes.round, voters, base);
  const blocks = withBlocks(votes.ancestry, chain);
  for (const vote of votes.prevotes) round.import(blocks, 'prevote', vote);
  for (const vote of votes.precommits) round.import(blocks, 'precommit', vote);
  return round;
}

/** Whether a threshold has been counted in both phases, and nothing above the estimate can become final in the round. */
export function isComplete(round: Round): boolean {
  const enough = (phase: 'prevote' | 'precommit'): boolean => {
    const voted = new Set(round.votes(phase).map(({ id }) => round.voters.position(id)!));
    const mask = [...voted].reduce((bits, at) => bits | (1n << BigInt(at)), 0n);
    return round.voters.weightOf(mask) >= round.voters.threshold;
  };
  return enough('prevote') && enough('precommit') && round.state.completable;
}

/**
 * The base for the round after one in this state: what it finalized, as every honest vote to come is above that. Otherwise `base`,
 * one that was final before; never one that only others told us, as a base that is too high would hide what may be final.
 */
export function nextBase(base: BlockRef, { finalized }: RoundState): BlockRef {
  return finalized !== undefined && finalized.number > base.number ? finalized : base;
}
