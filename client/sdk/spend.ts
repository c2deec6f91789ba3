/** What the wallet's fresh accounts hold, and paying from them: one account at a time, for two that pay together are seen to be one wallet's. */
import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import type { Chain } from './connect.ts';
import { calls, constants, storage } from './generated/chain.ts';
import type { Wallet } from './keys.ts';
import { finalizedState } from './round.ts';
import { extrinsicOf, type Sent, send } from './transact.ts';

/** An account of the wallet that holds something. Amounts in units of 10^-6 TAC. */
export interface Purse {
  /** The round whose claim was paid to it; undefined for the account that contributes. */
  readonly round: number | undefined;
  readonly account: Uint8Array;
  readonly free: bigint;
  readonly reserved: bigint;
}

/**
 * The wallet's accounts that hold something. The balances of all accounts of the chain are read, so that the node does not learn which ones are one
 * wallet's.
 * @throws `light/too-many-keys` on a chain with more accounts than can be read so
 */
export async function purses(chain: Pick<Chain, 'light' | 'genesis'>, wallet: Wallet): Promise<Purse[]> {
  const state = await finalizedState(chain);
  const rounds = await state.get(storage.tally.nextRound);
  const entries = await state.entries(storage.system.account);
  const held = new Map(entries.map(([[account], { data }]) => [toHex(account), data]));
  const own: [number | undefined, Uint8Array][] = [[undefined, wallet.account.publicKey]];
  for (let round = 1; round < rounds; round++) own.push([round, wallet.freshAccount(chain.genesis, round).publicKey]);
  return own.flatMap(([round, account]) => {
    const data = held.get(toHex(account));
    return data ? [{ round, account, free: data.free, reserved: data.reserved }] : [];
  });
}

/** What a payment leaves of an account. */
export type Payment = { readonly amount: bigint } | 'all';

/**
 * Pays from the fresh account of one round. `'all'` empties the account.
 * @throws `sdk/too-little` with the numbers, and what `send` throws
 */
export async function payFrom(
  chain: Chain,
  wallet: Wallet,
  purse: Purse,
  destination: Uint8Array,
  payment: Payment,
): Promise<Sent> {
  const signer = purse.round === undefined ? wallet.account : wallet.freshAccount(chain.genesis, purse.round);
  const dest = { tag: 'Id' as const, value: destination };
  const call =
    payment === 'all'
      ? calls.balances.transferAll({ dest, keepAlive: false })
      : calls.balances.transferAllowDeath({ dest, value: payment.amount });
  const { partialFee } = await extrinsicOf(chain, call).paymentInfo(signer.address);
  const [fee, least] = [partialFee.toBigInt(), constants.balances.existentialDeposit];
  const needed = (payment === 'all' ? least : payment.amount) + fee;
  if (purse.free < needed)
    throw new TacitError(
      'sdk/too-little',
      `the account holds ${purse.free} units; this takes ${needed}, of it ${fee} as fee`,
      {
        free: `${purse.free}`,
        needed: `${needed}`,
      },
    );
  return send(chain, call, signer, { until: 'finalized' });
}

/** The smallest purse that holds an amount alone: whoever pays with the largest shows the most. */
export function purseFor(all: readonly Purse[], amount: bigint): Purse | undefined {
  const enough = all.filter(({ round, free }) => round !== undefined && free >= amount);
  return enough.toSorted((a, b) => (a.free < b.free ? -1 : 1))[0];
}
