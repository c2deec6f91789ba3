/** What the wallet's fresh accounts hold, and paying from them: one account at a time, for two that pay together are seen to be one wallet's. */
import type { KeyringPair } from '@polkadot/keyring/types';
import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import type { Chain } from './connect.ts';
import { calls, constants, storage } from './generated/chain.ts';
import type { Wallet } from './keys.ts';
import { nameOf } from './notes/follow.ts';
import type { OwnNote } from './notes/types.ts';
import { finalizedState } from './round.ts';
import { extrinsicOf, type Sent, send } from './transact.ts';

/** An account of the wallet that holds something. Amounts in units of 10^-6 TAC. */
export interface Purse {
  /** The note whose claim was paid to it, by name; undefined for the account that contributes. */
  readonly note: string | undefined;
  /** Signs for it. */
  readonly pair: KeyringPair;
  readonly account: Uint8Array;
  readonly free: bigint;
  readonly reserved: bigint;
}

/**
 * The wallet's accounts that hold something: the one that contributes, and the fresh ones of its notes. The balances of all accounts of the chain are read, so
 * that the node does not learn which ones are one wallet's.
 * @param notes all that a scan has found, those that are spent included
 * @throws `light/too-many-keys` on a chain with more accounts than can be read so
 */
export async function purses(
  chain: Pick<Chain, 'light' | 'genesis'>,
  wallet: Wallet,
  notes: readonly OwnNote[],
): Promise<Purse[]> {
  const state = await finalizedState(chain);
  const entries = await state.entries(storage.system.account);
  const held = new Map(entries.map(([[account], { data }]) => [toHex(account), data]));
  const purse = (note: string | undefined, pair: KeyringPair): Purse[] => {
    const { publicKey: account } = pair;
    const data = held.get(toHex(account));
    return data ? [{ note, pair, account, free: data.free, reserved: data.reserved }] : [];
  };
  // only now: nothing that takes time lies between requests
  const fresh = notes.flatMap((note) => purse(nameOf(note), wallet.freshAccount(chain.genesis, note.tag)));
  return [...purse(undefined, wallet.account), ...fresh];
}

/** What a payment leaves of an account. */
export type Payment = { readonly amount: bigint } | 'all';

/**
 * Pays from one account of the wallet. `'all'` empties it.
 * @throws `sdk/too-little` with the numbers, and what `send` throws
 */
export async function payFrom(chain: Chain, purse: Purse, destination: Uint8Array, payment: Payment): Promise<Sent> {
  const dest = { tag: 'Id' as const, value: destination };
  const call =
    payment === 'all'
      ? calls.balances.transferAll({ dest, keepAlive: false })
      : calls.balances.transferAllowDeath({ dest, value: payment.amount });
  const { partialFee } = await extrinsicOf(chain, call).paymentInfo(purse.pair.address);
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
  return send(chain, call, purse.pair, { until: 'finalized' });
}

/** The smallest purse that holds an amount alone: whoever pays with the largest shows the most. */
export function purseFor(all: readonly Purse[], amount: bigint): Purse | undefined {
  const enough = all.filter(({ note, free }) => note !== undefined && free >= amount);
  return enough.toSorted((a, b) => (a.free < b.free ? -1 : 1))[0];
}
