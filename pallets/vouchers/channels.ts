/** Channels: opened with a deposit, filled up, closed, ended. What is left goes back to the user. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { reserve, transfer, unreserve } from '../balances/index.ts';
import { grantOf, termsOfGrant } from '../licensing/index.ts';
import { parameter } from '../parameters/index.ts';
import { type Context, ensure } from '../support/index.ts';
import { CHANNEL_DEPOSIT, ESCROW, MAX_BLOCKS, type Vouchers } from './state.ts';
import type { Channel } from './types.ts';

export interface OpenArgs {
  readonly grant: bigint;
  readonly gateway: Uint8Array;
  readonly signer: Uint8Array | undefined;
  readonly deposit: bigint;
  readonly until: number;
}

const windowOf = (ctx: Context): number => Number(parameter(ctx, 'VoucherWindow'));

export function knownChannel({ store, errors }: Vouchers, id: bigint): Channel {
  const found = store.channels.get(id);
  ensure(found, errors.UnknownChannel);
  return found;
}

function ownChannel(vouchers: Vouchers, id: bigint, user: Uint8Array): Channel {
  const channel = knownChannel(vouchers, id);
  ensure(sameBytes(channel.user, user), vouchers.errors.NotUser);
  ensure(vouchers.ctx.block < channel.until, vouchers.errors.Over);
  ensure(!channel.isClosing, vouchers.errors.AlreadyClosing);
  return channel;
}

/** Opens a channel for uses of a grant. Its prices are those of the grant's terms now, whatever becomes of them. @returns its number */
export function openChannel(vouchers: Vouchers, user: Uint8Array, args: OpenArgs): bigint {
  const { ctx, store, events, errors } = vouchers;
  const { gateway, signer = user, deposit, until } = args;
  const [grant, terms] = [grantOf(ctx, args.grant), termsOfGrant(ctx, args.grant)];
  ensure(grant !== undefined && terms !== undefined, errors.UnknownGrant);
  ensure(until > ctx.block + windowOf(ctx) && until <= ctx.block + MAX_BLOCKS, errors.BadEnd);
  reserve(ctx, user, CHANNEL_DEPOSIT);
  transfer(ctx, user, ESCROW, deposit, 'keepAlive');
  const id = store.nextChannel.get();
  store.nextChannel.put(id + 1n);
  store.channelsOf.put(user, id, undefined);
  store.channels.put(id, {
    user,
    signer,
    gateway,
    grant: args.grant,
    asset: grant.asset,
    price: terms.price,
    before: grant.used,
    uses: 0n,
    paid: 0n,
    left: deposit,
    until,
    isClosing: false,
  });
  events.Opened({ channel: id, user, gateway, deposit, until });
  return id;
}

/** Puts more into a channel, or makes it last longer, or both. */
export function topUp(vouchers: Vouchers, user: Uint8Array, id: bigint, added: bigint, until: number): void {
  const { ctx, store, events, errors } = vouchers;
  const channel = ownChannel(vouchers, id, user);
  ensure(until >= channel.until && until <= ctx.block + MAX_BLOCKS, errors.BadEnd);
  transfer(ctx, user, ESCROW, added, 'keepAlive');
  store.channels.put(id, { ...channel, left: channel.left + added, until });
  events.ToppedUp({ channel: id, added, until });
}

/** The user wants the rest back: the gateway has a window to show higher vouchers. */
export function closeChannel(vouchers: Vouchers, user: Uint8Array, id: bigint): void {
  const { ctx, store, events } = vouchers;
  const channel = ownChannel(vouchers, id, user);
  const until = Math.min(channel.until, ctx.block + windowOf(ctx));
  store.channels.put(id, { ...channel, until, isClosing: true });
  events.Closing({ channel: id, until });
}

/** Gives the rest back: the gateway may at any time, anyone once no voucher counts any more. */
export function endChannel(vouchers: Vouchers, who: Uint8Array, id: bigint): void {
  const { ctx, store, events, errors } = vouchers;
  const { user, gateway, left, until } = knownChannel(vouchers, id);
  ensure(ctx.block >= until || sameBytes(gateway, who), errors.StillOpen);
  store.channels.remove(id);
  store.channelsOf.remove(user, id);
  transfer(ctx, ESCROW, user, left, 'allowDeath');
  unreserve(ctx, user, CHANNEL_DEPOSIT);
  events.Ended({ channel: id, returned: left });
}
