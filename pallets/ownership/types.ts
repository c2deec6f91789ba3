/** What somebody can own, and what is kept of it: codecs are the declaration, TypeScript types follow from them. */
import {
  bool,
  bounded,
  enumeration,
  field,
  named,
  type Of,
  option,
  struct,
  u8,
  u16,
  u32,
  u64,
  vec,
} from '../../primitives/scale/index.ts';
import { accountId, balance, blockNumber } from '../support/types.ts';

export const dataId = named('DataId', u64, 'Number of the $Data.');
export const portfolioId = named('PortfolioId', u64, 'Number of the $Portfolio.');
export const modelId = named('ModelId', u64, 'Number of the $Model.');

/** What can be owned: content, a selection of content, a model. */
export const asset = enumeration('tacit_ownership::Asset', { Data: dataId, Portfolio: portfolioId, Model: modelId });
export type Asset = Of<typeof asset>;

export const basisPoints = named('BasisPoints', u16, 'Hundredths of a percent: 10,000 are the whole.');

/** Owners of one asset at the same time, and delegates of one. */
export const MAX_SHARES = 16;
export const MAX_DELEGATES = 16;
export const MAX_TAGS = 8;

/** What a delegate may do in the owner's place, one bit each. */
export const ROLE = { metadata: 1, licensing: 2, rounds: 4, money: 8 } as const;
export type Role = keyof typeof ROLE;
export const ALL_ROLES = 15;
export const roles = field(u8, 'What the delegate may do, added up: 1 metadata, 2 licensing, 4 rounds, 8 money.');

export const share = struct('tacit_ownership::Share', { account: accountId, bps: basisPoints });
export type Share = Of<typeof share>;

/** Who holds an asset, and who earns by it. */
export const title = struct('tacit_ownership::Title', {
  owner: field(accountId, 'Who decides over it, and whose its deposit is.'),
  deposit: field(balance, 'Reserved of the owner for all that is kept of the asset; goes along with it.'),
  shares: field(
    bounded(vec(share), MAX_SHARES),
    'Who gets which part of what it earns: 10,000 together, in the order in which they came to it.',
  ),
  delegates: field(u8, 'How many accounts act in the owner’s place.'),
  entries: field(u32, 'How many entries its log has.'),
});
export type Title = Of<typeof title>;

/** A word that a ruling puts on an asset for all to see. */
export const tag = enumeration('tacit_ownership::Tag', {
  /** Reported, and not decided yet. */
  Disputed: null,
  /** Found to be a copy of another's work. */
  Copy: null,
  /** Found to be made without a right that it needed. */
  Unlicensed: null,
  /** Found to be described wrongly. */
  Misleading: null,
  /** Under review by the ethics panel. */
  UnderReview: null,
  /** Found to do harm. */
  Harmful: null,
});
export type Tag = Of<typeof tag>['tag'];

/** What holds of an asset whoever owns it. Absent means: nothing of the kind. */
export const standing = struct('tacit_ownership::Standing', {
  optedOut: field(bool, 'The owner refuses training on it.'),
  frozenUntil: field(option(blockNumber), 'Nothing is licensed and nothing derived before this block.'),
  suspendedUntil: field(option(blockNumber), 'The same, by the ethics panel.'),
  revoked: field(bool, 'A ruling took it out of use for good.'),
  tags: bounded(vec(tag), MAX_TAGS),
});
export type Standing = Of<typeof standing>;

/** What an asset has earned and nobody has divided yet. */
export const earned = struct('tacit_ownership::EarnedSum', {
  amount: field(balance, 'How much.'),
  burned: field(balance, 'What the payments have burned besides, as far as it belongs to this part of them.'),
});
export type Earned = Of<typeof earned>;

/** What somebody would give: the title with its deposit and the giver's part, or a part of what it earns. */
export const offered = enumeration('tacit_ownership::Offered', { Title: null, Share: basisPoints });
export type Offered = Of<typeof offered>;

/** What happened to the title of an asset, in order. Entries are never changed. */
export const logEntry = struct('tacit_ownership::LogEntry', {
  block: blockNumber,
  what: enumeration('tacit_ownership::LogEvent', {
    Created: { owner: accountId },
    Transferred: { from: accountId, to: accountId },
    ShareGiven: { from: accountId, to: accountId, bps: basisPoints },
  }),
});
export type LogEntry = Of<typeof logEntry>;
