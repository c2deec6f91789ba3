/** Addresses of accounts: SS58 with prefix 42. */
import { decodeAddress, encodeAddress } from '@polkadot/util-crypto';
import { TacitError } from '../errors.ts';

export const SS58_PREFIX = 42;
/** Longer texts are no addresses; reading a text of base 58 takes time by the square of its length. */
const MAX_ADDRESS = 64;

/** The address of a 32-byte account id. */
export function toAddress(account: Uint8Array): string {
  if (account.length !== 32) throw new TacitError('crypto/account-length', 'an account id has 32 bytes');
  return encodeAddress(account, SS58_PREFIX);
}

/** The account id of an address of this chain. Throws `crypto/bad-address` for a wrong checksum, prefix or length. */
export function fromAddress(address: string): Uint8Array {
  if (address.length > MAX_ADDRESS)
    throw new TacitError('crypto/bad-address', `an address has at most ${MAX_ADDRESS} characters`);
  let account: Uint8Array;
  try {
    // polkadot.js would also take hexadecimal texts, which carry no checksum.
    if (/^0x/i.test(address)) throw new TypeError('hexadecimal');
    account = decodeAddress(address, false, SS58_PREFIX);
  } catch {
    throw new TacitError('crypto/bad-address', 'not an address of this chain');
  }
  if (account.length !== 32) throw new TacitError('crypto/bad-address', 'not the address of a 32-byte account');
  return account;
}
