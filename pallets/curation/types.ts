/** What the pallet keeps of curators, proposals and evaluations: codecs are the declaration, TypeScript types follow from them. */
import {
  bool,
  bounded,
  enumeration,
  field,
  named,
  type Of,
  str,
  struct,
  u8,
  u16,
  u32,
  u128,
  vec,
} from '../../primitives/scale/index.ts';
import { grantId } from '../licensing/types.ts';
import { basisPoints, dataId, portfolioId } from '../ownership/types.ts';
import { criteria } from '../registry/types.ts';
import { accountId, balance, blockNumber } from '../support/types.ts';
import { roundId } from '../tally/types.ts';

/** Index of the pallet in the runtime. */
export const CURATION_PALLET = 43;

/** The most items of a proposal: each is an option of its ballot. */
export const MAX_PROPOSED = 32;
/** The most curators of one proposal. */
export const MAX_PANEL = 32;
/** What each curator distributes over the items. */
export const BALLOT_BUDGET = 100n;
export const MAX_CID = 96;
export const MAX_RATING = 100;
/** What a model is rated as long as nobody has paid to say otherwise. */
export const PRIOR_RATING = 50n;

export const proposalId = named('ProposalId', u32, 'Number of the proposal.');
export const evaluationIndex = named(
  'EvaluationIndex',
  u32,
  'Place of the evaluation among those of its model, from 0.',
);

/** Somebody who put up a bond to weigh what others propose. */
export const curator = struct('tacit_curation::Curator', {
  bond: field(balance, 'Reserved; a part is lost by taking a place and casting no ballot.'),
  seated: field(u16, 'Proposals under way in which it has a place: it cannot leave while there are any.'),
  ballots: field(u32, 'Ballots of it that were accepted.'),
});
export type Curator = Of<typeof curator>;

export const proposalState = enumeration('tacit_curation::ProposalState', {
  /** Curators take their places and cast their ballots. */
  Open: null,
  /** The portfolio is minted. */
  Minted: { portfolio: portfolioId },
  /** No result: too few ballots, or an item that may not be selected any more. */
  Failed: null,
});

export const proposal = struct('tacit_curation::Proposal', {
  proposer: accountId,
  items: field(
    bounded(vec(dataId), MAX_PROPOSED),
    'What is proposed, ascending: the options of the ballot, in this order.',
  ),
  criteria,
  curatorsBps: field(basisPoints, 'The part of what the portfolio earns that its curators get.'),
  reward: field(balance, 'Put up by the proposer for those whose ballots are accepted, in equal parts.'),
  round: field(roundId, 'The round of the tally in which ballots are cast.'),
  panel: field(bounded(vec(accountId), MAX_PANEL), 'Curators with a place, in the order in which they took it.'),
  state: proposalState,
});
export type Proposal = Of<typeof proposal>;

export const evaluationState = enumeration('tacit_curation::EvaluationState', {
  /** Too young to count. */
  Fresh: null,
  Counted: null,
  /** Others who paid more find it useless: it does not count, until they change their minds. */
  Outvoted: null,
  /** Taken back by its author, or struck by governance or a ruling. */
  Withdrawn: null,
});

/** What the holder of a licence says of a model. */
export const evaluation = struct('tacit_curation::Evaluation', {
  account: accountId,
  grant: field(grantId, 'The grant by which it may speak: each speaks once about a model.'),
  rating: field(u8, 'From 0 to 100.'),
  input: field(bounded(str, MAX_CID), 'CID of an input that was tried.'),
  output: field(bounded(str, MAX_CID), 'CID of what the model made of it.'),
  block: blockNumber,
  weight: field(balance, 'What its author spent irrecoverably for its licence, when it was counted; 0 before.'),
  useful: field(balance, 'Points of others who find it useful.'),
  useless: field(balance, 'Points of others who find it useless.'),
  rewarded: field(balance, 'What it was paid out of the pot.'),
  ratings: field(u32, 'Ratings of it that stand: it is kept while there are any.'),
  suspended: field(bool, 'A ruling that may yet be appealed keeps it out of the score; all else goes on.'),
  state: evaluationState,
});
export type Evaluation = Of<typeof evaluation>;

/** What another holder says of an evaluation. */
export const rating = struct('tacit_curation::Rating', {
  account: accountId,
  useful: field(enumeration('tacit_curation::Verdict', { Useful: null, Useless: null }), 'Whether it helps.'),
  points: field(balance, 'Of what the rater spent irrecoverably for its licence: each unit speaks once.'),
});
export type Rating = Of<typeof rating>;

/** What the curators of a portfolio get for each use of it. */
export const bonus = struct('tacit_curation::Bonus', {
  perUse: field(balance, 'For each model that names it as a parent, the fee for the entry included; 0: nothing.'),
  pot: field(balance, 'What is there to pay it from.'),
});

/** The sums that the score of a model is made of. */
export const sums = struct('tacit_curation::Sums', {
  weight: field(balance, 'Weights of all evaluations that count.'),
  rated: field(u128, 'The same, each times its rating.'),
  counted: field(u32, 'How many count.'),
});
export type Sums = Of<typeof sums>;

export const score = struct('tacit_curation::Score', {
  hundredths: field(u16, 'Hundredths of a point, from 0 to 10,000.'),
  weight: field(balance, 'What those who rated it spent irrecoverably.'),
  prior: field(balance, 'The weight of the prior rating of 50 points.'),
  counted: u32,
});
export type Score = Of<typeof score>;
