/** Encryption of the vault at rest: ChaCha20-Poly1305 with a fresh nonce per write, the version authenticated. */
import { randomBytes } from 'node:crypto';
import { chacha20poly1305 } from '@noble/ciphers/chacha.js';
import { concatBytes, utf8 } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';
import type { Sealer } from './vault.ts';

const LABEL = utf8('tacit/vault/1');
const NONCE_BYTES = 12;

/** @param key 32 bytes, derived from the node's key file */
export function vaultSealer(key: Uint8Array): Sealer {
  return {
    seal(plain) {
      const nonce = randomBytes(NONCE_BYTES);
      return concatBytes(LABEL, nonce, chacha20poly1305(key, nonce, LABEL).encrypt(plain));
    },
    open(sealed) {
      const head = LABEL.length + NONCE_BYTES;
      try {
        const nonce = sealed.subarray(LABEL.length, head);
        return chacha20poly1305(key, nonce, LABEL).decrypt(sealed.subarray(head));
      } catch {
        throw new TacitError(
          'committee/vault-locked',
          'the file of tally keys does not open with this validator’s key: it was damaged, or belongs to another key',
        );
      }
    },
  };
}
