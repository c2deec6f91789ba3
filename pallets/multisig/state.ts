import { field, u32 } from '../../primitives/scale/index.ts';
import { accountId, balance, type Bound, constant, defineState, dispatchResult, event, map } from '../support/index.ts';
import { callHash, MAX_SIGNATORIES, operation, timepoint } from './types.ts';

/** Reserved of who opens an operation, in units of 10^-6 TAC, and besides for each approval that it may hold. */
export const DEPOSIT_BASE = 100_000n;
export const DEPOSIT_FACTOR = 20_000n;

const approving = field(accountId, 'The signatory who approved.');
const multisig = field(accountId, 'The account of the signatories.');
const when = field(timepoint, 'When the operation was opened.');

export const state = defineState({
  name: 'Multisig',
  index: 30,
  docs: 'Accounts that several signatories dispose of together, so many of them at the least.',
  storage: {
    multisigs: map([accountId, callHash], operation, {
      hasher: ['twox64Concat', 'blake2_128Concat'],
      docs: 'Open operations, by the account of the signatories and the hash of the call.',
    }),
  },
  events: {
    NewMultisig: event('An operation was opened by its first approval.', { approving, multisig, callHash }),
    MultisigApproval: event('An operation was approved once more.', {
      approving,
      timepoint: when,
      multisig,
      callHash,
    }),
    MultisigExecuted: event('An operation had its last approval: the call was dispatched, and the operation is over.', {
      approving,
      timepoint: when,
      multisig,
      callHash,
      result: field(dispatchResult, 'What became of the call.'),
    }),
    MultisigCancelled: event('An operation was cancelled by who opened it.', {
      cancelling: field(accountId, 'Who cancelled it.'),
      timepoint: when,
      multisig,
      callHash,
    }),
  },
  // In the order of polkadot-sdk: clients know errors by number too.
  errors: {
    MinimumThreshold: 'Threshold must be 2 or greater.',
    AlreadyApproved: 'Call is already approved by this signatory.',
    NoApprovalsNeeded: 'Call does not need any more approvals. Never given; it keeps the numbers of the others.',
    TooFewSignatories: 'There are too few signatories in the list, or fewer than the threshold asks for.',
    TooManySignatories: 'There are too many signatories in the list.',
    SignatoriesOutOfOrder: 'The signatories were provided out of order; they should be ordered.',
    SenderInSignatories: 'The sender was contained in the other signatories; it should not be.',
    NotFound: 'Multisig operation not found in storage.',
    NotOwner: 'Only the account that originally created the multisig is able to cancel it.',
    NoTimepoint: 'No timepoint was given, yet the multisig operation is already underway.',
    WrongTimepoint: 'A different timepoint was given to the multisig operation that is underway.',
    UnexpectedTimepoint: 'A timepoint was given, yet no multisig operation is underway.',
    MaxWeightTooLow: 'The maximum weight information provided was too low.',
    AlreadyStored: 'The data to be stored is already stored. Never given; calls are not stored.',
  },
  constants: {
    DepositBase: constant(balance, DEPOSIT_BASE, 'Reserved while an operation is open.'),
    DepositFactor: constant(balance, DEPOSIT_FACTOR, 'Reserved besides for each approval that the operation needs.'),
    MaxSignatories: constant(u32, MAX_SIGNATORIES, 'The most signatories of one account, the caller among them.'),
  },
});

export type Multisig = Bound<typeof state.storage, typeof state.events, typeof state.errors>;
