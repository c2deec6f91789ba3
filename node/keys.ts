import { existsSync, readFileSync, statSync } from 'node:fs';
import { randomBytes, scryptSync } from 'node:crypto';
import {
  cryptoWaitReady,
  ed25519PairFromSeed,
  keyExtractPath,
  keyFromPath,
  mnemonicToMiniSecret,
  sr25519PairFromSeed,
} from '@polkadot/util-crypto';
import { DEV_PHRASE } from '@polkadot/keyring';
import { z } from 'zod';
import { devPaths } from '../chain-spec/index.ts';
import { openOnce, sealOnce } from '../primitives/crypto/aead.ts';
import { concatBytes, utf8 } from '../primitives/crypto/bytes.ts';
import { hash32Of } from '../primitives/crypto/hash.ts';
import { fromHex, toHex } from '../primitives/crypto/hex.ts';
import { ed25519FromSeed, type KeyPair, sr25519FromSeed } from '../primitives/crypto/signature.ts';
import { isTacitError, TacitError } from '../primitives/errors.ts';
import { createFile } from './base/durable-file.ts';

/** What a validator signs with. None of it ever leaves the process. */
export interface ValidatorKeys {
  /** sr25519: blocks. */
  readonly aura: KeyPair;
  /** ed25519: finality votes. */
  readonly grandpa: KeyPair;
  /** sr25519: posts of the committee. */
  readonly committee: KeyPair;
}

/** The public halves, in hexadecimal, as a chain specification and `session.setKeys` want them. */
export interface PublicKeys {
  readonly aura: string;
  readonly grandpa: string;
  readonly committee: string;
}

const SEED = 32;
const SALT = 16;
/** scrypt at about 0.1 s and 32 MiB. */
const SCRYPT = { N: 1 << 15, r: 8, p: 1 } as const;
const ASSOCIATED = utf8('tacit/key-file/1');
/** Longer files are not key files. */
const MAX_FILE = 8192;

const hexText = z.string().regex(/^0x(?:[0-9a-f]{2})+$/);
const fileSchema = z.strictObject({
  version: z.literal(1),
  public: z.strictObject({ aura: hexText, grandpa: hexText, committee: hexText }),
  kdf: z.strictObject({
    name: z.literal('scrypt'),
    N: z.literal(SCRYPT.N),
    r: z.literal(SCRYPT.r),
    p: z.literal(SCRYPT.p),
    salt: hexText.length(2 + 2 * SALT),
  }),
  cipher: z.literal('chacha20-poly1305'),
  sealed: hexText,
});

const failure = (code: string, message: string): TacitError => new TacitError(`keys/${code}`, message);

export function publicKeysOf(keys: ValidatorKeys): PublicKeys {
  return {
    aura: toHex(keys.aura.publicKey),
    grandpa: toHex(keys.grandpa.publicKey),
    committee: toHex(keys.committee.publicKey),
  };
}

function keysOf(seeds: Uint8Array): ValidatorKeys {
  return {
    aura: sr25519FromSeed(seeds.slice(0, SEED)),
    grandpa: ed25519FromSeed(seeds.slice(SEED, 2 * SEED)),
    committee: sr25519FromSeed(seeds.slice(2 * SEED)),
  };
}

const stretch = (passphrase: string, salt: Uint8Array): Uint8Array =>
  scryptSync(passphrase.normalize('NFKC'), salt, 32, { ...SCRYPT, maxmem: 64 << 20 });

/** Makes new keys and their file (0600). `keys/exists` rather than overwrite anything. */
export function createKeyFile(path: string, passphrase: string): PublicKeys {
  if (existsSync(path)) throw failure('exists', `${path} is there already; keys are never overwritten`);
  if (passphrase.length === 0) throw failure('no-passphrase', 'an empty passphrase protects nothing');
  const seeds = randomBytes(3 * SEED);
  const keys = publicKeysOf(keysOf(seeds));
  const salt = randomBytes(SALT);
  // A fresh salt makes a fresh key, so that one nonce is enough.
  const sealed = sealOnce(stretch(passphrase, salt), seeds, ASSOCIATED);
  const file: z.infer<typeof fileSchema> = {
    version: 1,
    public: keys,
    kdf: { name: 'scrypt', ...SCRYPT, salt: toHex(salt) },
    cipher: 'chacha20-poly1305',
    sealed: toHex(sealed),
  };
  createFile(path, `${JSON.stringify(file, null, 2)}\n`);
  return keys;
}

