/** What becomes of the stakes of a round that is over (specification §7.6). */
import { PARTS_AT_ONCE } from '../../primitives/round/limits.ts';
import { burn, transfer } from '../balances/index.ts';
import { type Failure, isComplete, type Item, type Round } from '../tally/index.ts';
import { ESCROW, IDLE_SHARE, PLACE_GRACE_BLOCKS, type Royalty } from './state.ts';

/** Ends of a round that its contributors bring about. After any other the fault is somebody else's, and all stakes return whole. */
const BY_CONTRIBUTORS: readonly Failure[] = ['TooFew', 'TooFewAccepted'];

/**
 * What of its stake an item loses that is paid no note. All, if its enrolment lied. A share, if it held a place until the close and brought nothing into it: a
 * place is one of few, and who takes all of them ends the round. Who took its place shortly before the close had no time to use it, and loses nothing. Only
 * blocks with room count as time: else who fills the blocks takes the stakes of those whom it keeps out.
 */
function lostStake(round: Round, stake: bigint, item: Item): bigint {
  const { status, roomyBlocks } = item;
  if (status.tag === 'BadEnrolment') return stake;
  const { failure } = round;
  if (status.tag === 'Accepted' || (failure !== undefined && !BY_CONTRIBUTORS.includes(failure.tag))) return 0n;
  // Complete and not judged: the round had too few others.
  if (isComplete(round, item)) return status.tag === 'Incomplete' ? stake / IDLE_SHARE : 0n;
  // From the block of the enrolment to that of the close, both counted.
  const roomy = round.roomyBlocks - roomyBlocks;
  return roomy - 1 < graceOf(round) ? 0n : stake / IDLE_SHARE;
}

/** Blocks with room in which all parts find place: one for each part above those of an ordinary round. */
function graceOf({ rule }: Round): number {
  return PLACE_GRACE_BLOCKS + Math.max(0, rule.parts.length - PARTS_AT_ONCE);
}

/**
 * Stakes return in the open, less what is lost and burned: nobody gains by another's missing part. Accepted items of a settled round get theirs with the notes.
 */
export function returnStakes({ ctx, events }: Royalty, round: Round, stake: bigint, items: readonly Item[]): void {
  const isSettled = round.phase.tag === 'Settled';
  for (const item of items) {
    const { account, status } = item;
    if (isSettled && status.tag === 'Accepted') continue;
    const lost = lostStake(round, stake, item);
    if (lost > 0n) {
      burn(ctx, ESCROW, lost, 'allowDeath');
      events.StakeLost({ round: round.round, account, amount: lost });
    }
    if (lost === stake) continue;
    transfer(ctx, ESCROW, account, stake - lost, 'allowDeath');
    events.StakeReturned({ round: round.round, account, amount: stake - lost });
  }
}
