/** Settling: the last voucher of a channel says all that was used; what is new of it is counted and paid, by the terms and not above what was signed. */
import { voucherBytes } from '../../primitives/vouchers.ts';
import { grantOf, licensing, payForUses, payPrice, priceOfUses, spendUses } from '../licensing/index.ts';
import {
  type Context,
  DispatchFailure,
  ensure,
  type MultiSignature,
  signatureKind,
  type VerifyTask,
} from '../support/index.ts';
import { genesisHash } from '../system/index.ts';
import { knownChannel } from './channels.ts';
import { ESCROW, state, type Vouchers } from './state.ts';
import type { Channel, Quote } from './types.ts';

export interface Voucher {
  readonly channel: bigint;
  /** All uses since the channel was opened. */
  readonly uses: bigint;
  /** The most that all of them may cost. */
  readonly amount: bigint;
  readonly signature: MultiSignature;
}

/** What is signed; undefined if there is no such channel. */
export function bytesToSign(ctx: Context, voucher: Omit<Voucher, 'signature'>): Uint8Array | undefined {
  if (!state.use(ctx).store.channels.has(voucher.channel)) return undefined;
  return voucherBytes({ ...voucher, genesis: genesisHash(ctx) });
}

function taskOf(ctx: Context, { signer }: Channel, { signature, ...text }: Voucher): VerifyTask {
  const bytes = voucherBytes({ ...text, genesis: genesisHash(ctx) });
  return { kind: signatureKind(signature), parts: [signer, bytes, signature.value] };
}

/** The check that settling a voucher asks for. */
export function voucherTasks({ ctx, store }: Vouchers, voucher: Voucher): VerifyTask[] {
  const channel = store.channels.get(voucher.channel);
  return channel === undefined ? [] : [taskOf(ctx, channel, voucher)];
}

/**
 * Where on the steps of the price the next use of a channel stands. Steps count all uses of the grant, by whomever; where the grant has not counted those of the channel,
 * or is gone, the channel has: in how many portions it is settled makes no difference.
 */
function stepOf(ctx: Context, channel: Channel): bigint {
  const known = channel.before + channel.uses;
  const counted = grantOf(ctx, channel.grant)?.used ?? known;
  return counted > known ? counted : known;
}

/** What uses that are not settled yet cost. */
function dueOf(ctx: Context, channel: Channel, uses: bigint): bigint {
  return priceOfUses(channel.price, stepOf(ctx, channel), uses - channel.uses);
}

/** Settles a voucher, shown by whoever has it: it pays the asset, not who shows it. */
export function settle(vouchers: Vouchers, voucher: Voucher): void {
  const { ctx, store, events, errors } = vouchers;
  const { channel: id, uses, amount } = voucher;
  const channel = knownChannel(vouchers, id);
  ensure(ctx.block < channel.until, errors.Over);
  ensure(uses > channel.uses, errors.NotHigher);
  const due = dueOf(ctx, channel, uses);
  ensure(channel.paid + due <= amount, errors.AboveSigned);
  ensure(due <= channel.left, errors.AboveDeposit);
  ensure(ctx.host.verify(taskOf(ctx, channel, voucher)), errors.BadSignature);
  // What others have used until now stays counted, though the grant should count nothing of this channel any more.
  const before = stepOf(ctx, channel) - channel.uses;
  store.channels.put(id, { ...channel, before, uses, paid: channel.paid + due, left: channel.left - due });
  const isCounted = count(ctx, channel, uses - channel.uses);
  if (due > 0n && isCounted) payForUses(ctx, channel.grant, ESCROW, due);
  else if (due > 0n) payPrice(ctx, channel.asset, ESCROW, due);
  events.Settled({ channel: id, uses, price: due, isCounted });
}

/**
 * Counts uses on the grant; fails if its bound is passed. A user who has given up its seat or its grant since, or let it run out, has signed all the same:
 * what it used is paid.
 */
function count(ctx: Context, { grant, user }: Channel, uses: bigint): boolean {
  const { pallet, name } = licensing.errors.UsesExhausted;
  try {
    ctx.transactional(() => spendUses(ctx, grant, uses, user));
    return true;
  } catch (error) {
    if (!(error instanceof DispatchFailure) || error.message === `${pallet}.${name}`) throw error;
    return false;
  }
}

/** What a voucher for so many uses has to allow, and whether the channel can pay it now. */
export function quoteOf(ctx: Context, id: bigint, uses: bigint): Quote | undefined {
  const channel = state.use(ctx).store.channels.get(id);
  if (channel === undefined || uses < channel.uses) return undefined;
  const due = dueOf(ctx, channel, uses);
  const isCovered = due <= channel.left && ctx.block < channel.until;
  return { due, amount: channel.paid + due, isCovered };
}
