import { bool, field, option, u32, u64, u8 } from '../../primitives/scale/index.ts';
import { asset } from '../ownership/index.ts';
import {
  accountId,
  balance,
  blockNumber,
  constant,
  defineState,
  event,
  h256,
  map,
  palletAccount,
  value,
} from '../support/index.ts';
import { CLAUSES, clause, table } from './gate/index.ts';
import {
  accessEntries,
  amendment,
  bonds,
  child,
  grant,
  licence,
  MAX_BONDS,
  MAX_HELD,
  MAX_OFFERS,
  MAX_SEATED,
  MAX_SEATS,
  offer,
  seats,
  termsRecord,
  waivers,
} from './records.ts';
import { grantId, LICENSING_PALLET, offerId, termsId } from './types.ts';

/** Reserved in units of 10^-6 TAC, each of who puts it into the state and until it is gone from there. */
export const TERMS_DEPOSIT = 100_000n;
export const TERMS_BYTE_DEPOSIT = 500n;
export const OFFER_DEPOSIT = 100_000n;
export const GRANT_DEPOSIT = 200_000n;
export const SEAT_DEPOSIT = 50_000n;
export const WAIVER_DEPOSIT = 50_000n;
export const AMENDMENT_DEPOSIT = 50_000n;
/** Of the owner of a derived work, for each it comes from; it stays with the work. */
export const BOND_DEPOSIT = 50_000n;
/** A seat stays with its account so many blocks: it is not lent around. */
export const SEAT_BLOCKS = 600;

/** Holds prices until the first access; no key opens it. */
export const ESCROW: Uint8Array = palletAccount('tacitlic');

const which = field(asset, 'Which asset.');
const holder = field(accountId, 'Whose grant it is.');
const who = field(accountId, 'Whose seat it is.');
const childOwner = field(accountId, 'Whose derived work it is for.');
const childTerms = field(termsId, 'The terms that the derived work is under.');
const usesLeft = field(option(u64), 'How many uses the account has left; without it no bound.');

