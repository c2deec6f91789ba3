import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { EXISTENTIAL_DEPOSIT, leastOf } from '../../primitives/money.ts';
import { type Context, ensure, fail, overflow } from '../support/index.ts';
import { system } from '../system/index.ts';
import { type AccountInfo, emptyAccount } from '../system/types.ts';
import { state } from './state.ts';

/** Whether an account may end with the movement: `keepAlive` leaves it the existential deposit. */
export type Existence = 'keepAlive' | 'allowDeath';

const MAX_AMOUNT = (1n << 128n) - 1n;

/** Amounts are unsigned: a negative one would move money backwards. A wrong one is a caller's mistake in the code, not a user's. */
function checkAmount(amount: bigint): void {
  if (amount < 0n || amount > MAX_AMOUNT) throw new TacitError('balances/bad-amount', `${amount} is no amount`);
}

export function freeOf(ctx: Context, who: Uint8Array): bigint {
  return system.use(ctx).store.account.get(who).data.free;
}

export function reservedOf(ctx: Context, who: Uint8Array): bigint {
  return system.use(ctx).store.account.get(who).data.reserved;
}

export function totalIssuance(ctx: Context): bigint {
  return state.use(ctx).store.totalIssuance.get();
}

function issue(ctx: Context, difference: bigint): void {
  state.use(ctx).store.totalIssuance.mutate((before) => before + difference);
}

/** What can leave the free balance of `who`. */
export function reducible(ctx: Context, who: Uint8Array, existence: Existence): bigint {
  return reducibleOf(system.use(ctx).store.account.get(who), existence);
}

function reducibleOf(info: AccountInfo, existence: Existence): bigint {
  const { free } = info.data;
  const keeps = existence === 'keepAlive' || info.consumers > 0;
  const pinned = info.providers > Number(free >= EXISTENTIAL_DEPOSIT);
  if (!keeps || pinned) return free;
  return free > EXISTENTIAL_DEPOSIT ? free - EXISTENTIAL_DEPOSIT : 0n;
}

/**
 * Every change of an account's money goes through here. An account lives by its free balance (at least the existential deposit), or by being
 * pinned; what is reserved keeps it alive. A dying account's rest is burned. Its nonce stays (docs/adr).
 */
function change(ctx: Context, who: Uint8Array, freeBy: bigint, reservedBy: bigint): void {
  const { store, events } = system.use(ctx);
  const info = store.account.get(who);
  const { data } = info;
  const provided = data.free >= EXISTENTIAL_DEPOSIT;
  const consumed = data.reserved > 0n;
  data.free += freeBy;
  data.reserved += reservedBy;
  if (data.free < 0n || data.reserved < 0n)
    throw new TacitError('balances/overdrawn', 'the caller has not checked the balance');
  ensure(data.free <= MAX_AMOUNT && data.reserved <= MAX_AMOUNT, overflow);
  const provides = data.free >= EXISTENTIAL_DEPOSIT;
  const existed = info.providers > 0;
  info.providers += Number(provides) - Number(provided);
  info.consumers += Number(data.reserved > 0n) - Number(consumed);
  if (info.providers > 0) {
    store.account.put(who, info);
    if (!existed) {
      events.NewAccount({ account: who });
      state.use(ctx).events.Endowed({ account: who, freeBalance: data.free });
    }
    return;
  }
  ensure(existed, state.use(ctx).errors.ExistentialDeposit);
  ensure(info.consumers === 0, state.use(ctx).errors.LiquidityRestrictions);
  if (data.free > 0n) {
    issue(ctx, -data.free);
    state.use(ctx).events.DustLost({ account: who, amount: data.free });
  }
  bury(ctx, who, info.nonce);
  events.KilledAccount({ account: who });
}

/** What is left of a dead account: nothing, or the count of what it has signed, so that nobody can play its payments again when it is funded anew. */
function bury(ctx: Context, who: Uint8Array, nonce: number): void {
  const { store } = system.use(ctx);
  if (nonce > 0) store.account.put(who, { ...emptyAccount, nonce });
  else store.account.remove(who);
}

/** Keeps an account of a pallet alive whatever it holds, so that no unit of an escrow is ever burned as dust. */
export function pin(ctx: Context, who: Uint8Array): void {
  const { store, events } = system.use(ctx);
  const info = store.account.get(who);
  store.account.put(who, { ...info, providers: info.providers + 1 });
  if (info.providers === 0) events.NewAccount({ account: who });
}

/** Moves free balance. Emits `Transfer`. */
export function transfer(ctx: Context, from: Uint8Array, to: Uint8Array, amount: bigint, existence: Existence): void {
  checkAmount(amount);
  const { events, errors } = state.use(ctx);
  const sender = system.use(ctx).store.account.get(from);
  ensure(sender.data.free >= amount, errors.InsufficientBalance);
  if (reducibleOf(sender, existence) < amount)
    fail(existence === 'keepAlive' ? errors.Expendability : errors.LiquidityRestrictions);
  if (!sameBytes(from, to)) {
    const receiver = system.use(ctx).store.account.get(to);
    ensure(receiver.providers > 0 || receiver.data.free + amount >= EXISTENTIAL_DEPOSIT, errors.ExistentialDeposit);
    change(ctx, from, -amount, 0n);
    change(ctx, to, amount, 0n);
  }
  events.Transfer({ from, to, amount });
}

