import { field, option, u64 } from '../../primitives/scale/index.ts';
import { pin } from '../balances/index.ts';
import { asset } from '../ownership/index.ts';
import {
  accountId,
  balance,
  blockNumber,
  definePallet,
  h256,
  lookup,
  multiAddress,
  TREASURY,
} from '../support/index.ts';
import { accept, propose, withdrawAmendment } from './amendments.ts';
import { licensingApi } from './api.ts';
import { clause, table } from './gate/index.ts';
import { closeGrant, transferGrant } from './grants.ts';
import { depositsOf, owesOf, tryState } from './invariants.ts';
import { setLicence } from './licences.ts';
import { makeOffer, withdrawOffer } from './offers.ts';
import { pokeRenewal, renew, setFund } from './renewals.ts';
import { contest, revoke, takeBack } from './revocations.ts';
import { approveSale, buy, open, refund } from './sales.ts';
import { assignSeat, moveSeat, removeSeat } from './seats.ts';
import { ESCROW, state } from './state.ts';
import { seedTable, setTable } from './table-state.ts';
import { removeTerms, storeTerms } from './terms.ts';
import { grantId, offerId, terms, termsId } from './types.ts';
import { waive, withdrawWaiver } from './waivers.ts';
import { weights } from './weights.ts';

const which = field(asset, 'Which asset.');
const reason = field(h256, 'sha2-256 of the reasons.');
const forChild = {
  asset: field(asset, 'The asset that the work comes from.'),
  owner: field(accountId, 'Who is to own the work.'),
  terms: field(termsId, 'The terms that the work is to be under.'),
};
const uses = field(option(u64), 'Its part of the uses, if those of the grant are bounded.');
const most = field(balance, 'The most that the caller pays.');

