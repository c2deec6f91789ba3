/** Terms of licences: stored on the chain once, and named by their hash. */
import type { KeyringPair } from '@polkadot/keyring/types';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { isTacitError } from '../../primitives/errors.ts';
import type { Chain } from './connect.ts';
import { calls, Terms } from './generated/chain.ts';
import { send } from './transact.ts';

/** All that terms can allow, as bits. */
const ALL_PURPOSES = 31;
const ALL_TIERS = 31;

/** Terms by which everyone may do for nothing what a written licence allows. @param spdx its SPDX expression */
export function openTerms(spdx: string): Terms {
  return {
    base: { tag: 'Spdx', value: spdx },
    purposes: ALL_PURPOSES,
    tiers: ALL_TIERS,
    seats: undefined,
    price: { tag: 'Free' },
    duration: undefined,
    uses: undefined,
    grace: 0,
    transferable: false,
    derivatives: { tag: 'Yes' },
    revenueShare: 0,
    revenueCeiling: undefined,
    restrictions: 0,
    territory: [],
    renewal: { tag: 'None' },
    approvers: [],
    approvals: 0,
  };
}

/** Stores terms, unless they stand already. @returns their hash, by which models and offers name them */
export async function storeTerms(chain: Chain, by: KeyringPair, terms: Terms): Promise<Uint8Array> {
  try {
    await send(chain, calls.licensing.storeTerms({ terms }), by);
  } catch (error) {
    if (!isTacitError(error) || error.details?.['error'] !== 'licensing.AlreadyStored') throw error;
  }
  return blake2b256(Terms.codec.enc(terms));
}
