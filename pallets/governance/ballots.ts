/**
 * Secret ballots of a proposal: places for a reserve of the same size, a ballot each, of which nothing is opened but how many were for it, against it, and neither.
 * A ballot weighs what its place holds and is added to the open votes, so that whoever takes all places takes secrecy from the others, not their votes.
 */
import { present } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { WHOLE } from '../../primitives/money.ts';
import type { Ty } from '../../primitives/scale/index.ts';
import { burn, reserve as reserveOf } from '../balances/index.ts';
import { parameter } from '../parameters/index.ts';
import { type Context, ensure, type RuntimeCall } from '../support/index.ts';
import {
  admitVoter,
  ballotResultOf,
  type Consumer,
  createBallotRound,
  endedRounds,
  findRound,
  postsBytesOf,
  type Round,
  takeNote,
  unrefusedContributors,
} from '../tally/index.ts';
import { lengthToFee } from '../transaction-payment/index.ts';
import { settle } from './money.ts';
import { findProposal, propose, type Wish } from './proposals.ts';
import { type Governance, SILENT_BPS, state } from './state.ts';
import { withBallots } from './tally.ts';
import { type Ballots, MAX_BALLOTS, MIN_BALLOTS, type Proposal, type SecretVote } from './types.ts';

/** Rounds of ballots: nothing of them is opened but the sums. */
const GOVERNANCE: Consumer = { pallet: state.index, opens: ['Sum'] };
/** Aye, nay, neither: in this order. A ballot gives its one point to one of them. */
const OPTIONS = 3;

/**
 * Opens a proposal with a secret vote. Its round takes ballots for as many blocks as the voting lasts and begins later: nobody votes in the open who knows its sums.
 * Fails as `propose` does and as the tally's `createBallotRound`.
 */
export function proposeSecret(
  pallet: Governance,
  callTy: Ty<RuntimeCall>,
  who: Uint8Array,
  { leastBallots, ...wish }: Wish & { readonly leastBallots: number },
): void {
  const { ctx, store, events, errors } = pallet;
  ensure(store.secretVote.get() === undefined, errors.SecretVoteOpen);
  ensure(leastBallots >= MIN_BALLOTS, errors.TooFewBallots);
  const id = propose(pallet, callTy, who, wish, 'secret');
  const { opened, closes } = findProposal(pallet, id);
  const round = createBallotRound(ctx, GOVERNANCE, {
    options: OPTIONS,
    budget: 1n,
    kMin: leastBallots,
    maxBallots: MAX_BALLOTS,
    openBlocks: closes - opened,
    maxExtensions: 0,
  });
  burn(ctx, who, lengthToFee(postsBytesOf(present(findRound(ctx, round), 'the new round'))), 'keepAlive');
  const reserve = parameter(ctx, 'SecretSeat');
  store.secretVote.put({ id, round, leastBallots, reserve, seats: [] });
  events.BallotsOpened({ id, round, leastBallots, reserve });
}

function voteAbout({ store, errors }: Governance, id: bigint): SecretVote {
  const vote = store.secretVote.get();
  ensure(vote?.id === id, errors.NoSecretVote);
  return vote;
}

/** Takes a place, until the open voting is over. Fails too if the round takes nobody any more: it has failed. */
export function takeSeat(pallet: Governance, who: Uint8Array, id: bigint): void {
  const { ctx, store, events, errors } = pallet;
  const found = findProposal(pallet, id);
  const vote = voteAbout(pallet, id);
  const { round, reserve, seats } = vote;
  ensure(ctx.block < found.closes, errors.VotingOver);
  ensure(!seats.some((each) => sameBytes(each, who)), errors.AlreadySeated);
  ensure(seats.length < MAX_BALLOTS, errors.SeatsTaken);
  reserveOf(ctx, who, reserve);
  admitVoter(ctx, round, who);
  store.secretVote.put({ ...vote, seats: [...seats, who] });
  events.SeatTaken({ id, who });
}

/** What came of a round that is over. */
function resultOf(ctx: Context, { round, failure }: Round): Ballots {
  const result = ballotResultOf(ctx, round);
  if (result !== undefined) {
    const [ayes = 0, nays = 0, abstentions = 0] = result.sums.map(Number);
    return { tag: 'Counted', value: { ayes, nays, abstentions } };
  }
  const isShort = failure?.tag === 'TooFew' || failure?.tag === 'TooFewAccepted';
  return { tag: isShort ? 'TooFew' : 'Failed' };
}

/** Ends a secret vote whose round is over. Of a proposal that was cancelled meanwhile only the places are freed. */
export function countBallots(pallet: Governance, id: bigint): void {
  const { ctx, store, events, errors } = pallet;
  const vote = voteAbout(pallet, id);
  const found = store.proposals.get(id);
  ensure(found === undefined || ctx.block >= found.closes, errors.VotingOpen);
  const ended = endedRounds(ctx, GOVERNANCE).find(({ round }) => round === vote.round);
  ensure(ended, errors.NotOpened);
  const ballots = resultOf(ctx, ended);
  // Nobody is to blame for what was cancelled, or for what the committee did not open.
  freeSeats(pallet, vote, found !== undefined && ballots.tag !== 'Failed');
  store.secretVote.remove();
  takeNote(ctx, GOVERNANCE, vote.round);
  if (found !== undefined) store.proposals.put(id, counted(found, ballots, vote.reserve, ctx.block));
  events.BallotsCounted({ id, ballots });
}

/** Every reserve goes back; of who cast no ballot, or a false one, less a part. */
function freeSeats({ ctx, events }: Governance, { id, round, reserve, seats }: SecretVote, isBlamed: boolean): void {
  const voters = unrefusedContributors(ctx, round);
  for (const who of seats) {
    const isSilent = isBlamed && !voters.some((voter) => sameBytes(voter, who));
    const amount = isSilent ? (reserve * BigInt(SILENT_BPS)) / BigInt(WHOLE) : 0n;
    settle(ctx, who, reserve, amount);
    if (isSilent) events.SeatSilent({ id, who, amount });
  }
}

/** The proposal with its ballots. Its time locks begin now: the outcome was not known before. */
function counted(found: Proposal, ballots: Ballots, reserve: bigint, block: number): Proposal {
  const { tally, closes, enactFrom, expires } = found;
  const late = block - closes;
  return {
    ...found,
    ballots,
    enactFrom: enactFrom + late,
    expires: expires + late,
    tally: ballots.tag === 'Counted' ? withBallots(tally, ballots.value, reserve) : tally,
  };
}
