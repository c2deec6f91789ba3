/** What `tacit wallet new|show|export|import` do: no chain is needed, and nothing of it is loaded. */
import { TacitError } from '../../../primitives/errors.ts';
import { walletOf } from '../../sdk/keys.ts';
import { readWalletFile, writeWalletFile } from '../../sdk/node/keyfile.ts';
import { random } from '../../sdk/random.ts';
import { seedOfWords, wordsOf } from '../../sdk/words.ts';
import { askPassphrase, askSecret } from '../passphrase.ts';
import { openWallet } from './open-wallet.ts';

interface InFile {
  readonly wallet: string;
}

/** A new passphrase, asked for twice on a terminal. */
async function newPassphrase(): Promise<string> {
  const passphrase = await askPassphrase('Passphrase for the new wallet');
  if (process.env.TACIT_PASSPHRASE === undefined && (await askPassphrase('Once more')) !== passphrase) {
    throw new TacitError('cli/passphrases-differ', 'the two passphrases differ');
  }
  return passphrase;
}

function write(path: string, seed: Uint8Array, passphrase: string): void {
  writeWalletFile(path, seed, passphrase);
  console.log(walletOf(seed).account.address);
}

export async function newWallet({ wallet: path }: InFile): Promise<void> {
  const passphrase = await newPassphrase();
  write(path, random(32), passphrase);
}

export async function showWallet({ wallet: path }: InFile): Promise<void> {
  console.log((await openWallet(path)).account.address);
}

export async function exportWallet({ wallet: path }: InFile): Promise<void> {
  console.log(wordsOf(readWalletFile(path, await askPassphrase(`Passphrase of ${path}`))));
  console.error('Whoever has these words has everything that the wallet owns. Keep them on paper, not in a file.');
}

export async function importWallet({ wallet: path }: InFile): Promise<void> {
  const seed = seedOfWords(await askSecret('The 24 words'));
  write(path, seed, await newPassphrase());
}
