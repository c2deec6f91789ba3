/**
 * Wallet files: the seed under ChaCha20-Poly1305 with a key that scrypt (RFC 7914) makes of a passphrase and a fresh salt. Readable by the owner
 * only; a file that others can read is refused, for its passphrase is all that stands between them and the money.
 */
import { randomBytes, scryptSync } from 'node:crypto';
import { closeSync, fchmodSync, fstatSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import { openOnce, sealOnce } from '../../primitives/crypto/aead.ts';
import { utf8 } from '../../primitives/crypto/bytes.ts';
import { fromHex, toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';

const MAX_FILE_BYTES = 4096;
/** 64 MiB and about a quarter of a second. */
const COST = { N: 2 ** 16, r: 8, p: 1, maxmem: 2 ** 27 } as const;
const ASSOCIATED = utf8('tacit/wallet-file/1');

const hex = (length: number) => z.string().regex(new RegExp(`^0x[0-9a-f]{${2 * length}}$`));
const fileSchema = z.strictObject({
  format: z.literal('tacit-wallet-1'),
  kdf: z.literal('scrypt-65536-8-1'),
  salt: hex(32),
  box: hex(48),
});

/** Writes a new wallet file. Throws `sdk/wallet-exists` rather than replace one, `sdk/weak-passphrase` for an empty passphrase. */
export function writeWalletFile(path: string, seed: Uint8Array, passphrase: string): void {
  const salt = randomBytes(32);
  const box = sealOnce(keyOf(passphrase, salt), seed, ASSOCIATED);
  const file = { format: 'tacit-wallet-1', kdf: 'scrypt-65536-8-1', salt: toHex(salt), box: toHex(box) };
  let handle: number;
  try {
    handle = openSync(path, 'wx', 0o600);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new TacitError('sdk/wallet-exists', `there is a file already: ${path}`, { path });
    throw error;
  }
  try {
    fchmodSync(handle, 0o600);
    writeFileSync(handle, `${JSON.stringify(file, null, 2)}\n`);
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}

/**
 * The seed in a wallet file.
 * @throws `sdk/no-wallet`, `sdk/wallet-permissions` if others than the owner may open it, `sdk/bad-wallet-file`, `sdk/wrong-passphrase`
 */
export function readWalletFile(path: string, passphrase: string): Uint8Array {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch (error) {
    throw new TacitError(
      'sdk/no-wallet',
      `cannot open the wallet file ${path}: ${(error as NodeJS.ErrnoException).code}`,
      { path },
    );
  }
  let text: string;
  try {
    const { mode, size } = fstatSync(handle);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new TacitError('sdk/wallet-permissions', `others may open ${path}: run chmod 600 on it`, { path });
    }
    if (size > MAX_FILE_BYTES)
      throw new TacitError('sdk/bad-wallet-file', `${path} is too large for a wallet file`, { path, size });
    text = readFileSync(handle, 'utf8');
  } finally {
    closeSync(handle);
  }
  const { salt, box } = parseFile(path, text);
  const seed = openOnce(keyOf(passphrase, fromHex(salt)), fromHex(box), ASSOCIATED);
  if (!seed) throw new TacitError('sdk/wrong-passphrase', `the passphrase does not open ${path}`, { path });
  return seed;
}

function parseFile(path: string, text: string): z.infer<typeof fileSchema> {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    json = undefined;
  }
  const result = fileSchema.safeParse(json);
  if (!result.success) throw new TacitError('sdk/bad-wallet-file', `${path} is not a wallet file`, { path });
  return result.data;
}

function keyOf(passphrase: string, salt: Uint8Array): Uint8Array {
  if (passphrase.length === 0) throw new TacitError('sdk/weak-passphrase', 'a wallet file needs a passphrase');
  return new Uint8Array(scryptSync(passphrase.normalize('NFKC'), salt, 32, COST));
}
