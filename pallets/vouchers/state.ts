import { bool, field, unit, u64 } from '../../primitives/scale/index.ts';
import {
  accountId,
  balance,
  blockNumber,
  constant,
  defineState,
  event,
  map,
  palletAccount,
  value,
} from '../support/index.ts';
import { channel, channelId } from './types.ts';

/** Reserved of the user while a channel stands, in units of 10^-6 TAC. */
export const CHANNEL_DEPOSIT = 200_000n;
/** Nothing is held for longer than a year: blocks of two seconds. */
export const MAX_BLOCKS = 15_768_000;

/** Holds what is left in channels; no key opens it. */
export const ESCROW: Uint8Array = palletAccount('tacitvou');

export const state = defineState({
  name: 'Vouchers',
  index: 42,
  docs: 'Payment for single uses without a transaction for each: a user signs what it has used so far, the last word is settled.',
  storage: {
    channels: map(channelId, channel, { hasher: 'twox64Concat', docs: 'Channels by number.' }),
    channelsOf: map([accountId, channelId], unit, {
      hasher: ['blake2_128Concat', 'twox64Concat'],
      docs: 'Channels of a user.',
    }),
    nextChannel: value(channelId, { default: 0n, docs: 'The number of the next channel; none is used twice.' }),
  },
  events: {
    Opened: event('A user opened a channel.', {
      channel: channelId,
      user: field(accountId, 'Who pays.'),
      gateway: field(accountId, 'Who serves.'),
      deposit: field(balance, 'What is in it.'),
      until: field(blockNumber, 'The first block in which no voucher counts.'),
    }),
    ToppedUp: event('A user put more into a channel, or made it last longer.', {
      channel: channelId,
      added: field(balance, 'How much more.'),
      until: field(blockNumber, 'The first block in which no voucher counts.'),
    }),
    Settled: event(
      'A voucher was settled: the asset has earned the price, less what is burned and the treasury’s part.',
      {
        channel: channelId,
        uses: field(u64, 'All uses that are settled now.'),
        price: field(balance, 'What the new ones have cost.'),
        isCounted: field(
          bool,
          'Whether the grant counts them; not if the user has lost its seat since, or the grant has ended.',
        ),
      },
    ),
    Closing: event('A user closed a channel: higher vouchers count until a block.', {
      channel: channelId,
      until: field(blockNumber, 'The first block in which none does.'),
    }),
    Ended: event('A channel is over; what was left went back to its user.', {
      channel: channelId,
      returned: field(balance, 'How much.'),
    }),
  },
  errors: {
    UnknownChannel: 'No channel has this number.',
    UnknownGrant: 'No grant has this number.',
    NotUser: 'The channel is another user’s.',
    BadEnd: 'A channel lasts longer than the window for vouchers, at most a year, and is never made shorter.',
    Over: 'The channel is over: no voucher counts any more.',
    StillOpen: 'The channel is open: until it is over only its gateway may end it.',
    AlreadyClosing: 'The user has closed it.',
    NotHigher: 'A voucher counts only with more uses than are settled.',
    BadSignature: 'The voucher is not signed by who signs for this channel.',
    AboveSigned: 'By the terms the uses cost more than the voucher allows.',
    AboveDeposit: 'The uses cost more than is left in the channel.',
  },
  constants: {
    ChannelDeposit: constant(balance, CHANNEL_DEPOSIT, 'Reserved of the user while a channel stands.'),
    MaxBlocks: constant(blockNumber, MAX_BLOCKS, 'The longest that a channel lasts without being made longer.'),
  },
});
export type Vouchers = ReturnType<typeof state.use>;