/** Takes from the free balance and gives it to nobody yet: the caller deposits or burns it (fees). Emits `Withdraw`. */
export function withdraw(ctx: Context, who: Uint8Array, amount: bigint, existence: Existence): void {
  checkAmount(amount);
  ensure(reducible(ctx, who, existence) >= amount, state.use(ctx).errors.InsufficientBalance);
  change(ctx, who, -amount, 0n);
  state.use(ctx).events.Withdraw({ who, amount });
}

/** Gives what was withdrawn before. Emits `Deposit`. Fails where the account would stay below the existential deposit. */
export function deposit(ctx: Context, who: Uint8Array, amount: bigint): void {
  checkAmount(amount);
  change(ctx, who, amount, 0n);
  state.use(ctx).events.Deposit({ who, amount });
}

/** Issues new units to an account. Emits `Minted`. */
export function mint(ctx: Context, who: Uint8Array, amount: bigint): void {
  checkAmount(amount);
  ensure(totalIssuance(ctx) + amount <= MAX_AMOUNT, overflow);
  change(ctx, who, amount, 0n);
  issue(ctx, amount);
  state.use(ctx).events.Minted({ who, amount });
}

/** Destroys units of a free balance. Emits `Burned`. */
export function burn(ctx: Context, who: Uint8Array, amount: bigint, existence: Existence): void {
  checkAmount(amount);
  ensure(reducible(ctx, who, existence) >= amount, state.use(ctx).errors.InsufficientBalance);
  change(ctx, who, -amount, 0n);
  issue(ctx, -amount);
  state.use(ctx).events.Burned({ who, amount });
}

/** Burns what `withdraw` took and nobody got. */
export function burnWithdrawn(ctx: Context, amount: bigint): void {
  checkAmount(amount);
  issue(ctx, -amount);
}

/** Moves free balance to reserved: a deposit or bond. The account keeps the existential deposit free. Emits `Reserved`. */
export function reserve(ctx: Context, who: Uint8Array, amount: bigint): void {
  checkAmount(amount);
  if (amount === 0n) return;
  ensure(reducible(ctx, who, 'keepAlive') >= amount, state.use(ctx).errors.InsufficientBalance);
  change(ctx, who, -amount, amount);
  state.use(ctx).events.Reserved({ who, amount });
}

/** Gives reserved balance back to free, at most what is reserved; returns how much. Emits `Unreserved`. */
export function unreserve(ctx: Context, who: Uint8Array, amount: bigint): bigint {
  checkAmount(amount);
  const given = leastOf(amount, reservedOf(ctx, who));
  if (given === 0n) return 0n;
  change(ctx, who, given, -given);
  state.use(ctx).events.Unreserved({ who, amount: given });
  return given;
}

/** Burns reserved balance, at most what is reserved; returns how much. Emits `Slashed`. */
export function slashReserved(ctx: Context, who: Uint8Array, amount: bigint): bigint {
  checkAmount(amount);
  const burned = leastOf(amount, reservedOf(ctx, who));
  if (burned === 0n) return 0n;
  change(ctx, who, 0n, -burned);
  issue(ctx, -burned);
  state.use(ctx).events.Slashed({ who, amount: burned });
  return burned;
}

/** Moves reserved balance of one account to the free balance of another, at most what is reserved; returns how much. Emits `ReserveRepatriated`. */
export function repatriateReserved(ctx: Context, from: Uint8Array, to: Uint8Array, amount: bigint): bigint {
  checkAmount(amount);
  const moved = leastOf(amount, reservedOf(ctx, from));
  if (moved === 0n) return 0n;
  change(ctx, from, 0n, -moved);
  change(ctx, to, moved, 0n);
  state.use(ctx).events.ReserveRepatriated({ from, to, amount: moved });
  return moved;
}

/** Accounts of which something is reserved. Walks all accounts. */
export function* reservers(ctx: Context): Generator<Uint8Array> {
  for (const [[who], { data }] of system.use(ctx).store.account.entries()) if (data.reserved > 0n) yield who;
}

export function genesisBalances(
  ctx: Context,
  accounts: readonly (readonly [account: Uint8Array, amount: bigint])[],
): void {
  for (const [who, amount] of accounts) mint(ctx, who, amount);
}

/** Throws unless all accounts together hold exactly the issuance, plus `elsewhere` that a pallet is just carrying. */
export function checkIssuance(ctx: Context, elsewhere = 0n): void {
  let held = elsewhere;
  for (const [, { data }] of system.use(ctx).store.account.entries()) held += data.free + data.reserved;
  const issued = totalIssuance(ctx);
  if (held !== issued) {
    throw new TacitError('balances/not-conserved', `accounts hold ${held}, issued are ${issued}`, {
      parent: toHex(ctx.header.parentHash),
    });
  }
}