export const state = defineState({
  name: 'Licensing',
  index: LICENSING_PALLET,
  docs: 'Terms, the gate for derived works, offers, escrow, grants and their seats.',
  storage: {
    table: value(table, { docs: 'The table by which the gate decides.' }),
    tableHash: value(h256, { docs: 'blake2b-256 of the encoded table.', default: new Uint8Array(32) }),
    terms: map(termsId, termsRecord, { hasher: 'identity', docs: 'Terms by their hash, each stored once.' }),
    licences: map(asset, licence, {
      hasher: 'twox64Concat',
      docs: 'What an asset is under for everyone; absent: no licence, nothing is allowed.',
    }),
    offers: map([asset, offerId], offer, { hasher: 'twox64Concat', docs: 'What can be bought, by asset.' }),
    offerCounts: map(asset, u32, { hasher: 'twox64Concat', default: 0, docs: 'How many offers an asset has.' }),
    nextOffer: value(offerId, { default: 0n, docs: 'The number of the next offer.' }),
    grants: map(grantId, grant, { hasher: 'twox64Concat', docs: 'Grants by number.' }),
    nextGrant: value(grantId, { default: 0n, docs: 'The number of the next grant.' }),
    grantsOf: map([accountId, grantId], asset, {
      hasher: ['blake2_128Concat', 'twox64Concat'],
      docs: 'The grants that an account holds, and of what.',
    }),
    seats: map(grantId, seats, {
      hasher: 'twox64Concat',
      default: [],
      docs: 'The accounts that use a grant besides its holder.',
    }),
    access: map([asset, accountId], accessEntries, {
      hasher: ['twox64Concat', 'blake2_128Concat'],
      default: [],
      docs: 'What an account may do with an asset, by each of its grants: a proof of this one key tells a gateway.',
    }),
    amendments: map(grantId, amendment, { hasher: 'twox64Concat', docs: 'Other terms that one side proposes.' }),
    waivers: map([asset, child], waivers, {
      hasher: ['twox64Concat', 'blake2_128Concat'],
      default: [],
      docs: 'Clauses that an owner waives for one derived work that is still to come.',
    }),
    bonds: map(asset, bonds, {
      hasher: 'twox64Concat',
      default: [],
      docs: 'What a derived work owes to those it comes from; it stays.',
    }),
  },
  events: {
    TermsStored: event('Terms were stored.', { id: termsId, storer: field(accountId, 'By whom.') }),
    TermsRemoved: event('Terms that nothing referred to were removed.', { id: termsId }),
    LicenceSet: event('An asset came under terms, or under none.', {
      asset: which,
      terms: field(option(termsId), 'What it is under now; none: it has no licence.'),
    }),
    Offered: event('Grants of an asset can be bought.', {
      asset: which,
      offer: offerId,
      terms: termsId,
      buyer: field(option(accountId), 'The only account that may buy.'),
      until: field(option(blockNumber), 'The first block in which it no longer holds.'),
    }),
    OfferWithdrawn: event('An offer is over.', { asset: which, offer: offerId }),
    Bought: event('A grant was bought; its price is in escrow.', {
      grant: grantId,
      asset: which,
      offer: offerId,
      holder,
      price: field(balance, 'What was paid.'),
    }),
    SaleApproved: event('One of those who have to agree to a sale did.', {
      grant: grantId,
      approver: field(accountId, 'Who.'),
      isEnough: field(bool, 'Whether the sale counts now.'),
    }),
    Opened: event('A grant was opened; its price left the escrow.', {
      grant: grantId,
      earned: field(balance, 'What the asset earned.'),
      treasury: field(balance, 'What went to the treasury.'),
      burned: field(balance, 'What was burned.'),
    }),
    Refunded: event('A sale came to nothing; the price went back.', {
      grant: grantId,
      holder,
      amount: field(balance, 'What went back.'),
    }),
    SeatAssigned: event('An account has a seat.', { grant: grantId, who, usesLeft }),
    SeatMoved: event('A seat went to another account.', {
      grant: grantId,
      from: field(accountId, 'Whose it was.'),
      to: field(accountId, 'Whose it is now.'),
    }),
    SeatRemoved: event('An account has no seat any more.', { grant: grantId, who }),
    GrantTransferred: event('A grant went to another holder; its seats ended.', {
      grant: grantId,
      from: field(accountId, 'Whose it was.'),
      to: field(accountId, 'Whose it is now.'),
    }),
    Renewed: event('A grant was renewed.', {
      grant: grantId,
      price: field(balance, 'What was paid.'),
      end: field(option(blockNumber), 'Until when it is paid now.'),
      usesLeft,
    }),
    FundSet: event('What is held for renewals was changed.', {
      grant: grantId,
      fund: field(balance, 'What is held now.'),
    }),
    UsesSpent: event('Uses of a grant were spent.', {
      grant: grantId,
      who: field(accountId, 'Who used it.'),
      uses: field(u64, 'How many.'),
      usesLeft,
    }),
    MeterSet: event('A meter counts the uses of a grant from now on, or no more.', {
      grant: grantId,
      meter: field(option(u32), 'Which; none: no more.'),
    }),
    RevocationAnnounced: event('The licensor revokes a grant, unless its holder contests that in time.', {
      grant: grantId,
      reason: field(h256, 'sha2-256 of the reasons.'),
      from: field(blockNumber, 'The first block in which it no longer holds.'),
    }),
    RevocationEnded: event('A revocation does not come about.', {
      grant: grantId,
      isContested: field(bool, 'Whether the holder contested it; else the licensor took it back.'),
    }),
    Revoked: event('A ruling revoked a grant.', { grant: grantId, reason: field(h256, 'sha2-256 of the reasons.') }),
    AmendmentProposed: event('One side of a grant proposes other terms.', {
      grant: grantId,
      terms: termsId,
      proposer: field(accountId, 'Who.'),
    }),
    AmendmentDropped: event('A proposal of other terms is over.', { grant: grantId }),
    Amended: event('Both sides of a grant agreed to other terms.', { grant: grantId, terms: termsId }),
    Closed: event('A grant is over and gone; its deposits went back.', { grant: grantId, holder }),
    Waived: event('An owner waived a clause for one derived work.', {
      asset: which,
      owner: childOwner,
      terms: childTerms,
      clause: field(clause, 'Which.'),
    }),
    WaiverWithdrawn: event('A waiver was taken back before it was used.', {
      asset: which,
      owner: childOwner,
      terms: childTerms,
      clause: field(clause, 'Which.'),
    }),
    WaiversUsed: event('A derived work came into being by waivers; they are used up.', {
      asset: which,
      by: field(asset, 'Which derived work.'),
      terms: childTerms,
    }),
    TableSet: event('The gate decides by another table.', { hash: field(h256, 'blake2b-256 of the encoded table.') }),
  },
  errors: {
    UnknownTerms: 'No such terms are stored.',
    AlreadyStored: 'These terms are stored already.',
    NotStorer: 'The caller has not stored them.',
    InUse: 'Something still refers to them.',
    EmptyLicence: 'A licence has a name or an expression.',
    UnknownBits: 'There is a bit that means nothing, or none at all.',
    NotAscending: 'Countries and approvers stand in ascending order, each once; a country is two capital letters.',
    BadShare: 'A share is at most the whole; a ceiling is one of a share.',
    BadSteps: 'Steps of a price begin at 0 and ascend.',
    BadPrice: 'A price is above zero, and does not bound time or uses that the terms bound too.',
    BadBound: 'A bound of seats, time or uses is above zero, and of seats at most 65.',
    BadGrace: 'A grace is after an end, and not longer than what is renewed.',
    BadRenewal: 'There is nothing to renew, or nothing to pay for it.',
    BadApprovals: 'As many must agree as are named at most, and one at least of those named.',
    UnknownOffer: 'The asset has no such offer.',
    TooManyOffers: 'The asset has as many offers as it may.',
    OfferEnded: 'The offer is past its block, or the asset has another owner since, or comes from more works.',
    NotForYou: 'The offer is for another account.',
    OwnAsset: 'Its owner needs no licence.',
    PriceAbove: 'The price is above what the caller said to pay at most.',
    OptedOut: 'The owner refuses training on it.',
    TooManyGrants: 'The account has as many grants of this asset, or seats, as it may.',
    UnknownGrant: 'No such grant.',
    NotHolder: 'The caller does not hold the grant.',
    NotApprover: 'The caller is none of those who have to agree, or has agreed.',
    NotAsked: 'The sale waits for nobody’s word.',
    NotOpen: 'The grant is not open.',
    AlreadyOpen: 'The grant is open: its price is paid out.',
    TooEarly: 'The time for that has not come.',
    TooLate: 'The time for that is over.',
    Expired: 'The grant is past its end and its grace.',
    GrantRevoked: 'The grant is revoked.',
    UsesExhausted: 'There are not as many uses left.',
    NoSeat: 'The account has no seat in this grant.',
    SeatTaken: 'The account uses the grant already.',
    TooManySeats: 'As many accounts use the grant as may.',
    SeatIsYoung: 'A seat stays with its account for a while.',
    BadUses: 'A seat has its part of the uses if they are bounded, and none if they are not.',
    Metered: 'A meter counts the uses of the grant: until that is over they are given to nobody, and the terms stay.',
    NotMetered: 'No meter counts the uses of the grant.',
    NotTransferable: 'The terms do not let the grant go to another holder.',
    NotRenewable: 'The terms do not let the grant be renewed like that.',
    NoFund: 'What is held for renewals does not reach.',
    BeingRevoked: 'The grant is being revoked.',
    NotBeingRevoked: 'The grant is not being revoked.',
    Contested: 'The holder has contested a revocation: only a ruling revokes it now.',
    NoAmendment: 'Nobody has proposed such terms.',
    AmendmentPending: 'A proposal is open.',
    NotOtherSide: 'Whoever proposed it does not accept it.',
    NotAmendable: 'Terms that others have to agree to are sold anew.',
    NoWaiver: 'There is no such waiver.',
    AlreadyWaived: 'The clause is waived already.',
    NotWaivable: 'The clause cannot be waived.',
    NotOver: 'The grant still holds.',
    BadTable: 'The gate cannot decide by this table.',
    UnknownLicence: 'The table does not know this licence: it allows nothing.',
    GrantMissing: 'The terms want a grant for this, and the work’s owner holds none that allows it.',
    ShareOverflow: 'The shares of the works it comes from are more than the whole.',
    TooManyParents: 'It comes from more works than one may.',
    ...CLAUSES,
  },
  constants: {
    TermsDeposit: constant(balance, TERMS_DEPOSIT, 'Reserved of who stores terms.'),
    TermsByteDeposit: constant(balance, TERMS_BYTE_DEPOSIT, 'The same, for each byte.'),
    OfferDeposit: constant(balance, OFFER_DEPOSIT, 'Reserved of who makes an offer.'),
    GrantDeposit: constant(balance, GRANT_DEPOSIT, 'Reserved of the holder of a grant.'),
    SeatDeposit: constant(balance, SEAT_DEPOSIT, 'Reserved of the holder for each seat.'),
    WaiverDeposit: constant(
      balance,
      WAIVER_DEPOSIT,
      'Reserved of the owner of an asset for each clause that is waived.',
    ),
    AmendmentDeposit: constant(balance, AMENDMENT_DEPOSIT, 'Reserved of who proposes other terms.'),
    BondDeposit: constant(balance, BOND_DEPOSIT, 'Reserved of the owner of a derived work for each it comes from.'),
    SeatBlocks: constant(blockNumber, SEAT_BLOCKS, 'How long a seat stays with its account.'),
    MaxSeats: constant(u32, MAX_SEATS, 'The most accounts that use a grant besides its holder.'),
    MaxOffers: constant(u32, MAX_OFFERS, 'The most offers of one asset.'),
    MaxHeld: constant(u8, MAX_HELD, 'The most grants of one asset that an account holds.'),
    MaxSeated: constant(u8, MAX_SEATED, 'The most grants of one asset in which an account has a seat.'),
    MaxBonds: constant(u32, MAX_BONDS, 'The most works that one comes from.'),
  },
});

/** The pallet at work on one state. */
export type Licensing = ReturnType<typeof state.use>;
