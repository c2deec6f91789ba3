/** Prices of places, and what becomes of deposits. */
import { repatriateReserved, unreserve } from '../balances/index.ts';
import { type Context, TREASURY } from '../support/index.ts';

/** Places that cost the same. */
const STEP = 4;

/** What a place costs if so many are taken: twice as much after each four, so that nobody takes all of them at the price of one. */
export function priceOfPlace(base: bigint, taken: number): bigint {
  return base << BigInt(Math.floor(taken / STEP));
}

/** Ends a deposit: `lost` of it goes to the treasury, the rest back. */
export function settle(ctx: Context, who: Uint8Array, deposit: bigint, lost: bigint): void {
  repatriateReserved(ctx, who, TREASURY, lost);
  unreserve(ctx, who, deposit - lost);
}