/** Licences that enforce themselves. */
export const licensing = definePallet({
  ...state,
  calls: {
    storeTerms: {
      index: 0,
      docs: 'Store terms under their hash. A deposit is reserved while they stand.',
      args: { terms },
      weight: ({ measured }) => measured(weights.storeTerms),
      run: (pallet, { terms }) => storeTerms(pallet, pallet.origin.signed(), terms),
    },
    removeTerms: {
      index: 1,
      docs: 'Remove terms that the caller has stored and nothing refers to.',
      args: { id: termsId },
      weight: ({ measured }) => measured(weights.removeTerms),
      run: (pallet, { id }) => removeTerms(pallet, pallet.origin.signed(), id),
    },
    setTerms: {
      index: 2,
      docs: 'Put an asset under terms for everyone, or under none. Grants and works that exist keep what they had.',
      args: { asset: which, terms: field(option(termsId), 'Stored terms; none: no licence, nothing is allowed.') },
      weight: ({ measured }) => measured(weights.setTerms),
      run: (pallet, { asset, terms }) => setLicence(pallet, pallet.origin.signed(), asset, terms),
    },
    offer: {
      index: 3,
      docs: 'Offer grants of an asset under stored terms, to everyone or to one account.',
      args: {
        asset: which,
        terms: termsId,
        buyer: field(option(accountId), 'The only account that may buy, once; none: everyone.'),
        until: field(option(blockNumber), 'The first block in which it no longer holds.'),
      },
      weight: ({ measured }) => measured(weights.offer),
      run: (pallet, args) => makeOffer(pallet, pallet.origin.signed(), args),
    },
    withdrawOffer: {
      index: 4,
      docs: 'Take back an offer.',
      args: { asset: which, offer: offerId },
      weight: ({ measured }) => measured(weights.withdrawOffer),
      run: (pallet, { asset, offer }) => withdrawOffer(pallet, pallet.origin.signed(), asset, offer),
    },
    buy: {
      index: 5,
      docs: 'Buy a grant. Its price is in escrow until it is opened; one that costs nothing and needs nobody’s word is open at once.',
      args: { asset: which, offer: offerId, most },
      weight: ({ measured }) => measured(weights.buy),
      run: (pallet, { asset, offer, most }) => buy(pallet, pallet.origin.signed(), asset, offer, most),
    },
    approveSale: {
      index: 6,
      docs: 'Agree to a sale, as one of those whom its terms name.',
      args: { grant: grantId },
      weight: ({ measured }) => measured(weights.approveSale),
      run: (pallet, { grant }) => approveSale(pallet, pallet.origin.signed(), grant),
    },
    open: {
      index: 7,
      docs: 'First access: the price is released and time begins to run. The holder, or after the time-out anyone.',
      args: { grant: grantId },
      weight: ({ measured }) => measured(weights.open),
      run: (pallet, { grant }) => open(pallet, pallet.origin.signed(), grant),
    },
    refund: {
      index: 8,
      docs: 'Give a price back before the first access: the licensor at will; anyone, if approval is late or the asset may not be licensed.',
      args: { grant: grantId },
      weight: ({ measured }) => measured(weights.refund),
      run: (pallet, { grant }) => refund(pallet, pallet.origin.signed(), grant),
    },
    assignSeat: {
      index: 9,
      docs: 'Let another account use a grant.',
      args: { grant: grantId, account: multiAddress, uses },
      weight: ({ measured }) => measured(weights.assignSeat),
      run: (pallet, { grant, account, uses }) =>
        assignSeat(pallet, pallet.origin.signed(), grant, lookup(account), uses),
    },
    moveSeat: {
      index: 10,
      docs: 'Give the seat of one account to another, with the uses that are left.',
      args: { grant: grantId, from: multiAddress, to: multiAddress },
      weight: ({ measured }) => measured(weights.moveSeat),
      run: (pallet, { grant, from, to }) => moveSeat(pallet, pallet.origin.signed(), grant, lookup(from), lookup(to)),
    },
    removeSeat: {
      index: 11,
      docs: 'Take a seat away, or leave one’s own.',
      args: { grant: grantId, account: multiAddress },
      weight: ({ measured }) => measured(weights.removeSeat),
      run: (pallet, { grant, account }) => removeSeat(pallet, pallet.origin.signed(), grant, lookup(account)),
    },
    transfer: {
      index: 12,
      docs: 'Give a grant to another account, where its terms let it go. Its seats end.',
      args: { grant: grantId, to: multiAddress },
      weight: ({ measured }) => measured(weights.transfer),
      run: (pallet, { grant, to }) => transferGrant(pallet, pallet.origin.signed(), grant, lookup(to)),
    },
    renew: {
      index: 13,
      docs: 'Pay for one more period, or for more uses, until the grace is over.',
      args: { grant: grantId, most },
      weight: ({ measured }) => measured(weights.renew),
      run: (pallet, { grant, most }) => renew(pallet, pallet.origin.signed(), grant, most),
    },
    setRenewalFund: {
      index: 14,
      docs: 'Say how much is held for renewals; 0 gives all of it back.',
      args: { grant: grantId, fund: field(balance, 'How much is held from now on.') },
      weight: ({ measured }) => measured(weights.setRenewalFund),
      run: (pallet, { grant, fund }) => setFund(pallet, pallet.origin.signed(), grant, fund),
    },
    pokeRenewal: {
      index: 15,
      docs: 'Have a grant renewed out of its fund, in its grace or when its uses are spent. Anyone.',
      args: { grant: grantId },
      weight: ({ measured }) => measured(weights.pokeRenewal),
      run(pallet, { grant }) {
        pallet.origin.signed();
        return pokeRenewal(pallet, grant);
      },
    },
    revoke: {
      index: 16,
      docs: 'Announce that a grant ends, and why. If its holder contests that in time, only a ruling ends it.',
      args: { grant: grantId, reason },
      weight: ({ measured }) => measured(weights.revoke),
      run: (pallet, { grant, reason }) => revoke(pallet, pallet.origin.signed(), grant, reason),
    },
    contest: {
      index: 17,
      docs: 'Contest a revocation, as the holder, before it takes effect.',
      args: { grant: grantId },
      weight: ({ measured }) => measured(weights.contest),
      run: (pallet, { grant }) => contest(pallet, pallet.origin.signed(), grant),
    },
    takeBack: {
      index: 18,
      docs: 'Take back a revocation, as the licensor, before it takes effect.',
      args: { grant: grantId },
      weight: ({ measured }) => measured(weights.takeBack),
      run: (pallet, { grant }) => takeBack(pallet, pallet.origin.signed(), grant),
    },
    proposeAmendment: {
      index: 19,
      docs: 'Propose other terms for a grant, as its holder or its licensor.',
      args: { grant: grantId, terms: termsId },
      weight: ({ measured }) => measured(weights.proposeAmendment),
      run: (pallet, { grant, terms }) => propose(pallet, pallet.origin.signed(), grant, terms),
    },
    acceptAmendment: {
      index: 20,
      docs: 'Accept the terms that the other side proposes.',
      args: { grant: grantId, terms: field(termsId, 'The terms as the caller has read them.') },
      weight: ({ measured }) => measured(weights.acceptAmendment),
      run: (pallet, { grant, terms }) => accept(pallet, pallet.origin.signed(), grant, terms),
    },
    dropAmendment: {
      index: 21,
      docs: 'End a proposal of other terms.',
      args: { grant: grantId },
      weight: ({ measured }) => measured(weights.dropAmendment),
      run: (pallet, { grant }) => withdrawAmendment(pallet, pallet.origin.signed(), grant),
    },
    close: {
      index: 22,
      docs: 'End a grant that is over; its holder may whenever it likes. Deposits go back.',
      args: { grant: grantId },
      weight: ({ measured }) => measured(weights.close),
      run: (pallet, { grant }) => closeGrant(pallet, pallet.origin.signed(), grant),
    },
    waive: {
      index: 23,
      docs: 'Waive a clause of an asset’s terms for one work that is to come from it.',
      args: { ...forChild, clause: field(clause, 'Which.') },
      weight: ({ measured }) => measured(weights.waive),
      run: (pallet, args) => waive(pallet, pallet.origin.signed(), args),
    },
    withdrawWaiver: {
      index: 24,
      docs: 'Take back a waiver or an approval that has not been used.',
      args: { ...forChild, clause: field(clause, 'Which.') },
      weight: ({ measured }) => measured(weights.withdrawWaiver),
      run: (pallet, args) => withdrawWaiver(pallet, pallet.origin.signed(), args),
    },
    approveDerivative: {
      index: 25,
      docs: 'Approve one work that is to come from an asset, where its terms ask for that.',
      args: forChild,
      weight: ({ measured }) => measured(weights.approveDerivative),
      run: (pallet, args) => waive(pallet, pallet.origin.signed(), { ...args, clause: { tag: 'NeedsApproval' } }),
    },
    setTable: {
      index: 26,
      docs: 'Replace the table by which the gate decides. Only the chain itself may: by a proposal.',
      args: { table },
      weight: ({ measured }) => measured(weights.setTable),
      run(pallet, { table }) {
        pallet.origin.root();
        return setTable(pallet, table);
      },
    },
  },
  genesis(pallet) {
    pin(pallet.ctx, ESCROW);
    // Parts of prices that go there may be less than an account needs to exist.
    pin(pallet.ctx, TREASURY);
    return seedTable(pallet);
  },
  deposits: depositsOf,
  owes: owesOf,
  tryState,
  apis: { LicensingApi: licensingApi },
});

/** The face for other pallets. */
export { access, grantsFor } from './access.ts';
export { bindDerivation, checkDerivation, type Derivation } from './derivation.ts';
export {
  grantOf,
  grantUntil,
  payForUses,
  payPrice,
  revokeByRuling,
  spendUses,
  storedTerms,
  termsOfGrant,
} from './face.ts';
export { termsUnder } from './licences.ts';
export { exhaust, meteredUses, meterUses, unmeterUses } from './metering.ts';
export { priceOfUses } from './price.ts';
export type { Access, Grant } from './records.ts';
export { ESCROW as LICENSING_ESCROW } from './state.ts';
export * from './types.ts';
