/** Wallet files on a disk. Readable by the owner only; a file that others can read is refused, for its passphrase is all that stands between them and the money. */
import { scryptSync } from 'node:crypto';
import { closeSync, fchmodSync, fstatSync, fsyncSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { TacitError } from '../../../primitives/errors.ts';
import { random } from '../random.ts';
import { type Kdf, MAX_WALLET_TEXT, openWalletText, SCRYPT_COST, sealWallet } from '../wallet-file.ts';

const native: Kdf = (passphrase, salt) =>
  new Uint8Array(scryptSync(passphrase, salt, 32, { ...SCRYPT_COST, maxmem: 2 ** 27 }));

/** Writes a new wallet file. Throws `sdk/wallet-exists` rather than replace one, `sdk/weak-passphrase` for an empty passphrase. */
export function writeWalletFile(path: string, seed: Uint8Array, passphrase: string): void {
  const text = sealWallet(seed, passphrase, random, native);
  let handle: number;
  try {
    handle = openSync(path, 'wx', 0o600);
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    if (code === 'EEXIST') throw new TacitError('sdk/wallet-exists', `there is a file already: ${path}`, { path });
    throw new TacitError('sdk/no-wallet', `cannot write the wallet file ${path}: ${code}`, { path });
  }
  try {
    fchmodSync(handle, 0o600);
    writeFileSync(handle, text);
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
  const text = readPrivate(path, MAX_WALLET_TEXT);
  if (text === undefined)
    throw new TacitError('sdk/no-wallet', `cannot open the wallet file ${path}: ENOENT`, { path });
  return openWalletText(path, text, passphrase, native);
}

/** A small file that only its owner may open; undefined if there is none. */
export function readPrivate(path: string, maxBytes: number): string | undefined {
  let handle: number;
  try {
    handle = openSync(path, 'r');
  } catch (error) {
    const code = String((error as NodeJS.ErrnoException).code);
    if (code === 'ENOENT') return undefined;
    throw new TacitError('sdk/no-wallet', `cannot open the wallet file ${path}: ${code}`, { path });
  }
  try {
    const { mode, size } = fstatSync(handle);
    if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
      throw new TacitError('sdk/wallet-permissions', `others may open ${path}: run chmod 600 on it`, { path });
    }
    if (size > maxBytes) {
      const why = `${path} has ${size} bytes; a wallet's file has at most ${maxBytes}`;
      throw new TacitError('sdk/bad-wallet-file', why, { path, size });
    }
    return readFileSync(handle, 'utf8');
  } finally {
    closeSync(handle);
  }
}
