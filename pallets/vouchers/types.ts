/** What is kept of channels: codecs are the declaration, TypeScript types follow from them. */
import { bool, bytes, field, named, type Of, option, struct, u64 } from '../../primitives/scale/index.ts';
import { grantId, price } from '../licensing/types.ts';
import { asset } from '../ownership/types.ts';
import { accountId, balance, blockNumber } from '../support/types.ts';

export const channelId = named('ChannelId', u64, 'Number of the channel.');

/** A user pays a gateway's uses of a grant out of a deposit, by the last voucher that it has signed. */
export const channel = struct('tacit_vouchers::Channel', {
  user: field(accountId, 'Whose the deposit is, and whose seat of the grant is used.'),
  signer: field(accountId, 'Who signs vouchers for the user.'),
  gateway: field(accountId, 'Who serves the uses.'),
  grant: grantId,
  asset: field(asset, 'What is used.'),
  price: field(price, 'What uses cost: by the terms of the grant as the channel was opened.'),
  before: field(u64, 'Uses of the grant besides those that are settled, as of the last settlement.'),
  uses: field(u64, 'Uses that are settled.'),
  paid: field(balance, 'What they have cost.'),
  left: field(balance, 'What is left of the deposit.'),
  until: field(blockNumber, 'The first block in which no voucher counts.'),
  isClosing: field(bool, 'Whether the user has closed it: it cannot be made longer.'),
});
export type Channel = Of<typeof channel>;

export const quote = struct('tacit_vouchers::Quote', {
  due: field(balance, 'What the uses cost that are not settled.'),
  amount: field(balance, 'What a voucher for all uses has to allow at least.'),
  isCovered: field(bool, 'Whether the deposit is enough, and the channel open.'),
});
export type Quote = Of<typeof quote>;
export const quoteAnswer = option(quote);
export const signedBytes = option(bytes);
