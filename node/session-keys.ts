/**
 * Keys that a validator made or was given while it ran. Each stands in a file of its own (0600), sealed under the keys of the key file; which of them sign is
 * decided when the node starts, by what is in force on the chain.
 */
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  keyExtractSuri,
  keyFromPath,
  mnemonicToMiniSecret,
  mnemonicValidate,
  sr25519PairFromSeed,
} from '@polkadot/util-crypto';
import { ed25519PairFromSeed } from '@polkadot/util-crypto';
import { sameBytes } from '../primitives/crypto/bytes.ts';
import { fromHex, toHex } from '../primitives/crypto/hex.ts';
import {
  ed25519FromSeed,
  ed25519Sign,
  type KeyPair,
  sr25519FromSeed,
  sr25519Sign,
} from '../primitives/crypto/signature.ts';
import { TacitError } from '../primitives/errors.ts';
import { createFile } from './base/durable-file.ts';
import { sealerOf, type ValidatorKeys } from './keys.ts';

export type KeyKind = keyof ValidatorKeys;
/** Key types as Substrate names them, of four characters. */
export const KEY_TYPES: Readonly<Record<string, KeyKind>> = { aura: 'aura', gran: 'grandpa', comm: 'committee' };
const KINDS: readonly KeyKind[] = ['aura', 'grandpa', 'committee'];
const SCHEME = { aura: 'sr25519', grandpa: 'ed25519', committee: 'sr25519' } as const;
/** A validator needs three at a time. */
const MAX_KEYS = 300;

const failure = (code: string, message: string): TacitError => new TacitError(`keys/${code}`, message);

/** The public keys that the chain takes for each duty now. */
export type InForce = Readonly<Record<KeyKind, readonly Uint8Array[]>>;

function pairOf(kind: KeyKind, secret: Uint8Array): KeyPair {
  if (SCHEME[kind] === 'ed25519') return ed25519FromSeed(secret);
  return { secretKey: secret.slice(0, 64), publicKey: secret.slice(64) };
}

const secretOf = (kind: KeyKind, { publicKey, secretKey }: KeyPair): Uint8Array =>
  SCHEME[kind] === 'ed25519' ? secretKey : Uint8Array.from([...secretKey, ...publicKey]);

/** The key of a phrase or a seed in hexadecimal, with a path, as wallets write it. */
function pairFromUri(kind: KeyKind, uri: string): KeyPair {
  let parts: ReturnType<typeof keyExtractSuri>;
  try {
    parts = keyExtractSuri(uri);
  } catch {
    throw failure(
      'bad-uri',
      'the secret is neither a phrase nor a seed of 32 bytes in hexadecimal, with or without a path',
    );
  }
  const { phrase, password, path } = parts;
  const isSeed = /^0x[0-9a-f]{64}$/i.test(phrase);
  if (!isSeed && !mnemonicValidate(phrase))
    throw failure('bad-uri', 'the secret is no phrase, or a word of it is wrong');
  const seed = isSeed ? fromHex(phrase) : mnemonicToMiniSecret(phrase, password);
  const scheme = SCHEME[kind];
  const root = scheme === 'sr25519' ? sr25519PairFromSeed(seed) : ed25519PairFromSeed(seed);
  // A public key alone leads to those of soft paths: ed25519 knows no such thing.
  if (scheme === 'ed25519' && path.some(({ isSoft }) => isSoft))
    throw failure('bad-uri', 'a key of this kind has hard derivations only: // before each, not /');
  const { publicKey, secretKey } = keyFromPath(root, path, scheme);
  // The first half of an ed25519 secret is its seed.
  return scheme === 'ed25519' ? ed25519FromSeed(secretKey.slice(0, 32)) : { publicKey, secretKey };
}

export class SessionKeyring {
  readonly #directory: string;
  readonly #own: ValidatorKeys;
  readonly #sealer: ReturnType<typeof sealerOf>;
  readonly #held = new Map<string, KeyPair>();

