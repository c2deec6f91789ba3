import { bool, field, option, u8, u32 } from '../../primitives/scale/index.ts';
import { accountId, balance, blockNumber, constant, defineState, event, map, palletAccount } from '../support/index.ts';
import {
  asset,
  basisPoints,
  earned,
  logEntry,
  offered,
  MAX_DELEGATES,
  MAX_SHARES,
  roles,
  standing,
  type Standing,
  tag,
  title,
} from './types.ts';

/** Burned for every entry of a log, in units of 10^-6 TAC: entries stay for good. */
export const LOG_FEE = 20_000n;
/** Reserved of the owner for each delegate. */
export const DELEGATE_DEPOSIT = 50_000n;

/** Reserved of who offers a title or a part; the fee for the entry of the log is taken of it. */
export const OFFER_DEPOSIT = 50_000n;

/** Holds what assets have earned and nobody has distributed yet; no key opens it. */
export const EARNINGS: Uint8Array = palletAccount('tacitown');

export const NO_STANDING: Standing = {
  optedOut: false,
  frozenUntil: undefined,
  suspendedUntil: undefined,
  revoked: false,
  tags: [],
};

const about = field(asset, 'Which asset.');

export const state = defineState({
  name: 'Ownership',
  index: 38,
  docs: 'Who holds which asset, who earns by it, who acts for its owner, and what holds of it.',
  storage: {
    titles: map(asset, title, { hasher: 'twox64Concat', docs: 'Who holds an asset.' }),
    delegates: map([asset, accountId], u8, {
      hasher: ['twox64Concat', 'blake2_128Concat'],
      docs: 'What an account may do in the owner’s place, as bits.',
    }),
    offers: map([asset, accountId, accountId], offered, {
      hasher: ['twox64Concat', 'blake2_128Concat', 'blake2_128Concat'],
      docs: 'What is offered and not accepted yet, by asset, who offers it, and to whom.',
    }),
    standings: map(asset, standing, {
      hasher: 'twox64Concat',
      default: NO_STANDING,
      docs: 'What holds of an asset whoever owns it; absent if nothing does.',
    }),
    log: map([asset, u32], logEntry, {
      hasher: 'twox64Concat',
      docs: 'What happened to the title of an asset, in order.',
    }),
    revokedSince: map(asset, blockNumber, {
      hasher: 'twox64Concat',
      docs: 'Since when a revoked asset is out of use.',
    }),
    earnings: map(asset, earned, {
      hasher: 'twox64Concat',
      default: { amount: 0n, burned: 0n },
      docs: 'What an asset has earned and nobody has distributed yet.',
    }),
  },
  events: {
    Created: event('An asset came into being.', { asset: about, owner: field(accountId, 'Whose it is.') }),
    Transferred: event('An asset went to another owner, with its deposit and the owner’s share.', {
      asset: about,
      from: field(accountId, 'Whose it was.'),
      to: field(accountId, 'Whose it is now.'),
    }),
    ShareGiven: event('A part of what an asset earns went to another account.', {
      asset: about,
      from: field(accountId, 'Whose part it was.'),
      to: field(accountId, 'Whose it is now.'),
      bps: field(basisPoints, 'How much of the whole.'),
    }),
    Offered: event('A title or a part is offered: the receiver may accept it.', {
      asset: about,
      from: field(accountId, 'Who offers it.'),
      to: field(accountId, 'Who may accept it.'),
      what: field(offered, 'What is offered.'),
    }),
    OfferClosed: event('An offer was taken back, or refused.', {
      asset: about,
      from: field(accountId, 'Who had made it.'),
      to: field(accountId, 'To whom.'),
    }),
    DelegateSet: event('The owner let another account act for it, or no longer.', {
      asset: about,
      delegate: field(accountId, 'Who may act.'),
      roles,
    }),
    OptOutSet: event('The owner allowed or refused training on an asset.', {
      asset: about,
      optedOut: field(bool, 'Whether training is refused from now on.'),
    }),
    FrozenUntil: event('Nothing is licensed or derived of an asset until a block; or it is again.', {
      asset: about,
      until: field(option(blockNumber), 'The first block in which it is free again; none: it is free now.'),
    }),
    SuspendedUntil: event('The ethics panel holds an asset for review until a block; or no longer.', {
      asset: about,
      until: field(option(blockNumber), 'The first block in which it is free again; none: it is free now.'),
    }),
    TagSet: event('A word was put on an asset, or taken off.', {
      asset: about,
      tag: field(tag, 'Which word.'),
      isSet: field(bool, 'Whether it is on it now.'),
    }),
    Revoked: event('A ruling took an asset out of use.', { asset: about }),
    Restored: event('A later ruling brought an asset back into use.', { asset: about }),
    Earned: event('An asset earned something; it waits to be distributed.', {
      asset: about,
      from: field(accountId, 'Who paid.'),
      amount: field(balance, 'How much.'),
      burned: field(balance, 'What the payment has burned besides.'),
    }),
    PassedOn: event('A part of what an asset had earned is earned by another one: one that it comes from.', {
      asset: about,
      to: field(asset, 'Which asset earns it.'),
      amount: field(balance, 'How much.'),
    }),
  },
  errors: {
    UnknownAsset: 'No such asset is registered.',
    NotAllowed: 'The caller is neither its owner nor a delegate with the role that this needs.',
    NoShare: 'The caller has no such part of it.',
    BadShare: 'A part that is given is at least one basis point.',
    ToSelf: 'The receiver is who has it already.',
    TooManyShares: 'As many accounts as may be have a part of it.',
    TooManyDelegates: 'As many accounts as may be act for its owner.',
    BadRoles: 'There is no such role.',
    NoDelegate: 'The account does not act for the owner.',
    Frozen: 'It is frozen by a dispute or suspended for review.',
    Revoked: 'A ruling took it out of use.',
    TooManyTags: 'As many words as may be stand on it.',
    AlreadyOffered: 'The caller has made the account an offer: it is closed before another is made.',
    NoOffer: 'There is no such offer.',
    OtherOffer: 'Something else is offered than what the caller accepts.',
  },
  constants: {
    LogFee: constant(balance, LOG_FEE, 'Burned for an entry of a log: entries stay for good.'),
    OfferDeposit: constant(
      balance,
      OFFER_DEPOSIT,
      'Reserved of who offers a title or a part, until it is accepted or closed.',
    ),
    DelegateDeposit: constant(balance, DELEGATE_DEPOSIT, 'Reserved of the owner for each delegate.'),
    MaxShares: constant(u32, MAX_SHARES, 'The most accounts that have a part of one asset.'),
    MaxDelegates: constant(u32, MAX_DELEGATES, 'The most delegates of one asset.'),
  },
});
export type Ownership = ReturnType<typeof state.use>;
