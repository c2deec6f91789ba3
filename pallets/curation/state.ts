import { bool, bounded, field, u8, u16, u32, unit, vec } from '../../primitives/scale/index.ts';
import { grantId } from '../licensing/types.ts';
import { modelId, portfolioId } from '../ownership/types.ts';
import { accountId, balance, constant, defineState, event, map, palletAccount, value } from '../support/index.ts';
import { roundId } from '../tally/types.ts';
import {
  BALLOT_BUDGET,
  bonus,
  CURATION_PALLET,
  curator,
  evaluation,
  evaluationIndex,
  MAX_PANEL,
  MAX_PROPOSED,
  proposal,
  proposalId,
  rating,
  sums,
} from './types.ts';

/** Reserved while a proposal is open, in units of 10^-6 TAC. */
export const PROPOSAL_DEPOSIT = 10_000_000n;
/** Burned for a proposal: it stays for good once its portfolio is minted. */
export const PROPOSAL_FEE = 100_000n;
/** Burned for each block in which ballots may be cast: there are few places, and a proposal keeps one from all others. */
export const PROPOSAL_BLOCK_FEE = 100n;
/** Burned when a grant speaks for the first time, of a model or of evaluations: that it did is kept for good. */
export const VOICE_FEE = 20_000n;
/** Reserved while an evaluation stands. */
export const EVALUATION_DEPOSIT = 300_000n;
/** Reserved while a rating of an evaluation stands. */
export const RATING_DEPOSIT = 100_000n;
/** Burned out of the bonus for each use of a portfolio: that it was paid is kept for good. */
export const USE_FEE = 20_000n;
/** Proposals under way at the same time: places for rounds are few. */
export const MAX_OPEN = 2;

/** Holds rewards of proposals and the pots of models; no key opens it. */
export const POTS: Uint8Array = palletAccount('tacitcur');

const who = field(accountId, 'Who did.');

