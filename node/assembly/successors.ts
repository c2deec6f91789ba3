import { toHex } from '../../primitives/crypto/hex.ts';
import type { KeyPair } from '../../primitives/crypto/signature.ts';
import { isTacitError } from '../../primitives/errors.ts';
import type { ValidatorKeys } from '../keys.ts';
import type { KeyKind } from '../session-keys.ts';
import type { NodeConfig } from './types.ts';

const KINDS = ['aura', 'grandpa', 'committee'] as const;
/** Said of a key that another process of this machine signs with. */
const REMEDY =
  'Stop the other process, or remove the file of the key from session-keys of one of the two; then start that one again';
const REFUSED = 'a key that this node holds has come into force, and this node must not sign with it';

/**
 * Tells of keys that have come into force since the start, and takes them for the next one. Keys in use stay in use until then: a vote and its record belong to
 * one key.
 */
export class Successors {
  readonly #config: Pick<NodeConfig, 'claims' | 'log'>;
  readonly #known: Set<string>;
  readonly #refused = new Set<string>();

  /** @param chosen the keys that sign now */
  constructor(config: Pick<NodeConfig, 'claims' | 'log'>, chosen: ValidatorKeys) {
    this.#config = config;
    this.#known = new Set(KINDS.map((kind) => toHex(chosen[kind].publicKey)));
  }

  /** Takes the keys that the next start would sign with. One that another process has is told once, and tried again at every look. */
  async look(now: ValidatorKeys): Promise<void> {
    for (const kind of KINDS) {
      const key = toHex(now[kind].publicKey);
      if (!this.#known.has(key)) await this.#announce(kind, key, now[kind]);
    }
  }

  async #announce(kind: KeyKind, key: string, pair: KeyPair): Promise<void> {
    const { claims, log } = this.#config;
    try {
      await claims.take({ [kind]: pair });
    } catch (error) {
      if (!isTacitError(error, 'cli/key-in-use')) throw error;
      if (!this.#refused.has(key))
        log.warn({ ...error.details, code: error.code, do: REMEDY }, `${REFUSED}: ${error.message}`);
      this.#refused.add(key);
      return;
    }
    this.#known.add(key);
    log.warn({ kind, key }, 'a key that this node holds has come into force: start the node again to sign with it');
  }
}
