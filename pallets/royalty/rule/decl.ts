/** Storage, events, errors and constants of what rules score. */
import { MAX_PAST } from '../../../primitives/round/novelty.ts';
import { bounded, field, u8, u32, u64, vec } from '../../../primitives/scale/index.ts';
import { dataId, modelId } from '../../ownership/types.ts';
import { accountId, balance, constant, event, map, value } from '../../support/index.ts';
import { itemIndex, roundId, updateForm } from '../../tally/types.ts';
import { MAX_ROUND_MODELS, MAX_STATED, statement } from './types.ts';

export const ruleStorage = {
  statements: map([roundId, itemIndex], statement, {
    hasher: 'twox64Concat',
    docs: 'What an item of a round under way has stated: kept until its money is settled.',
  }),
  stated: map([roundId, dataId], itemIndex, {
    hasher: 'twox64Concat',
    docs: 'By which item data is stated in a round under way: it counts once.',
  }),
  forgotten: value(vec(roundId), {
    default: [],
    docs: 'Rounds whose money is settled and whose statements are being forgotten, the first of them first.',
  }),
  pasts: map([modelId, updateForm], bounded(vec(roundId), MAX_PAST), {
    hasher: ['twox64Concat', 'blake2_128Concat'],
    default: [],
    docs: 'Rounds of a model with updates of such a form that have settled, the last first: what later ones are held against.',
  }),
};

export const ruleEvents = {
  StandingSet: event('What is public of an item’s score was stated, or counted again.', {
    round: roundId,
    account: field(accountId, 'Whose item it is.'),
    standing: field(u64, 'Its public points above the base.'),
    factor: field(u8, 'The factor of its counts.'),
  }),
  PoolReturned: event('What a round did not pay went back to the pool of a model.', {
    round: roundId,
    model: modelId,
    amount: field(balance, 'How much.'),
  }),
};

export const ruleErrors = {
  BadModels: 'A round is over at least one model, and over each once.',
  ForeignModel: 'A reporter counts something of a model that the round is not about.',
  RepeatedReporter: 'An account is named twice for one metric of one model.',
  NotAttesting:
    'A reporter has to be an attester that is admitted for the kind its count asks for, and who vouches for holders one that is admitted for these.',
  UnknownPortfolio: 'No portfolio has the number that the rule names.',
  BadFactors: 'A factor is 2 to 16, and each is for another kind of claim.',
  BadNovelty: 'A round is held against one to four past aggregates, at a discount of 1 to 100 hundredths.',
  NoCuration: 'The rule takes owners of curated data and names no portfolio.',
  EvidenceNeeded: 'The round takes only who shows data that it asks for: call enrol_with_evidence.',
  HolderNeeded:
    'The round takes only whom an attester vouches for: show data of yours with a claim that names its holder, by call enrol_with_evidence.',
  SeveralHolders: 'The claims that were shown name several holders: an item is of one.',
  NotTaken: 'The data and claims that were shown are not what the round asks for.',
  NotYourData: 'The caller does not own the data.',
  AlreadyStated: 'The data is stated in this round already: it counts once.',
  TooManyStated: 'An item states at most eight data and eight claims.',
  NothingStated: 'Nothing is stated.',
  CountsForNothing: 'The rule of the round gives nothing for this data or this claim.',
  UnknownClaim: 'No claim has this number, or it is not about data that the item has stated.',
  ClaimNotValid: 'The claim does not hold: it is over or revoked, or its attester is not admitted.',
  SameStanding: 'The item has what it is due.',
};

export const ruleConstants = {
  MaxRoundModels: constant(u32, MAX_ROUND_MODELS, 'Models whose pools one round may take from.'),
  MaxStated: constant(u32, MAX_STATED, 'Data, and claims about them, that one item may state.'),
};