  /** @param own the keys of the key file; they seal the others. */
  constructor(directory: string, own: ValidatorKeys) {
    this.#directory = directory;
    this.#own = own;
    this.#sealer = sealerOf(own);
    for (const kind of KINDS) this.#held.set(nameOf(kind, own[kind].publicKey), own[kind]);
    if (!existsSync(directory)) return;
    for (const name of readdirSync(directory)) {
      const kind = KINDS.find((each) => name.startsWith(`${each}-`));
      if (kind === undefined || !/-[0-9a-f]{64}$/.test(name)) continue;
      const pair = pairOf(kind, this.#sealer.open(readFileSync(join(directory, name))));
      if (nameOf(kind, pair.publicKey) !== name)
        throw failure('bad-file', `${join(directory, name)} holds another key`);
      this.#held.set(name, pair);
    }
  }

  has(kind: KeyKind, publicKey: Uint8Array): boolean {
    return this.#held.has(nameOf(kind, publicKey));
  }

  /** Makes a key for every duty and keeps them; gives the public halves. They sign when they are in force and the node has been started again. */
  rotate(): Readonly<Record<KeyKind, Uint8Array>> {
    const made = {
      aura: sr25519FromSeed(randomBytes(32)),
      grandpa: ed25519FromSeed(randomBytes(32)),
      committee: sr25519FromSeed(randomBytes(32)),
    };
    for (const kind of KINDS) this.#keep(kind, made[kind]);
    return { aura: made.aura.publicKey, grandpa: made.grandpa.publicKey, committee: made.committee.publicKey };
  }

  /** Errors: `keys/bad-uri`, `keys/other-key` if the secret is not that of `publicKey`. */
  insert(kind: KeyKind, uri: string, publicKey: Uint8Array): void {
    const pair = pairFromUri(kind, uri);
    if (!sameBytes(pair.publicKey, publicKey)) throw failure('other-key', 'the secret is not that of the public key');
    this.#keep(kind, pair);
  }

  /** What the three keys say to `text`: the proof that `session.setKeys` wants. Undefined if one of them is not held. */
  prove(keys: Readonly<Record<KeyKind, Uint8Array>>, text: Uint8Array): Uint8Array | undefined {
    const signatures: Uint8Array[] = [];
    for (const kind of KINDS) {
      const pair = this.#held.get(nameOf(kind, keys[kind]));
      if (pair === undefined) return undefined;
      signatures.push(SCHEME[kind] === 'ed25519' ? ed25519Sign(pair, text) : sr25519Sign(pair, text));
    }
    return Buffer.concat(signatures);
  }

  /** For each duty the key that is held and in force; that of the key file where none is. */
  chosen(inForce: InForce): ValidatorKeys {
    const choose = (kind: KeyKind): KeyPair => {
      if (inForce[kind].some((key) => sameBytes(key, this.#own[kind].publicKey))) return this.#own[kind];
      const found = inForce[kind].map((key) => this.#held.get(nameOf(kind, key))).find((pair) => pair !== undefined);
      return found ?? this.#own[kind];
    };
    return { aura: choose('aura'), grandpa: choose('grandpa'), committee: choose('committee') };
  }

  #keep(kind: KeyKind, pair: KeyPair): void {
    const name = nameOf(kind, pair.publicKey);
    if (this.#held.has(name)) return;
    if (this.#held.size >= MAX_KEYS)
      throw failure('too-many', `${MAX_KEYS} keys are held already; remove files of ${this.#directory}`);
    mkdirSync(this.#directory, { recursive: true, mode: 0o700 });
    createFile(join(this.#directory, name), this.#sealer.seal(secretOf(kind, pair)));
    this.#held.set(name, pair);
  }
}

function nameOf(kind: KeyKind, publicKey: Uint8Array): string {
  return `${kind}-${toHex(publicKey).slice(2)}`;
}