/** `keys/permissions` if others than the owner may read or write a file that holds secrets. */
function readPrivate(path: string): string {
  if (!existsSync(path)) throw failure('no-file', `there is no file ${path}`);
  const { mode, size } = statSync(path);
  if (process.platform !== 'win32' && mode & 0o077) {
    throw failure('permissions', `${path} is open to other users; chmod 600 it`);
  }
  if (size > MAX_FILE) throw failure('bad-file', `${path} is too long`);
  return readFileSync(path, 'utf8');
}

/** From the variable TACIT_PASSPHRASE, else from `<key file>.passphrase` (0600) beside the key file. */
export function passphraseFor(path: string, env: NodeJS.ProcessEnv): string {
  const { TACIT_PASSPHRASE: given } = env;
  if (given !== undefined && given.length > 0) return given;
  const beside = `${path}.passphrase`;
  if (existsSync(beside)) return readPrivate(beside).trimEnd();
  throw failure('no-passphrase', `set TACIT_PASSPHRASE, or put the passphrase in ${beside} (mode 600)`);
}

export function loadKeyFile(path: string, passphrase: string): ValidatorKeys {
  const text = readPrivate(path);
  let parsed: ReturnType<typeof fileSchema.safeParse>;
  try {
    parsed = fileSchema.safeParse(JSON.parse(text));
  } catch {
    throw failure('bad-file', `${path} is not JSON`);
  }
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw failure('bad-file', `${path} is no key file: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`);
  }
  const { kdf, sealed, public: expected } = parsed.data;
  const seeds = openOnce(stretch(passphrase, fromHex(kdf.salt)), fromHex(sealed), ASSOCIATED);
  if (!seeds) throw failure('wrong-passphrase', `the passphrase does not open ${path}, or the file was damaged`);
  if (seeds.length !== 3 * SEED) throw failure('bad-file', `${path} holds no keys`);
  const keys = keysOf(seeds);
  if (JSON.stringify(publicKeysOf(keys)) !== JSON.stringify(expected)) {
    throw failure('bad-file', `the public keys in ${path} are not those of its secrets`);
  }
  return keys;
}

/** Keys of a development validator, such as `//Alice`: anybody has them. */
export async function devKeys(uri: string): Promise<ValidatorKeys> {
  await cryptoWaitReady();
  const paths = devPaths(uri);
  const root = mnemonicToMiniSecret(DEV_PHRASE);
  const sr25519 = (path: string): KeyPair => {
    const { publicKey, secretKey } = keyFromPath(sr25519PairFromSeed(root), keyExtractPath(path).path, 'sr25519');
    return { publicKey, secretKey };
  };
  // The first half of such a secret is the seed.
  const { secretKey } = keyFromPath(ed25519PairFromSeed(root), keyExtractPath(paths.grandpa).path, 'ed25519');
  const grandpa = ed25519FromSeed(secretKey.slice(0, SEED));
  return { aura: sr25519(paths.aura), grandpa, committee: sr25519(paths.committee) };
}

/** Encrypts a validator's other secrets at rest, under a key that comes from the key file. */
export function sealerOf(keys: Pick<ValidatorKeys, 'committee'>): {
  seal(plain: Uint8Array): Uint8Array;
  open(sealed: Uint8Array): Uint8Array;
} {
  const label = 'tacit/at-rest/1';
  const keyFor = (salt: Uint8Array): Uint8Array => hash32Of(label, keys.committee.secretKey, salt);
  return {
    seal(plain) {
      const salt = randomBytes(SEED);
      return concatBytes(salt, sealOnce(keyFor(salt), plain, utf8(label)));
    },
    open(sealed) {
      const plain =
        sealed.length > SEED ? openOnce(keyFor(sealed.slice(0, SEED)), sealed.slice(SEED), utf8(label)) : undefined;
      if (!plain) throw failure('cannot-open', 'the file was sealed by other keys, or damaged');
      return plain;
    },
  };
}

/** {@link loadKeyFile} or {@link devKeys}, as the command line names it. */
export async function validatorKeys(
  wish: { readonly file?: string; readonly dev?: string },
  env: NodeJS.ProcessEnv,
): Promise<ValidatorKeys | undefined> {
  if (wish.file !== undefined && wish.dev !== undefined) {
    throw failure('two-keys', 'give a key file or a development key, not both');
  }
  if (wish.dev !== undefined) {
    try {
      return await devKeys(wish.dev);
    } catch (error) {
      if (isTacitError(error)) throw failure('bad-dev-key', error.message);
      throw error;
    }
  }
  return wish.file === undefined ? undefined : loadKeyFile(wish.file, passphraseFor(wish.file, env));
}
