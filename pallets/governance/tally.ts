/** Sums of votes and what follows from them: pure functions, so that sums from elsewhere are judged alike. */
import { WHOLE } from '../../primitives/money.ts';
import {
  type Ballots,
  type Choice,
  CONVICTION,
  type Conviction,
  type Outcome,
  type Phase,
  type Proposal,
  type Tally,
} from './types.ts';

export const NO_VOTES: Tally = { ayes: 0n, nays: 0n, ayeStake: 0n, nayStake: 0n, abstainStake: 0n, voters: 0 };

/** A choice with its amount. */
export interface Vote {
  readonly choice: Choice;
  readonly amount: bigint;
}

/** The conviction of a choice; an abstention has none, and is free when the voting is over. */
export function convictionOf(choice: Choice): Conviction {
  return choice.tag === 'Abstain' ? { tag: 'X1' } : choice.value;
}

function counted(tally: Tally, { choice, amount }: Vote, sign: 1 | -1): Tally {
  const stake = BigInt(sign) * amount;
  const votes = stake * CONVICTION[convictionOf(choice).tag].times;
  const next = { ...tally, voters: tally.voters + sign };
  switch (choice.tag) {
    case 'Aye':
      return { ...next, ayes: tally.ayes + votes, ayeStake: tally.ayeStake + stake };
    case 'Nay':
      return { ...next, nays: tally.nays + votes, nayStake: tally.nayStake + stake };
    case 'Abstain':
      return { ...next, abstainStake: tally.abstainStake + stake };
  }
}

export const withVote = (tally: Tally, vote: Vote): Tally => counted(tally, vote, 1);
export const withoutVote = (tally: Tally, vote: Vote): Tally => counted(tally, vote, -1);

/** Whether `part` is at least so many basis points of `all`. */
function reaches(part: bigint, bps: number, all: bigint): boolean {
  return part * BigInt(WHOLE) >= BigInt(bps) * all;
}

/** The sums with those of secret ballots, each of which weighs what its place holds: as a vote of conviction `X1` would. */
export function withBallots(
  tally: Tally,
  counted: Extract<Ballots, { tag: 'Counted' }>['value'],
  reserve: bigint,
): Tally {
  const [ayes, nays, abstentions] = [counted.ayes, counted.nays, counted.abstentions].map(
    (n) => BigInt(n) * reserve,
  ) as [bigint, bigint, bigint];
  return {
    ayes: tally.ayes + ayes,
    nays: tally.nays + nays,
    ayeStake: tally.ayeStake + ayes,
    nayStake: tally.nayStake + nays,
    abstainStake: tally.abstainStake + abstentions,
    voters: tally.voters + counted.ayes + counted.nays + counted.abstentions,
  };
}

/**
 * More than the wanted part of ayes and nays by their votes, and enough support by bare amounts. A nay is no support: whoever is against a proposal never helps
 * it over the quorum.
 */
function passes({ tally, approvalBps, supportBps, electorate }: Proposal): boolean {
  const { ayes, nays, ayeStake, abstainStake } = tally;
  const isApproved = ayes * BigInt(WHOLE) > BigInt(approvalBps) * (ayes + nays);
  return isApproved && reaches(ayeStake + abstainStake, supportBps, electorate);
}

/** Whether ballots were cast in secret and could not be opened. What nobody has counted does not pass. */
const isUnopened = ({ ballots }: Proposal): boolean => ballots?.tag === 'TooFew' || ballots?.tag === 'Failed';

/** Where a proposal stands in a block. Before it closes everything is open; afterwards, its ballots counted, its sums do not change any more. */
export function phaseOf(proposal: Proposal, block: number): Phase {
  if (block < proposal.closes) return 'Voting';
  if (proposal.ballots?.tag === 'Waiting') return 'Counting';
  if (isUnopened(proposal) || !passes(proposal)) return 'Rejected';
  if (block < proposal.enactFrom) return 'Locked';
  return block < proposal.expires ? 'Enactable' : 'Expired';
}

/** How a rejected proposal ends: the deposit is lost if hardly anybody was for it, or three times as many against it; never for a committee that failed. */
export function rejection(proposal: Proposal): Outcome {
  const { tally, ignoredBps, electorate, ballots } = proposal;
  if (ballots?.tag === 'Failed') return 'Uncounted';
  if (!reaches(tally.ayeStake, ignoredBps, electorate)) return 'Ignored';
  if (tally.nays > 0n && tally.nays >= 3n * tally.ayes) return 'Vetoed';
  return isUnopened(proposal) ? 'Uncounted' : 'Rejected';
}
