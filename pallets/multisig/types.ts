import { bounded, field, fixed, named, type Of, struct, u32, vec } from '../../primitives/scale/index.ts';
import { accountId, balance, blockNumber } from '../support/index.ts';

/** The most signatories of one account, the caller among them. */
export const MAX_SIGNATORIES = 100;
/** The longest list that is decoded: who gives too many gets an error with a name, who gives far too many is refused at the door. */
const MAX_LISTED = 2 * MAX_SIGNATORIES;

export const otherSignatories = field(
  bounded(vec(accountId), MAX_LISTED),
  'The signatories besides the caller, in ascending order of their bytes.',
);

/** polkadot-sdk `pallet_multisig`: names an operation, so that an approval meant for one does not count for a later one with the same call. */
export const timepoint = struct(
  'pallet_multisig::Timepoint',
  {
    height: field(blockNumber, 'The block in which the operation was opened.'),
    index: field(u32, 'The place in that block of the extrinsic that opened it.'),
  },
  { params: [{ name: 'BlockNumber', type: blockNumber }] },
);
export type Timepoint = Of<typeof timepoint>;

export const callHash = named('CallHash', fixed(32), 'blake2b-256 of the encoded call.');

export const operation = struct('pallet_multisig::Multisig', {
  when: field(timepoint, 'When it was opened.'),
  deposit: field(balance, 'Reserved of the depositor until the operation ends.'),
  depositor: field(accountId, 'Who opened it.'),
  approvals: field(bounded(vec(accountId), MAX_SIGNATORIES), 'Who has approved, in ascending order.'),
});
export type Operation = Of<typeof operation>;
