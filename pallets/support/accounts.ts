import { utf8 } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';
import { cannotLookup, fail } from './errors.ts';
import type { MultiAddress } from './types.ts';

/** The account an address names; only account ids are known on this chain. */
export function lookup(address: MultiAddress): Uint8Array {
  return address.tag === 'Id' ? address.value : fail(cannotLookup);
}

/** An account that no key opens: `modl`, eight characters naming its pallet, a number for what it belongs to (u64 LE), zeros. */
export function palletAccount(label: string, number = 0n): Uint8Array {
  const name = utf8(label);
  if (name.length !== 8) throw new TacitError('support/bad-label', `${label} has not eight characters`);
  const account = new Uint8Array(32);
  account.set(utf8('modl'), 0);
  account.set(name, 4);
  new DataView(account.buffer).setBigUint64(12, number, true);
  return account;
}

/** What the chain itself owns: governance spends it, and pallets pay into it. No key opens it. */
export const TREASURY: Uint8Array = palletAccount('tacittre');
