/** Terms of a licence as data: what it allows, to whom, for what price, and what it asks of works that come from it. */
import {
  bool,
  bounded,
  enumeration,
  field,
  fixed,
  named,
  type Of,
  option,
  str,
  struct,
  u8,
  u16,
  u32,
  u64,
  vec,
} from '../../primitives/scale/index.ts';
import { basisPoints } from '../ownership/types.ts';
import { accountId, balance, blockNumber, h256 } from '../support/types.ts';

/** Index of the pallet in the runtime. */
export const LICENSING_PALLET = 39;

export const termsId = named('TermsId', h256, 'blake2b-256 of the encoded terms.');
export const offerId = named('OfferId', u64, 'Number of the offer.');
export const grantId = named('GrantId', u64, 'Number of the grant.');

export const MAX_LICENCE_NAME = 128;
export const MAX_VOLUME_STEPS = 8;
export const MAX_TERRITORIES = 64;
export const MAX_APPROVERS = 8;

/** What a licence allows to be done with a work, one bit each; a grant's tiers are what `access` answers. */
export const TIER = { metadata: 1, architecture: 2, inference: 4, fineTune: 8, train: 16 } as const;
export type Tier = keyof typeof TIER;
export const ALL_TIERS = 31;

/** What for, one bit each. */
export const PURPOSE = { commercial: 1, research: 2, education: 4, personal: 8, publicSector: 16 } as const;
export type Purpose = keyof typeof PURPOSE;
export const ALL_PURPOSES = 31;

/** Uses that a licence forbids, one bit each. They flow down: a work that comes from it forbids them too. After the RAIL family's attachments. */
export const RESTRICTION = {
  unlawful: 1,
  weapons: 2,
  surveillance: 4,
  discrimination: 8,
  disinformation: 16,
  impersonation: 32,
  medicalAdvice: 64,
  legalDecisions: 128,
  minors: 256,
  harassment: 512,
  biometricIdentification: 1024,
  socialScoring: 2048,
  critical: 4096,
  competingModels: 8192,
} as const;
export type Restriction = keyof typeof RESTRICTION;
export const ALL_RESTRICTIONS = 16_383;

/** The written licence that the terms rest on. Its clauses are those of the chain's table; a custom text has those that the terms themselves say. */
export const baseLicence = enumeration('tacit_licensing::BaseLicence', {
  /** An SPDX licence expression: identifiers with AND, OR, WITH and parentheses. */
  Spdx: field(bounded(str, MAX_LICENCE_NAME), 'SPDX licence expression.'),
  /** A licence of the table that SPDX has no name for: OpenMDW, RAIL, Llama and the like. */
  Named: field(bounded(str, MAX_LICENCE_NAME), 'Name in the table.'),
  /** A text of the parties' own. */
  Custom: field(h256, 'sha2-256 of the text.'),
});
export type BaseLicence = Of<typeof baseLicence>;

export const volumeStep = struct('tacit_licensing::VolumeStep', {
  from: field(u64, 'From so many uses on, counted over the grant’s life.'),
  amount: field(balance, 'What each of these uses costs.'),
});
export const price = enumeration('tacit_licensing::Price', {
  Free: null,
  /** Paid when bought. */
  Once: { amount: balance },
  /** Paid for each use, by vouchers. */
  PerUse: { amount: balance },
  /** Paid for each use, by how many there were before. The first step begins at 0, steps ascend. */
  Volume: { steps: bounded(vec(volumeStep), MAX_VOLUME_STEPS) },
  /** So many uses, paid when bought. */
  Bundle: { uses: u64, amount: balance },
  /** Paid for each period. */
  Subscription: { amount: balance, period: blockNumber },
});
export type Price = Of<typeof price>;

export const derivatives = enumeration('tacit_licensing::Derivatives', {
  /** Nothing may be made of it. */
  No: null,
  /** Under any terms that keep what flows down. */
  Yes: null,
  /** Under the same terms only. */
  Reciprocal: null,
  /** Each one needs the owner's word. */
  ByApproval: null,
});
export const renewal = enumeration('tacit_licensing::Renewal', { None: null, Manual: null, Automatic: null });

export const terms = struct('tacit_licensing::Terms', {
  base: baseLicence,
  purposes: field(u16, 'What for, added up: 1 commercial, 2 research, 4 education, 8 personal, 16 public sector.'),
  tiers: field(u8, 'What may be done, added up: 1 metadata, 2 architecture, 4 inference, 8 fine-tune, 16 train.'),
  seats: field(
    option(u32),
    'How many accounts may use one grant; without it everyone the holder names (a whole organisation).',
  ),
  price,
  duration: field(option(blockNumber), 'How long a grant holds, in blocks; without it for good.'),
  uses: field(option(u64), 'How many uses a grant holds; without it no bound.'),
  grace: field(blockNumber, 'How long after its end a grant may still be used and renewed.'),
  transferable: bool,
  derivatives,
  revenueShare: field(basisPoints, 'The part of what a derived work earns that goes to this one.'),
  revenueCeiling: field(option(balance), 'The most that one derived work pays in all.'),
  restrictions: field(u32, 'Uses that are forbidden, added up; they flow down to derived works.'),
  territory: field(
    bounded(vec(fixed(2)), MAX_TERRITORIES),
    'Countries it holds in, as ISO 3166-1 alpha-2 in ASCII, ascending; none means everywhere.',
  ),
  renewal,
  approvers: field(bounded(vec(accountId), MAX_APPROVERS), 'Who has to agree before a sale counts, ascending.'),
  approvals: field(u8, 'How many of them; 0 if nobody has to.'),
});
export type Terms = Of<typeof terms>;

/** How a work comes from another one. Source of the names: model cards' `base_model_relation`, and C2PA ingredients. */
export const relation = enumeration('tacit_licensing::Relation', {
  /** Data or a portfolio that training saw. */
  TrainedOn: null,
  FinetunedFrom: null,
  MergedFrom: null,
  DistilledFrom: null,
  QuantizedFrom: null,
  /** An adapter that works with a model and no other. */
  AdapterFor: null,
});
export type RelationName = Of<typeof relation>['tag'];
