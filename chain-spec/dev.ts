import { Keyring } from '@polkadot/keyring';
import { toHex } from '../primitives/crypto/hex.ts';
import { toAddress } from '../primitives/crypto/ss58.ts';
import { TacitError } from '../primitives/errors.ts';

/** Names of the well-known development accounts; anybody has their keys. */
export const devNames = ['Alice', 'Bob', 'Charlie', 'Dave', 'Eve', 'Ferdie', 'Grace', 'Heidi', 'Ivan', 'Judy'] as const;

/** The derivation paths of a development validator's keys below the well-known seed phrase. */
export interface DevPaths {
  /** sr25519. */
  readonly account: string;
  /** sr25519, the account's own key, as development chains of Substrate have it. */
  readonly aura: string;
  /** ed25519. */
  readonly grandpa: string;
  /** sr25519. */
  readonly committee: string;
}

/** @param uri `//Alice` or another path below the development phrase. */
export function devPaths(uri: string): DevPaths {
  if (!/^(\/\/[A-Za-z0-9]{1,32})+$/.test(uri))
    throw new TacitError('chain-spec/bad-dev-key', `${uri} is no path like //Alice`);
  return { account: uri, aura: uri, grandpa: uri, committee: `${uri}//committee` };
}

export interface DevValidator {
  readonly account: string;
  readonly keys: { readonly aura: string; readonly grandpa: string; readonly committee: string };
}
const derived = new Map<string, DevValidator>();

/** A development validator's public keys: address, and `0x` hexadecimal session keys. */
export function devValidator(uri: string): DevValidator {
  // Derivation takes milliseconds, and specifications are built again and again.
  const known = derived.get(uri);
  if (known) return known;
  const paths = devPaths(uri);
  const sr25519 = new Keyring({ type: 'sr25519' });
  const ed25519 = new Keyring({ type: 'ed25519' });
  const validator: DevValidator = {
    account: toAddress(sr25519.createFromUri(paths.account).publicKey),
    keys: {
      aura: toHex(sr25519.createFromUri(paths.aura).publicKey),
      grandpa: toHex(ed25519.createFromUri(paths.grandpa).publicKey),
      committee: toHex(sr25519.createFromUri(paths.committee).publicKey),
    },
  };
  derived.set(uri, validator);
  return validator;
}
