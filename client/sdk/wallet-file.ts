/**
 * Wallet files: the seed under ChaCha20-Poly1305 with a key that scrypt (RFC 7914) makes of a passphrase and a fresh salt. The text only; where it is kept
 * is a port.
 */
import { scrypt } from '@noble/hashes/scrypt.js';
import { z } from 'zod';
import { openOnce, sealOnce } from '../../primitives/crypto/aead.ts';
import { type RandomBytes, utf8 } from '../../primitives/crypto/bytes.ts';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import { random as platform } from './random.ts';

/** Larger texts are no wallet files. */
export const MAX_WALLET_TEXT = 4096;
/** 64 MiB, and a quarter of a second where it is native. */
export const SCRYPT_COST = { N: 2 ** 16, r: 8, p: 1 } as const;
const ASSOCIATED = utf8('tacit/wallet-file/1');

/** 32 bytes of a passphrase by scrypt of {@link SCRYPT_COST}. */
export type Kdf = (passphrase: string, salt: Uint8Array) => Uint8Array;
const portable: Kdf = (passphrase, salt) =>
  scrypt(utf8(passphrase), salt, { ...SCRYPT_COST, dkLen: 32, maxmem: 2 ** 27 });

const hex = (length: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * length}}$`));
const fileSchema = z.strictObject({
  format: z.literal('tacit-wallet-1'),
  kdf: z.literal('scrypt-65536-8-1'),
  salt: hex(32),
  box: hex(48),
});

/** The text of a wallet file. Throws `sdk/weak-passphrase` for an empty passphrase. */
export function sealWallet(
  seed: Uint8Array,
  passphrase: string,
  random: RandomBytes = platform,
  kdf = portable,
): string {
  const salt = random(32);
  const box = sealOnce(keyOf(passphrase, salt, kdf), seed, ASSOCIATED);
  const file = { format: 'tacit-wallet-1', kdf: 'scrypt-65536-8-1', salt: toHex(salt), box: toHex(box) };
  return `${JSON.stringify(file, null, 2)}\n`;
}

/**
 * The seed in a wallet file's text.
 * @param name of the file, for messages
 * @throws `sdk/bad-wallet-file`, `sdk/wrong-passphrase`, `sdk/weak-passphrase`
 */
export function openWalletText(name: string, text: string, passphrase: string, kdf = portable): Uint8Array {
  const { salt, box } = parseFile(name, text);
  const seed = openOnce(keyOf(passphrase, fromHex(salt), kdf), fromHex(box), ASSOCIATED);
  if (!seed) throw new TacitError('sdk/wrong-passphrase', `the passphrase does not open ${name}`, { path: name });
  return seed;
}

function parseFile(name: string, text: string): z.infer<typeof fileSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text.slice(0, MAX_WALLET_TEXT));
  } catch {
    json = undefined;
  }
  const result = fileSchema.safeParse(json);
  if (!result.success) throw new TacitError('sdk/bad-wallet-file', `${name} is not a wallet file`, { path: name });
  return result.data;
}

function keyOf(passphrase: string, salt: Uint8Array, kdf: Kdf): Uint8Array {
  if (passphrase.length === 0) throw new TacitError('sdk/weak-passphrase', 'a wallet file needs a passphrase');
  return kdf(passphrase.normalize('NFKC'), salt);
}
