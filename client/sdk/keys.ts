/**
 * All keys of a wallet come from one 32-byte seed: the account that contributes, the secrets of its enrolments, and the fresh accounts
 * that its claims are paid to. Who has the seed has everything; nothing else needs to be kept.
 */
import { Keyring } from '@polkadot/keyring';
import type { KeyringPair } from '@polkadot/keyring/types';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { SS58_PREFIX } from '../../primitives/crypto/ss58.ts';
import { TacitError } from '../../primitives/errors.ts';

export interface Wallet {
  /** The account that enrols and contributes; its name is public. */
  readonly account: KeyringPair;
  /** 32 bytes for primitives/proofs/enrolment.ts: reads and claims the wallet's notes. */
  readonly noteSeed: Uint8Array;
  /**
   * The fresh account that the claim of a note is paid to; holds nothing before. A note is claimed once, so that each claim has an account of its own, and
   * whoever finds the note again has its tag and so the account.
   * @param tag of the note, 32 bytes
   */
  freshAccount(genesis: Uint8Array, tag: Uint8Array): KeyringPair;
}

/** The wallet of a 32-byte seed. */
export function walletOf(seed: Uint8Array): Wallet {
  if (seed.length !== 32) throw new TacitError('sdk/wallet-seed', 'a wallet seed has 32 bytes');
  const pair = (purpose: string, ...parts: Uint8Array[]): KeyringPair =>
    new Keyring({ type: 'sr25519', ss58Format: SS58_PREFIX }).addFromSeed(
      hash32Of(`tacit/wallet-${purpose}/1`, seed, ...parts),
    );
  return {
    account: pair('account'),
    noteSeed: hash32Of('tacit/wallet-notes/1', seed),
    freshAccount: (genesis, tag) => pair('fresh', genesis, tag),
  };
}

/** The well-known account of a derivation path such as `//Alice`, for test chains. Throws `sdk/bad-key` for anything else. */
export function devAccount(path: string): KeyringPair {
  if (!/^\/\/[A-Za-z0-9]+$/.test(path))
    throw new TacitError('sdk/bad-key', 'a development key reads //Name, for example //Alice', { path });
  return new Keyring({ type: 'sr25519', ss58Format: SS58_PREFIX }).addFromUri(path);
}
