import { descends } from './ancestry.ts';
import { Round } from './round.ts';
import type { BlockRef, ChainView, Commit, SignedVote } from './types.ts';
import type { VoterSet } from './voter-set.ts';

export type CommitVerdict =
  | { readonly valid: true }
  | {
      readonly valid: false;
      readonly reason: 'no-votes' | 'unknown-voter' | 'not-above-base' | 'redundant' | 'wrong-target';
    };

/**
 * Whether the precommits of a commit finalize its target (validate_commit of the crate): counted from the lowest target as base,
 * the precommit ghost must be the commit's target. Stricter than the crate in refusing votes of strangers and repeated votes,
 * which only make bytes malleable. Signatures are checked elsewhere.
 */
export function validateCommit(commit: Commit, voters: VoterSet, chain: ChainView): CommitVerdict {
  const base = lowest(commit.precommits);
  if (base === undefined) return { valid: false, reason: 'no-votes' };
  const round = new Round(0n, voters, base);
  for (const vote of commit.precommits) {
    const { outcome } = round.import(chain, 'precommit', vote);
    if (outcome === 'unknown-voter' || outcome === 'not-above-base') return { valid: false, reason: outcome };
    if (outcome === 'duplicate' || outcome === 'redundant') return { valid: false, reason: 'redundant' };
  }
  const ghost = round.precommitGhost();
  return ghost?.hash === commit.target.hash && ghost.number === commit.target.number
    ? { valid: true }
    : { valid: false, reason: 'wrong-target' };
}

function lowest(votes: readonly SignedVote[]): BlockRef | undefined {
  return votes.reduce<BlockRef | undefined>(
    (low, { target }) => (low === undefined || target.number < low.number ? target : low),
    undefined,
  );
}

/**
 * A commit from the precommits of a round for the highest block they finalize, or undefined if they finalize none above
 * `above`. As small as strict verifiers (bridges) want it where the votes allow: one precommit per voter, those for the
 * target itself first, no more than the threshold.
 */
export function commitOf(round: Round, chain: ChainView, above: number): Commit | undefined {
  const target = round.precommitGhost();
  if (target === undefined || target.number <= above) return undefined;
  const all = round.votes('precommit');
  const supporting = all.filter((vote) => descends(chain, target, vote.target));
  const single = new Map<string, SignedVote>();
  for (const vote of supporting.sort((a, b) => a.target.number - b.target.number)) {
    if (!single.has(vote.id)) single.set(vote.id, vote);
  }
  const chosen: SignedVote[] = [];
  let weight = 0n;
  for (const vote of single.values()) {
    if (weight >= round.voters.threshold) break;
    weight += round.voters.authorities[round.voters.position(vote.id)!]!.weight;
    chosen.push(vote);
  }
  // Trimming may lift the ghost above the target, and equivocators may be needed with both votes: then the votes go whole.
  return [chosen, [...single.values()], supporting, all]
    .map((precommits) => ({ target, precommits }))
    .find((commit) => validateCommit(commit, round.voters, chain).valid);
}