export const state = defineState({
  name: 'Curation',
  index: CURATION_PALLET,
  docs: 'Curators who weigh data by ballots that nobody reads, and evaluations of models by those who paid for them.',
  storage: {
    curators: map(accountId, curator, { docs: 'Who put up a bond to curate.' }),
    proposals: map(proposalId, proposal, { hasher: 'twox64Concat', docs: 'Proposals by number.' }),
    nextProposal: value(proposalId, { default: 0, docs: 'The number of the next proposal.' }),
    open: value(bounded(vec(proposalId), MAX_OPEN), {
      default: [],
      docs: 'Proposals whose ballots are not counted yet.',
    }),
    evaluations: map([modelId, evaluationIndex], evaluation, {
      hasher: 'twox64Concat',
      docs: 'Evaluations by model, in the order in which they came.',
    }),
    nextEvaluation: map(modelId, evaluationIndex, {
      hasher: 'twox64Concat',
      default: 0,
      docs: 'The place of the next evaluation of a model.',
    }),
    spoken: map(grantId, evaluationIndex, {
      hasher: 'twox64Concat',
      docs: 'The evaluation that the holder of a grant has posted by it.',
    }),
    ratings: map([modelId, evaluationIndex, grantId], rating, {
      hasher: 'twox64Concat',
      docs: 'Ratings of evaluations, by the grant of who rates.',
    }),
    spent: map(grantId, balance, {
      hasher: 'twox64Concat',
      default: 0n,
      docs: 'Points that the holder of a grant has given away in ratings: they do not come back.',
    }),
    sums: map(modelId, sums, {
      hasher: 'twox64Concat',
      default: { weight: 0n, rated: 0n, counted: 0 },
      docs: 'What the score of a model is made of.',
    }),
    pots: map(modelId, balance, {
      hasher: 'twox64Concat',
      default: 0n,
      docs: 'What waits for useful evaluations of a model.',
    }),
    bonuses: map(portfolioId, bonus, {
      hasher: 'twox64Concat',
      default: { perUse: 0n, pot: 0n },
      docs: 'What the curators of a portfolio get for each use of it.',
    }),
    usesPaid: map([portfolioId, modelId], unit, {
      hasher: 'twox64Concat',
      docs: 'Models whose use of a portfolio was paid to its curators.',
    }),
  },
  events: {
    CuratorBonded: event('An account put up a bond to curate, or more of it.', {
      who,
      bond: field(balance, 'What is reserved now.'),
    }),
    CuratorLeft: event('A curator left and has its bond back.', { who, bond: field(balance, 'What came back.') }),
    CuratorIdle: event('A curator took a place and cast no ballot that was accepted; a part of its bond is burned.', {
      who,
      proposal: proposalId,
      lost: field(balance, 'How much.'),
    }),
    Proposed: event('A portfolio was proposed; curators may take their places and cast their ballots.', {
      proposal: proposalId,
      proposer: field(accountId, 'Who proposed it.'),
      round: roundId,
    }),
    Seated: event('A curator took a place in a proposal.', { proposal: proposalId, who }),
    BallotsClosed: event(
      'All places of a proposal are taken and all have voted: its ballots are closed before the time.',
      {
        proposal: proposalId,
        round: roundId,
      },
    ),
    Minted: event('The ballots are counted: the portfolio is minted with the weights of its items.', {
      proposal: proposalId,
      portfolio: portfolioId,
      ballots: field(u16, 'How many ballots were counted.'),
    }),
    ProposalFailed: event(
      'A proposal ended without a portfolio; if no ballots were opened, what was put up for curators went back.',
      {
        proposal: proposalId,
      },
    ),
    CuratorRewarded: event('A curator was paid for its ballot.', {
      proposal: proposalId,
      who,
      amount: field(balance, 'How much.'),
    }),
    Evaluated: event('The holder of a licence evaluated a model.', {
      model: modelId,
      evaluation: evaluationIndex,
      who,
      rating: field(u8, 'From 0 to 100.'),
    }),
    EvaluationCounted: event('An evaluation counts from now on.', {
      model: modelId,
      evaluation: evaluationIndex,
      weight: field(balance, 'What its author spent irrecoverably.'),
    }),
    EvaluationOutvoted: event('An evaluation counts no more, or again: others say so.', {
      model: modelId,
      evaluation: evaluationIndex,
      outvoted: field(bool, 'Whether it is outvoted now.'),
    }),
    EvaluationSuspended: event(
      'A ruling keeps an evaluation out of the score until it stands for good; or no longer.',
      {
        model: modelId,
        evaluation: evaluationIndex,
        suspended: field(bool, 'Whether it is kept out now.'),
      },
    ),
    EvaluationWithdrawn: event('An evaluation was taken back by its author, or struck by governance or a ruling.', {
      model: modelId,
      evaluation: evaluationIndex,
    }),
    EvaluationRated: event('A holder rated an evaluation of another.', {
      model: modelId,
      evaluation: evaluationIndex,
      who,
      useful: field(bool, 'Whether it helps.'),
      points: field(balance, 'With how many points.'),
    }),
    RatingClosed: event('A rating of an evaluation that is gone was closed; its deposit is back.', {
      model: modelId,
      evaluation: evaluationIndex,
      who,
    }),
    PotFunded: event('Somebody paid into the pot for useful evaluations of a model.', {
      model: modelId,
      who,
      amount: field(balance, 'How much.'),
    }),
    EvaluationRewarded: event('An evaluation was paid out of the pot of its model.', {
      model: modelId,
      evaluation: evaluationIndex,
      who,
      amount: field(balance, 'How much.'),
    }),
    BonusSet: event('The owner of a portfolio said what its curators get for each use of it.', {
      portfolio: portfolioId,
      perUse: field(balance, 'How much, the fee for the entry included; 0: nothing.'),
    }),
    BonusFunded: event('Somebody paid into the pot for uses of a portfolio.', {
      portfolio: portfolioId,
      who,
      amount: field(balance, 'How much.'),
    }),
    UsePaid: event('The curators of a portfolio were paid for a model that was made of it.', {
      portfolio: portfolioId,
      model: modelId,
      amount: field(balance, 'What they got together.'),
    }),
  },
  errors: {
    BondTooSmall: 'The bond of a curator is at least what the parameter says.',
    NotCurator: 'The caller is no curator.',
    StillSeated: 'A curator has places in proposals under way.',
    UnknownProposal: 'No proposal has this number.',
    NotOpen: 'The proposal is over.',
    TooManyOpen: 'As many proposals as may be are under way.',
    BadItems: 'A proposal has two to 32 items, named once each and in ascending order.',
    BadShare: 'The curators’ part is at most the whole.',
    OptedOut: 'The owner of an item refuses training on it.',
    Interested: 'Who owns an item, or proposes it, does not weigh it.',
    PanelFull: 'All places of the proposal are taken.',
    AlreadySeated: 'The curator has a place already.',
    NotEnded: 'The ballots are not counted yet.',
    UnknownModel: 'No model has this number.',
    UnknownEvaluation: 'The model has no such evaluation.',
    BadRating: 'A rating is at most 100.',
    NoLicence: 'The caller holds no grant of its own that lets it use the model now.',
    NothingSpent: 'Nothing was spent for the grant that cannot come back: it has no weight.',
    AlreadySpoken: 'An evaluation was posted by this grant already.',
    TooYoung: 'The evaluation is too young to count.',
    NotFresh: 'The evaluation is counted already, or withdrawn.',
    NotAuthor: 'The caller did not post the evaluation.',
    OwnEvaluation: 'Nobody rates its own evaluation.',
    AlreadyRated: 'The grant has rated this evaluation already.',
    NoRating: 'The grant has not rated this evaluation.',
    RatingStands: 'The evaluation stands: its ratings stay.',
    TooManyPoints: 'The grant has not so many points left.',
    Withdrawn: 'The evaluation is withdrawn.',
    NothingDue: 'There is nothing to be paid for it now.',
    UnknownPortfolio: 'No portfolio has this number.',
    BonusTooSmall: 'A bonus is more than the fee for its entry.',
    NotUsed: 'The model does not name the portfolio as a parent.',
    UsePaid: 'The use was paid already.',
    StillAwaited: 'Ballots are not cast now, a place is free, or somebody with a place has not voted.',
  },
  constants: {
    ProposalDeposit: constant(balance, PROPOSAL_DEPOSIT, 'Reserved while a proposal is open.'),
    ProposalFee: constant(balance, PROPOSAL_FEE, 'Burned for a proposal.'),
    ProposalBlockFee: constant(balance, PROPOSAL_BLOCK_FEE, 'Burned for each block in which its ballots may be cast.'),
    VoiceFee: constant(
      balance,
      VOICE_FEE,
      'Burned for the evaluation by a grant, and for its first rating: that it spoke is kept for good.',
    ),
    EvaluationDeposit: constant(balance, EVALUATION_DEPOSIT, 'Reserved while an evaluation stands.'),
    RatingDeposit: constant(balance, RATING_DEPOSIT, 'Reserved while a rating of an evaluation stands.'),
    UseFee: constant(balance, USE_FEE, 'Burned out of the bonus for each use of a portfolio.'),
    MaxProposed: constant(u32, MAX_PROPOSED, 'The most items of a proposal.'),
    MaxPanel: constant(u32, MAX_PANEL, 'The most curators of a proposal.'),
    BallotBudget: constant(u32, Number(BALLOT_BUDGET), 'What each curator distributes over the items.'),
  },
});
export type Curation = ReturnType<typeof state.use>;
