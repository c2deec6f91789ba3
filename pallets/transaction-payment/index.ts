import { field, newtype, u8, u128 } from '../../primitives/scale/index.ts';
import { author } from '../aura/index.ts';
import { burnWithdrawn, checkIssuance, deposit, EXISTENTIAL_DEPOSIT, freeOf, withdraw } from '../balances/index.ts';
import {
  accountId,
  balance,
  type CallInfo,
  constant,
  type Context,
  definePallet,
  event,
  value,
} from '../support/index.ts';
import { BASE_EXTRINSIC_WEIGHT } from '../system/index.ts';

/** Units of 10^-6 TAC per byte: 1 MiB costs 3.1 TAC. */
const LENGTH_FEE = 3n;
/** Picoseconds of work for one unit: a second of work costs 1 TAC. */
const WEIGHT_PER_UNIT = 1_000_000n;

/** What executing `weight` picoseconds costs, in units. */
export function weightToFee(weight: bigint): bigint {
  return weight / WEIGHT_PER_UNIT;
}

/** What `length` bytes in a block cost, in units. */
export function lengthToFee(length: number): bigint {
  return BigInt(length) * LENGTH_FEE;
}

export interface Fee {
  base: bigint;
  length: bigint;
  weight: bigint;
}
/** The fee of a signed extrinsic by its length in bytes and its call, or undefined if the call pays none. */
export function feeOf(length: number, info: CallInfo): Fee | undefined {
  if (!info.paysFee) return undefined;
  return { base: weightToFee(BASE_EXTRINSIC_WEIGHT), length: lengthToFee(length), weight: weightToFee(info.weight) };
}

export function totalFee(fee: Fee | undefined): bigint {
  return fee === undefined ? 0n : fee.base + fee.length + fee.weight;
}

/** Fees by length and weight. They go to the block's author when the block ends. */
export const transactionPayment = definePallet({
  name: 'TransactionPayment',
  index: 4,
  docs: 'Fees by length and weight; they go to the author of the block.',
  storage: {
    nextFeeMultiplier: value(newtype('sp_arithmetic::fixed_point::FixedU128', u128), {
      default: 10n ** 18n,
      docs: 'Always one: fees do not follow the load.',
    }),
    collected: value(balance, { docs: 'Fees of this block so far, on their way to its author.' }),
  },
  events: {
    TransactionFeePaid: event('A signer paid for an extrinsic.', {
      who: field(accountId, 'The signer.'),
      actualFee: field(balance, 'All it paid, the tip included.'),
      tip: field(balance, 'What of it is the tip.'),
    }),
  },
  constants: {
    OperationalFeeMultiplier: constant(u8, 1, 'Operational calls have no other fees.'),
    LengthFee: constant(balance, LENGTH_FEE, 'Units per byte.'),
  },
  onFinalize({ ctx, store }) {
    const fees = store.collected.get();
    if (fees === undefined) return;
    store.collected.remove();
    const to = author(ctx);
    if (to !== undefined && freeOf(ctx, to) + fees >= EXISTENTIAL_DEPOSIT) deposit(ctx, to, fees);
    else burnWithdrawn(ctx, fees);
  },
  /** Accounts and the fees on their way hold exactly what was issued. */
  tryState({ ctx, store }) {
    checkIssuance(ctx, store.collected.get());
  },
});

/** Takes the fee and the tip of `who`, which stays alive; fails if it cannot pay. */
export function charge(ctx: Context, who: Uint8Array, amount: bigint): void {
  if (amount === 0n) return;
  withdraw(ctx, who, amount, 'keepAlive');
  transactionPayment.use(ctx).store.collected.mutate((before) => (before ?? 0n) + amount);
}

/** Tells what `who` paid: emitted after the call, where clients look for it. */
export function emitPaid(ctx: Context, who: Uint8Array, fee: bigint, tip: bigint): void {
  transactionPayment.use(ctx).events.TransactionFeePaid({ who, actualFee: fee + tip, tip });
}

/** Fees that were taken in this block and not yet given to its author. */
export function collected(ctx: Context): bigint {
  return transactionPayment.use(ctx).store.collected.get() ?? 0n;
}
