/** Portfolios are proposed, weighed by ballots that nobody reads, and minted with the weights that come out. */
import { at, present } from '../../primitives/at.ts';
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { largestRemainder, WHOLE } from '../../primitives/money.ts';
import { burn, reserve, slashReserved, transfer, unreserve } from '../balances/index.ts';
import { ensureLive, isHolder, standingOf } from '../ownership/index.ts';
import { mintPortfolio } from '../registry/index.ts';
import { DispatchFailure, ensure } from '../support/index.ts';
import {
  admitVoter,
  ballotResultOf,
  closeFull,
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
import { curatorOf, seat, unseat } from './curators.ts';
import { type Curation, MAX_OPEN, POTS, PROPOSAL_BLOCK_FEE, PROPOSAL_DEPOSIT, PROPOSAL_FEE } from './state.ts';
import { BALLOT_BUDGET, CURATION_PALLET, MAX_PANEL, MAX_PROPOSED, type Proposal } from './types.ts';

/** A proposal in which too few curators take places costs this part of its deposit: one in so many. */
const IDLE_PART = 2n;

/** Rounds of ballots: nothing of them is opened but the sums. */
const CURATION: Consumer = { pallet: CURATION_PALLET, opens: ['Sum'] };

export interface ProposeArgs {
  readonly items: readonly bigint[];
  readonly criteria: Proposal['criteria'];
  readonly curatorsBps: number;
  readonly reward: bigint;
  readonly kMin: number;
  readonly openBlocks: number;
  readonly maxExtensions: number;
}

export function proposalOf({ store, errors }: Curation, id: number): Proposal {
  const found = store.proposals.get(id);
  ensure(found, errors.UnknownProposal);
  return found;
}

/** Choosing uses nothing: whether a model may be trained on an item is its owner's to say, when one is. Only what nobody may train on is not worth a ballot. */
function checkItems({ ctx, errors }: Curation, items: readonly bigint[]): void {
  for (const value of items) {
    const asset = { tag: 'Data' as const, value };
    ensureLive(ctx, asset);
    ensure(!standingOf(ctx, asset).optedOut, errors.OptedOut);
  }
}

/** Proposes a portfolio and opens the round of its ballots. */
export function propose(curation: Curation, who: Uint8Array, args: ProposeArgs): void {
  const { ctx, store, events, errors } = curation;
  const { items, criteria, curatorsBps, reward, kMin, openBlocks, maxExtensions } = args;
  const open = store.open.get();
  ensure(open.length < MAX_OPEN, errors.TooManyOpen);
  const ascend = items.every((item, place) => place === 0 || at(items, place - 1) < item);
  ensure(items.length >= 2 && items.length <= MAX_PROPOSED && ascend, errors.BadItems);
  ensure(curatorsBps <= WHOLE, errors.BadShare);
  checkItems(curation, items);
  reserve(ctx, who, PROPOSAL_DEPOSIT);
  if (reward > 0n) transfer(ctx, who, POTS, reward, 'keepAlive');
  const round = createBallotRound(ctx, CURATION, {
    options: items.length,
    budget: BALLOT_BUDGET,
    kMin,
    maxBallots: MAX_PANEL,
    openBlocks,
    maxExtensions,
  });
  const id = store.nextProposal.get();
  store.nextProposal.put(id + 1);
  store.open.put([...open, id]);
  store.proposals.put(id, {
    proposer: who,
    items: [...items],
    criteria,
    curatorsBps,
    reward,
    round,
    panel: [],
    state: { tag: 'Open' },
  });
  const fee = lengthToFee(postsBytesOf(present(findRound(ctx, round), 'the new round')));
  const blocks = BigInt(openBlocks) * BigInt(1 + maxExtensions);
  burn(ctx, who, PROPOSAL_FEE + PROPOSAL_BLOCK_FEE * blocks + fee, 'keepAlive');
  events.Proposed({ proposal: id, proposer: who, round });
}

/** A curator takes a place. Its ballot goes to the round of the tally, encrypted. */
export function join(curation: Curation, who: Uint8Array, id: number): void {
  const { ctx, store, events, errors } = curation;
  const proposal = proposalOf(curation, id);
  ensure(proposal.state.tag === 'Open', errors.NotOpen);
  curatorOf(curation, who);
  ensure(!proposal.panel.some((seated) => sameBytes(seated, who)), errors.AlreadySeated);
  ensure(proposal.panel.length < MAX_PANEL, errors.PanelFull);
  const owns = proposal.items.some((value) => isHolder(ctx, { tag: 'Data', value }, who));
  ensure(!owns && !sameBytes(proposal.proposer, who), errors.Interested);
  seat(curation, who);
  admitVoter(ctx, proposal.round, who);
  store.proposals.put(id, { ...proposal, panel: [...proposal.panel, who] });
  events.Seated({ proposal: id, who });
}

/** Closes the ballots of a proposal for which nobody is waited any more: all places are taken, and all who have one have voted. Anyone may. */
export function closeBallots(curation: Curation, id: number): void {
  const { ctx, errors, events } = curation;
  const { state, round } = proposalOf(curation, id);
  ensure(state.tag === 'Open', errors.NotOpen);
  ensure(closeFull(ctx, round), errors.StillAwaited);
  events.BallotsClosed({ proposal: id, round });
}

/** What a round of ballots that is over brings about. Anyone may ask for it. */
export function conclude(curation: Curation, id: number): void {
  const { ctx, store, errors } = curation;
  const proposal = proposalOf(curation, id);
  ensure(proposal.state.tag === 'Open', errors.NotOpen);
  const ended = endedRounds(ctx, CURATION).find(({ round }) => round === proposal.round);
  ensure(ended, errors.NotEnded);
  const result = ballotResultOf(ctx, proposal.round);
  const voters = unrefusedContributors(ctx, proposal.round);
  // It may be what the portfolio's own deposit is taken from.
  returnDeposit(curation, proposal, ended);
  // An item may have been withdrawn meanwhile: then there is no portfolio, and nobody is to blame.
  const portfolio = result && mintIfAllowed(curation, proposal, result.sums, voters);
  // Who took a place and let the others down pays for it, unless the committee failed.
  const isBlamed = result !== undefined || ended.failure?.tag === 'TooFew' || ended.failure?.tag === 'TooFewAccepted';
  for (const who of proposal.panel) {
    const cast = voters.some((voter) => sameBytes(voter, who));
    unseat(curation, who, id, isBlamed ? cast : undefined);
  }
  // Ballots that were opened are work that is done: else a proposer would read the sums and keep the reward, by closing an item of its own.
  payOut(curation, id, proposal, result === undefined ? [] : voters);
  store.open.put(store.open.get().filter((known) => known !== id));
  takeNote(ctx, CURATION, proposal.round);
  if (portfolio === undefined) {
    store.proposals.put(id, { ...proposal, state: { tag: 'Failed' } });
    curation.events.ProposalFailed({ proposal: id });
    return;
  }
  store.proposals.put(id, { ...proposal, state: { tag: 'Minted', value: { portfolio } } });
  curation.events.Minted({ proposal: id, portfolio, ballots: voters.length });
}

/** Places for proposals are few: who holds one that nobody wants pays for it, as for a round of contributors. */
function returnDeposit({ ctx }: Curation, { proposer, panel }: Proposal, { failure, rule }: Round): void {
  const isIdle = failure?.tag === 'TooFew' && panel.length < rule.kMin;
  const lost = isIdle ? slashReserved(ctx, proposer, PROPOSAL_DEPOSIT / IDLE_PART) : 0n;
  unreserve(ctx, proposer, PROPOSAL_DEPOSIT - lost);
}

/** @returns the number of the portfolio; undefined if another pallet refuses it: an item may not be selected any more */
function mintIfAllowed(
  curation: Curation,
  proposal: Proposal,
  sums: readonly bigint[],
  voters: readonly Uint8Array[],
): bigint | undefined {
  try {
    return curation.ctx.transactional(() => mint(curation, proposal, sums, voters));
  } catch (error) {
    if (error instanceof DispatchFailure) return undefined;
    throw error;
  }
}

function mint(
  { ctx }: Curation,
  { proposer, items, criteria, curatorsBps }: Proposal,
  sums: readonly bigint[],
  voters: readonly Uint8Array[],
): bigint {
  const weighed = items.map((data, place) => ({ data, weight: at(sums, place) }));
  const curators = voters.map((account) => ({ account, weight: 1n }));
  return mintPortfolio(ctx, proposer, { items: weighed, criteria, curators, curatorsBps });
}

/** The reward in equal parts to those whose ballots counted, to the last unit; all of it back if there are none. */
function payOut({ ctx, events }: Curation, id: number, { proposer, reward }: Proposal, voters: readonly Uint8Array[]) {
  if (reward === 0n) return;
  if (voters.length === 0) {
    transfer(ctx, POTS, proposer, reward, 'allowDeath');
    return;
  }
  const parts = largestRemainder(
    reward,
    voters.map(() => 1n),
  );
  for (const [place, who] of voters.entries()) {
    const amount = at(parts, place);
    transfer(ctx, POTS, who, amount, 'allowDeath');
    events.CuratorRewarded({ proposal: id, who, amount });
  }
}
