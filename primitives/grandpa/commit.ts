/**
 * The one rule of commits: what {@link commitOf} makes is what {@link validateCommit} accepts. (validate_commit of the crate.)
 */
import { descends } from './ancestry.ts';
import { Round } from './round.ts';
import type { Ancestry, BlockRef, Commit, SignedVote } from './types.ts';
import { sameBlock } from './types.ts';
import type { VoterSet } from './voter-set.ts';

export type CommitVerdict =
  | { readonly valid: true }
  | {
      readonly valid: false;
      readonly reason: 'no-votes' | 'unknown-voter' | 'not-above-base' | 'redundant' | 'wrong-target';
    };

/**
 * Whether the precommits of a commit finalize its target: counted from the lowest target as base, of which every precommit must
 * be a descendant, the precommit ghost must be the commit's target. An equivocator whose two votes are given counts for every
 * block. Stricter than the crate in refusing votes of strangers and repeated votes, which only make bytes malleable.
 * Signatures are checked elsewhere.
 */
export function validateCommit(commit: Commit, voters: VoterSet, blocks: Ancestry): CommitVerdict {
  const base = lowest(commit.precommits);
  if (base === undefined) return { valid: false, reason: 'no-votes' };
  if (commit.precommits.some(({ id }) => voters.position(id) === undefined))
    return { valid: false, reason: 'unknown-voter' };
  // The second vote of an equivocator is no exception.
  if (!commit.precommits.every(({ target }) => descends(blocks, base, target)))
    return { valid: false, reason: 'not-above-base' };
  const round = new Round(0n, voters, base);
  for (const vote of commit.precommits) {
    const { outcome } = round.import(blocks, 'precommit', vote);
    if (outcome === 'duplicate' || outcome === 'redundant') return { valid: false, reason: 'redundant' };
  }
  return sameBlock(round.precommitGhost(), commit.target) ? { valid: true } : { valid: false, reason: 'wrong-target' };
}

function lowest(votes: readonly SignedVote[]): BlockRef | undefined {
  return votes.reduce<BlockRef | undefined>(
    (low, { target }) => (low === undefined || target.number < low.number ? target : low),
    undefined,
  );
}

/**
 * A commit from the precommits of a round for the highest block above height `above` that they prove final; undefined if they
 * prove none. In the form that the strictest verifiers (bridges) take: one precommit per voter, all for the target or
 * descendants of it, one at least for the target itself, no more than the threshold.
 *
 * Less than {@link Round.isPrecommitted} says may be provable: an equivocator counts there for blocks that it has never voted
 * for. Nothing is lost by waiting: the precommits of the honest alone, who are a threshold, lie on one chain and prove the lowest
 * of their targets.
 *
 * `fits` tells whether a commit's headers have room in a proof. Where votes on other branches take too much of it, those on one branch
 * are looked for.
 */
export function commitOf(
  round: Round,
  above: number,
  fits: (commit: Commit) => boolean = () => true,
): Commit | undefined {
  const votes = round.votes('precommit').filter(({ target }) => round.has(target));
  const targets = new Map(votes.map(({ target }) => [target.hash, target]));
  const candidates = [...targets.values()]
    .filter((target) => target.number > above && round.isPrecommitted(target))
    .sort((a, b) => b.number - a.number);
  for (const target of candidates) {
    const supporting = votes
      .filter((vote) => round.isAtOrAbove(target.hash, vote.target.hash))
      .sort((a, b) => a.target.number - b.target.number);
    const commit = proving(round, target, supporting);
    if (commit === undefined) continue;
    const fitting = fits(commit) ? commit : onOneBranch(round, target, supporting, fits);
    if (fitting !== undefined) return fitting;
  }
  return undefined;
}

/** A commit that `fits` by votes on one branch above `target`. `supporting`: those for it and above, the lowest first. */
function onOneBranch(
  round: Round,
  target: BlockRef,
  supporting: readonly SignedVote[],
  fits: (commit: Commit) => boolean,
): Commit | undefined {
  for (const head of new Set(supporting.map((vote) => vote.target.hash))) {
    const branch = supporting.filter((vote) => round.isAtOrAbove(vote.target.hash, head));
    const commit = proving(round, target, branch);
    if (commit !== undefined && fits(commit)) return commit;
  }
  return undefined;
}

/** The commit for `target` by some votes for it and above, the lowest first; undefined if they do not prove it. */
function proving(round: Round, target: BlockRef, supporting: readonly SignedVote[]): Commit | undefined {
  const precommits = fewest(round, target, supporting);
  const commit = precommits && { target, precommits };
  return commit && validateCommit(commit, round.voters, round).valid ? commit : undefined;
}

/** As few of the supporting votes as the threshold takes, one per voter; undefined if there are not enough. */
function fewest(round: Round, target: BlockRef, supporting: readonly SignedVote[]): SignedVote[] | undefined {
  const { voters } = round;
  const single = new Map<string, SignedVote>();
  for (const vote of supporting) {
    if (!single.has(vote.id)) single.set(vote.id, vote);
  }
  const weightOf = ({ id }: SignedVote): bigint => voters.authorities[voters.position(id)!]!.weight;
  const chosen: SignedVote[] = [];
  let weight = 0n;
  for (const vote of single.values()) {
    if (weight >= voters.threshold) break;
    weight += weightOf(vote);
    chosen.push(vote);
  }
  if (weight < voters.threshold) return undefined;
  // With unequal weights the last votes may make others superfluous; too many votes above the target would lift the ghost.
  for (const vote of chosen.toReversed()) {
    if (sameBlock(vote.target, target) || weight - weightOf(vote) < voters.threshold) continue;
    weight -= weightOf(vote);
    chosen.splice(chosen.indexOf(vote), 1);
  }
  return chosen;
}
