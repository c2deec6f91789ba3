/** Payment for single uses without a transaction for each: cumulative vouchers, of which the last is settled. */
import { field, option, u64 } from '../../primitives/scale/index.ts';
import { TacitError } from '../../primitives/errors.ts';
import { pin } from '../balances/index.ts';
import { grantId } from '../licensing/index.ts';
import {
  accountId,
  balance,
  blockNumber,
  CHECK_WEIGHT,
  type Context,
  definePallet,
  method,
  multiSignature,
  signatureKind,
} from '../support/index.ts';
import { closeChannel, endChannel, openChannel, topUp } from './channels.ts';
import { bytesToSign, quoteOf, settle, voucherTasks } from './settle.ts';
import { CHANNEL_DEPOSIT, ESCROW, state, type Vouchers } from './state.ts';
import { type Channel, channel, channelId, type Quote, quoteAnswer, signedBytes } from './types.ts';
import { weights } from './weights.ts';

const usesSoFar = field(u64, 'All uses since the channel was opened.');
const mostSoFar = field(balance, 'The most that all of them may cost.');
const until = field(blockNumber, 'The first block in which no voucher counts.');

export const vouchers = definePallet({
  ...state,
  calls: {
    open: {
      index: 0,
      docs: 'Open a channel to pay uses of a grant. The deposit is what vouchers can take; what is left comes back.',
      args: {
        grant: grantId,
        gateway: field(accountId, 'Who serves the uses.'),
        signer: field(option(accountId), 'Who signs vouchers; without it the caller.'),
        deposit: field(balance, 'What is put in.'),
        until,
      },
      weight: ({ measured }) => measured(weights.open),
      run(pallet, args) {
        openChannel(pallet, pallet.origin.signed(), args);
      },
    },
    topUp: {
      index: 1,
      docs: 'Put more into a channel of the caller, or make it last longer.',
      args: { channel: channelId, added: field(balance, 'How much more; nothing is allowed.'), until },
      weight: ({ measured }) => measured(weights.topUp),
      run(pallet, { channel, added, until }) {
        topUp(pallet, pallet.origin.signed(), channel, added, until);
      },
    },
    settle: {
      index: 2,
      docs: 'Settle a voucher: the asset earns what the uses cost that are new in it. Whoever has it may show it.',
      args: {
        channel: channelId,
        uses: usesSoFar,
        amount: mostSoFar,
        signature: field(
          multiSignature,
          'Of the bytes that `VouchersApi_payload` gives, by who signs for the channel.',
        ),
      },
      weight: ({ measured }, { signature }) => measured(weights.settle) + CHECK_WEIGHT[signatureKind(signature)],
      tasks: (pallet, voucher) => voucherTasks(pallet, voucher),
      run(pallet, voucher) {
        pallet.origin.signed();
        settle(pallet, voucher);
      },
    },
    close: {
      index: 3,
      docs: 'Close a channel of the caller: its gateway has a window to show a higher voucher, then the rest comes back.',
      args: { channel: channelId },
      weight: ({ measured }) => measured(weights.close),
      run(pallet, { channel }) {
        closeChannel(pallet, pallet.origin.signed(), channel);
      },
    },
    end: {
      index: 4,
      docs: 'Give the rest of a channel back to its user: the gateway may at any time, anyone once it is over.',
      args: { channel: channelId },
      weight: ({ measured }) => measured(weights.end),
      run(pallet, { channel }) {
        endChannel(pallet, pallet.origin.signed(), channel);
      },
    },
  },
  genesis({ ctx }) {
    pin(ctx, ESCROW);
  },
  *deposits({ store }) {
    for (const [, { user }] of store.channels.entries()) yield [user, CHANNEL_DEPOSIT];
  },
  *owes({ store }) {
    for (const [, { left }] of store.channels.entries()) yield [ESCROW, left];
  },
  tryState,
  apis: {
    VouchersApi: {
      version: 1,
      docs: 'Channels for payment by vouchers.',
      methods: {
        channel: method({
          docs: 'A channel by its number; none if it never was or has ended.',
          inputs: { channel: channelId },
          output: option(channel),
          run: (ctx, { channel }): Channel | undefined => channelOf(ctx, channel),
        }),
        quote: method({
          docs: 'What a voucher for so many uses has to allow at least, and whether the channel can pay it now.',
          inputs: { channel: channelId, uses: usesSoFar },
          output: quoteAnswer,
          run: (ctx, { channel, uses }): Quote | undefined => quoteOf(ctx, channel, uses),
        }),
        payload: method({
          docs: 'The bytes that a voucher signs.',
          inputs: { channel: channelId, uses: usesSoFar, amount: mostSoFar },
          output: signedBytes,
          run: (ctx, voucher): Uint8Array | undefined => bytesToSign(ctx, voucher),
        }),
      },
    },
  },
});

/** A channel by its number. */
export function channelOf(ctx: Context, id: bigint): Channel | undefined {
  return state.use(ctx).store.channels.get(id);
}

/** Every channel is listed with its user and no other is; none is numbered that is to come. */
function tryState({ store }: Vouchers): undefined {
  const broken = (what: string): never => {
    throw new TacitError('vouchers/broken-channel', what);
  };
  let listed = 0;
  for (const [[user, id]] of store.channelsOf.entries()) {
    listed++;
    const found = store.channels.get(id);
    if (found === undefined || !found.user.every((byte, i) => byte === user[i]))
      broken(`channel ${id} is listed wrongly`);
  }
  const all = [...store.channels.entries()];
  if (all.length !== listed) broken('a channel is not listed with its user');
  for (const [[id]] of all) if (id >= store.nextChannel.get()) broken(`channel ${id} is not numbered yet`);
}

export { ESCROW as VOUCHERS_ESCROW } from './state.ts';
export { type Channel, channelId } from './types.ts';
