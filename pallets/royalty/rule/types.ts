/** What a rule of a round scores and whom it takes, as the royalty pallet says it; the tally knows only its numbers. */
import { MAX_REPORTERS, MAX_UPDATE_PARTS } from '../../../primitives/round/limits.ts';
import {
  bounded,
  enumeration,
  field,
  fixed,
  type Of,
  option,
  struct,
  u8,
  u16,
  u32,
  u64,
  vec,
} from '../../../primitives/scale/index.ts';
import { dataId, modelId, portfolioId } from '../../ownership/types.ts';
import { claimId, claimKind } from '../../registry/types.ts';
import { accountId, balance, blockNumber, h256 } from '../../support/types.ts';
import { sketch } from '../../tally/types.ts';

/** Models whose pools one round may take from. */
export const MAX_ROUND_MODELS = 8;
/** Kinds of claims for which a rule may give factors. */
export const MAX_FACTORS = 4;
/** Data, and claims about them, that one item may state. */
export const MAX_STATED = 8;

/** What a reporter counts of each item. */
export const metric = enumeration('tacit_royalty::Metric', {
  /** Paid uses of the model to which the item has contributed. */
  Uses: null,
  /** Hours of computing that it has lent. */
  ComputeHours: null,
  /** Tasks that it has done. */
  TaskResults: null,
  /** What a document says: its sha2-256. */
  Other: h256,
});

const counted = {
  metric: field(metric, 'What is counted.'),
  attested: field(
    option(claimKind),
    'Whoever reports it has to be an attester that is admitted for this kind when the round is made.',
  ),
};
/** What a rule counts, whoever reports it. */
export const count = struct('tacit_royalty::Count', {
  ...counted,
  points: field(u64, 'Points for one of what is counted.'),
});
export type Count = Of<typeof count>;

/** A count, and what it is about. */
export const countRecord = struct('tacit_royalty::CountRecord', {
  ...counted,
  model: field(modelId, 'The model that it is about: one of the round’s.'),
});

export const reporter = struct('tacit_royalty::Reporter', {
  account: accountId,
  total: field(u64, 'What its counts of all items add up to: public.'),
  points: field(u64, 'Points for one of what is counted.'),
  ...counted,
  model: field(modelId, 'The model that it is about: one of the round’s.'),
});
export type Reporter = Of<typeof reporter>;

/** Points for data that curators have chosen. */
export const curation = struct('tacit_royalty::Curation', {
  portfolio: portfolioId,
  points: field(u64, 'Public points for one unit of weight that data has in the portfolio.'),
  most: field(u64, 'The most that one item gets by it.'),
});
export type Curation = Of<typeof curation>;

export const claimFactor = struct('tacit_royalty::ClaimFactor', {
  kind: field(claimKind, 'An item whose data has a valid claim of this kind'),
  factor: field(u8, 'has its counts multiplied by so much: 2 to 16. Of several factors the largest counts.'),
});

/** Whom a round takes. */
export const admits = enumeration('tacit_royalty::Admits', {
  Anyone: null,
  /** Owners of data in the portfolio of the rule. */
  Curated: null,
  /** Owners of data about which an admitted attester has made a claim of this kind that holds. */
  Attested: claimKind,
});
export type Admits = Of<typeof admits>;

/** How scores are held against what was opened before. */
export const novelty = struct('tacit_royalty::Novelty', {
  past: field(u8, 'How many of the aggregates opened last in settled rounds of its models, of the same parts: 1 to 4.'),
  discount: field(u8, 'Hundredths of the weights’ projection onto them that are taken out of the weights: 1 to 100.'),
});
export type Novelty = Of<typeof novelty>;

/** Who is one holder, of whose items one counts. */
export const holders = enumeration('tacit_royalty::Holders', {
  /** Every account: nothing is shared. */
  Accounts: null,
  /** Whom admitted attesters vouch for by claims that name holders; the word of one attester alone, if the rule names it. */
  Attested: option(accountId),
});
export type Holders = Of<typeof holders>;

const terms = {
  curation: field(option(curation), 'Points by what curators chose.'),
  factors: field(bounded(vec(claimFactor), MAX_FACTORS), 'Factors of counts, each for another kind of claim.'),
  admits: field(admits, 'Whom the round takes.'),
  holders: field(
    holders,
    'Who is one holder: of its items the first that passes the checks counts, and the least number of accounts counts holders.',
  ),
};

/** What the state keeps of a round’s rule beside the tally’s numbers. */
export const roundTerms = struct('tacit_royalty::RoundTerms', {
  ...terms,
  counts: field(
    bounded(vec(countRecord), MAX_REPORTERS),
    'What the reporters of the tally’s rule count, in their order.',
  ),
});
export type RoundTerms = Of<typeof roundTerms>;

/** What all rounds under one rule have in common. */
export const shape = {
  parts: field(bounded(vec(u32), MAX_UPDATE_PARTS), 'Values of each update part, the four spare coordinates included.'),
  normSq: field(u64, 'Squared norm of every update part; bound of that of the direction’s parts.'),
  gamma: field(u64, 'Points for a unit of the inner product with the direction.'),
  base: field(u64, 'Points of every accepted item, whatever it brings.'),
  ...terms,
  novelty: field(option(novelty), 'Pay for what is new; without it nothing is held against the past.'),
  tMin: field(u64, 'Below this total score nothing is paid.'),
  stake: field(balance, 'Put up by each enrolment and paid out with the note.'),
  kMin: u16,
  maxItems: u16,
  openBlocks: blockNumber,
  maxExtensions: u8,
  sketch: field(option(sketch), 'What updates are sketches of; none if they are the model’s own coordinates.'),
};

export const directions = field(
  bounded(vec(fixed(32)), MAX_UPDATE_PARTS),
  '`directionHash` of each part of the round’s validation direction.',
);

/** The rule of a round, fixed when it is made; what it pays comes from the pools that the call names. */
export const royaltyRule = struct('tacit_royalty::Rule', {
  ...shape,
  reporters: field(bounded(vec(reporter), MAX_REPORTERS), 'Who counts what of the items.'),
  directions,
});
export type RoyaltyRule = Of<typeof royaltyRule>;

/** What a round takes of a model’s pool. */
export const roundPool = struct('tacit_royalty::RoundPool', {
  model: modelId,
  pool: field(balance, 'What the round may pay out of this model’s pool.'),
});
export type RoundPool = Of<typeof roundPool>;
export const roundPools = field(
  bounded(vec(roundPool), MAX_ROUND_MODELS),
  'The models that pay, each once, and what each of them gives.',
);

/** What an account shows of itself to a round. */
export const evidence = {
  data: field(bounded(vec(dataId), MAX_STATED), '$Data that the caller owns.'),
  claims: field(bounded(vec(claimId), MAX_STATED), 'Claims of attesters about these data.'),
};
export interface Evidence {
  readonly data: readonly bigint[];
  readonly claims: readonly bigint[];
}

/** All that an item has stated in a round. */
export const statement = struct('tacit_royalty::Statement', evidence);

export const standingInfo = struct('tacit_royalty::Standing', {
  ...evidence,
  standing: field(u64, 'Its public points above the base, as they count.'),
  factor: field(u8, 'The factor of its counts, as it counts if enough accepted items have as much.'),
  standingNow: field(u64, 'What the points would be if they were counted again now.'),
  factorNow: field(u8, 'What the factor would be.'),
});
export type StandingInfo = Of<typeof standingInfo>;
