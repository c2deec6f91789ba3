/** The side of a data owner: register content by its digests, and put it under terms. The content stays where it is. */
import type { KeyringPair } from '@polkadot/keyring/types';
import { sha256 } from '@noble/hashes/sha2.js';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import type { Chain } from './connect.ts';
import { calls } from './generated/chain.ts';
import { wholeNumber } from './model.ts';
import { eventField, send } from './transact.ts';

type NewData = Parameters<typeof calls.registry.registerData>[0];

/** Both digests by which content is registered. Compare them with a registration before you train on it. */
export function digestsOf(content: Uint8Array): Pick<NewData, 'sha256' | 'blake2b256'> {
  return { sha256: sha256(content), blake2b256: blake2b256(content) };
}

export interface DataOptions {
  /** What everyone may know of it; it can be withdrawn. */
  readonly disclosure?: NewData['disclosure'];
  /** Lets portfolios license it for training under their terms, for its weight of what they earn. */
  readonly collective?: boolean;
  /** Hash of the stored terms that it is under for everyone; without it nothing is allowed to anyone. */
  readonly terms?: Uint8Array;
}

/** Registers content; returns its number. */
export async function registerData(
  chain: Chain,
  owner: KeyringPair,
  content: Uint8Array,
  { disclosure, collective = false, terms }: DataOptions = {},
): Promise<number> {
  const data = { ...digestsOf(content), digests: [], disclosure, optedOut: false, collective };
  const sent = await send(chain, calls.registry.registerData(data), owner);
  const id = wholeNumber(eventField(sent, 'registry', 'DataRegistered', 'id'));
  const asset = { tag: 'Data' as const, value: BigInt(id) };
  if (terms !== undefined) await send(chain, calls.licensing.setTerms({ asset, terms }), owner);
  return id;
}
