/** One step of what an asset has earned on its way to people. */
import type { KeyringPair } from '@polkadot/keyring/types';
import { isTacitError } from '../../primitives/errors.ts';
import { tac } from '../demo/report.ts';
import type { Chain } from '../sdk/connect.ts';
import { type Asset, calls, storage } from '../sdk/generated/chain.ts';
import { finalizedState } from '../sdk/round.ts';
import { send } from '../sdk/transact.ts';

/** Has divided what an asset has earned; anyone may. Says what came of it. */
export async function divide(chain: Chain, by: KeyringPair, asset: Asset): Promise<void> {
  const { amount } = await (await finalizedState(chain)).get(storage.ownership.earnings, asset);
  const name = `$${asset.tag} ${asset.value}`;
  if (amount === 0n) {
    console.log(`${name} has earned nothing that is not divided`);
    return;
  }
  try {
    await send(chain, calls.royalty.distribute({ asset }), by, { until: 'finalized' });
    console.log(`${name} had earned ${tac(amount)} TAC: divided among those it is due to`);
  } catch (error) {
    if (!isTacitError(error) || error.details['error'] !== 'royalty.TooLittle') throw error;
    console.log(`${name} has earned ${tac(amount)} TAC: less than is divided at once, so it waits`);
  }
}
