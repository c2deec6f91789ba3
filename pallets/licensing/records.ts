/** What the pallet keeps: terms, offers, grants, and what stands between a work and those who use it or derive from it. */
import {
  bool,
  bounded,
  enumeration,
  field,
  option,
  type Of,
  struct,
  u8,
  u32,
  u64,
  vec,
} from '../../primitives/scale/index.ts';
import { asset } from '../ownership/types.ts';
import { accountId, balance, blockNumber, h256 } from '../support/types.ts';
import { clause } from './gate/index.ts';
import { grantId, relation, terms, termsId } from './types.ts';

/** Accounts of one grant besides its holder, offers of one asset, grants of one asset that one account holds, and others' grants in which it has a seat. */
export const MAX_SEATS = 64;
export const MAX_OFFERS = 32;
export const MAX_HELD = 4;
export const MAX_SEATED = 4;
export const MAX_BONDS = 64;
/** One waiver for each clause, with room for clauses to come. */
export const MAX_WAIVERS = 32;

export const termsRecord = struct('tacit_licensing::TermsRecord', {
  terms,
  storer: field(accountId, 'Who stored them; whose the deposit is.'),
  deposit: balance,
  references: field(u32, 'How many licences, offers, grants, amendments and derived works refer to them.'),
});
export type TermsRecord = Of<typeof termsRecord>;

export const licence = struct('tacit_licensing::Licence', {
  terms: termsId,
  openTiers: field(u8, 'What everyone may do by these terms without a grant; 0 if they need one.'),
});
export type Licence = Of<typeof licence>;

export const offer = struct('tacit_licensing::Offer', {
  terms: termsId,
  owner: field(accountId, 'Whose the asset was: an offer lapses when it goes to another owner.'),
  maker: field(accountId, 'Who made it; whose the deposit is.'),
  deposit: balance,
  buyer: field(option(accountId), 'The only account that may buy by it; such an offer is used up by that.'),
  until: field(option(blockNumber), 'The first block in which it no longer holds.'),
  bonds: field(u8, 'How many works bound the asset then: it lapses when there are more.'),
});
export type Offer = Of<typeof offer>;

/** A price, split as the parameters stood when it was paid. */
export const split = struct('tacit_licensing::Split', {
  owner: field(balance, 'What the asset earns.'),
  treasury: balance,
  burned: balance,
});
export type Split = Of<typeof split>;

export const grantState = enumeration('tacit_licensing::GrantState', {
  /** The price is in escrow; those who have to agree have not yet. */
  Asked: {
    until: field(blockNumber, 'The first block in which nobody can agree any more.'),
    approved: field(u8, 'Which of the approvers have agreed, one bit each in their order.'),
    escrow: split,
  },
  /** The price is in escrow until the first access. */
  Paid: { until: field(blockNumber, 'From this block on anyone may have it released.'), escrow: split },
  Open: null,
});

export const revocation = struct('tacit_licensing::Revocation', {
  reason: field(h256, 'sha2-256 of the reasons.'),
  from: field(blockNumber, 'The first block in which the grant no longer holds.'),
  isRuling: field(bool, 'Whether a ruling revoked it; the holder may contest what the licensor does alone.'),
});

export const grant = struct('tacit_licensing::Grant', {
  asset,
  terms: termsId,
  holder: accountId,
  state: grantState,
  end: field(option(blockNumber), 'Until when it is paid; without it for good. Its grace comes after that.'),
  used: field(u64, 'Uses over its whole life, those of all its accounts.'),
  paid: field(balance, 'What was paid for it in all.'),
  lost: field(balance, 'What of that was burned or went to the treasury: it comes back to nobody.'),
  deposit: field(balance, 'Reserved of the holder, for the grant and its seats.'),
  fund: field(balance, 'Reserved of the holder, for renewals.'),
  revocation: option(revocation),
  isContested: field(bool, 'The holder has contested a revocation: only a ruling revokes it now.'),
});
export type Grant = Of<typeof grant>;

export const seat = struct('tacit_licensing::Seat', {
  account: accountId,
  since: field(blockNumber, 'When it was given or moved.'),
});
export type Seat = Of<typeof seat>;
export const seats = bounded(vec(seat), MAX_SEATS);

/** What an account may do by one grant: all that a gateway needs to know. */
export const accessEntry = struct('tacit_licensing::AccessEntry', {
  grant: grantId,
  isHolder: field(bool, 'Whether the account holds the grant; else it has a seat.'),
  tiers: field(
    u8,
    'What it may do, added up: 1 metadata, 2 architecture, 4 inference, 8 fine-tune, 16 train; 0: not opened yet.',
  ),
  until: field(option(blockNumber), 'The first block in which it may not, its grace and a revocation counted in.'),
  usesLeft: field(option(u64), 'How many uses this account has left; without it no bound.'),
  meter: field(
    option(u32),
    'The meter that counts its uses, by number (`Usage.Meters`): then those left are those that no report has shown to be used up.',
  ),
});
export type AccessEntry = Of<typeof accessEntry>;
export const accessEntries = bounded(vec(accessEntry), MAX_HELD + MAX_SEATED);

export const amendment = struct('tacit_licensing::Amendment', {
  terms: termsId,
  proposer: accountId,
  byHolder: field(bool, 'Whether the holder proposed it; the licensor accepts then, and the other way round.'),
  deposit: balance,
});
export type Amendment = Of<typeof amendment>;

/** One derived work, before there is one: its owner and its terms. */
export const child = struct('tacit_licensing::Child', { owner: accountId, terms: termsId });
/** The clauses that are waived for it. */
export const waivers = bounded(vec(clause), MAX_WAIVERS);

/** What a derived work owes to one it comes from, as it stood when it came into being. Whatever it is licensed under later is held against it. */
export const bond = struct('tacit_licensing::Bond', {
  parent: asset,
  relation,
  terms: field(termsId, 'What bound whoever made the work.'),
  waived: field(
    bounded(vec(struct('tacit_licensing::Waived', { terms: termsId, clause })), MAX_WAIVERS),
    'Clauses that the owner waived, for this work under these terms.',
  ),
});
export type Bond = Of<typeof bond>;
export const bonds = bounded(vec(bond), MAX_BONDS);

/** Why an account may not use an asset. */
export const reason = enumeration('tacit_licensing::NoAccess', {
  UnknownAsset: null,
  /** A ruling took the asset out of use. */
  AssetRevoked: null,
  /** It needs a grant, and the account has none. */
  NoGrant: null,
  /** The price is in escrow: the holder has to open the grant. */
  NotOpened: null,
  GrantRevoked: null,
  Expired: null,
  UsesExhausted: null,
});
export const access = struct('tacit_licensing::Access', {
  tiers: field(u8, 'What it may do, added up: 1 metadata, 2 architecture, 4 inference, 8 fine-tune, 16 train.'),
  until: field(option(blockNumber), 'The first block in which it may not.'),
  usesLeft: option(u64),
  grant: field(option(grantId), 'By which grant; without it as the owner, or by terms that are open to everyone.'),
  reason: field(option(reason), 'Why not, if it may do nothing.'),
});
export type Access = Of<typeof access>;
