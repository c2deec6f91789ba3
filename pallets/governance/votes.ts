import { ensure, fail } from '../support/index.ts';
import { commit, commitmentTo, release } from './commitments.ts';
import { findProposal } from './proposals.ts';
import { type Governance, MIN_STAKE } from './state.ts';
import { convictionOf, type Vote, withoutVote, withVote } from './tally.ts';
import { type Cause, CONVICTION, type Commitment, type Proposal } from './types.ts';

/** The vote of an account on a proposal, if it has one. */
function voteOf(pallet: Governance, who: Uint8Array, id: bigint): (Vote & Commitment) | undefined {
  const found = commitmentTo(pallet, who, about(id));
  return found?.cause.tag === 'Proposal' ? { ...found, choice: found.cause.value.choice } : undefined;
}

const about = (id: bigint): Cause => ({ tag: 'Proposal', value: { id, choice: { tag: 'Abstain', value: undefined } } });

/** Votes, or votes otherwise than before: an account has one vote on a proposal. */
export function vote(pallet: Governance, who: Uint8Array, id: bigint, { choice, amount }: Vote): void {
  const { ctx, store, events, errors } = pallet;
  const found = findProposal(pallet, id);
  ensure(ctx.block < found.closes, errors.VotingOver);
  ensure(amount >= MIN_STAKE, errors.TooLittle);
  const former = voteOf(pallet, who, id);
  const { closes, lockBlocks } = found;
  const until = closes + CONVICTION[convictionOf(choice).tag].periods * lockBlocks;
  commit(pallet, who, { amount, closes, until, cause: { tag: 'Proposal', value: { id, choice } } });
  const rest = former === undefined ? found.tally : withoutVote(found.tally, former);
  store.proposals.put(id, { ...found, tally: withVote(rest, { choice, amount }) });
  events.Voted({ id, who, choice, amount });
}

/** Takes a vote back, in the time in which it could be changed. Of a proposal that was cancelled in that time there is nothing left to take it from. */
export function removeVote(pallet: Governance, who: Uint8Array, id: bigint): void {
  const { ctx, store, events, errors } = pallet;
  const former = voteOf(pallet, who, id) ?? fail(errors.NoVote);
  ensure(ctx.block < former.closes, errors.VotingOver);
  release(pallet, who, former.cause);
  store.proposals.mutate(id, (found: Proposal | undefined) =>
    found === undefined ? undefined : { ...found, tally: withoutVote(found.tally, former) },
  );
  events.VoteRemoved({ id, who });
}
