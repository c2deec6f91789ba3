/** What `tacit wallet new|show|export|import|scan|checkpoint` do. */
import { TacitError } from '../../../primitives/errors.ts';
import { table, tac } from '../../demo/report.ts';
import { LEAST_CLAIM, type OwnNote, type Scan, scan } from '../../sdk/claim.ts';
import { walletOf } from '../../sdk/keys.ts';
import { readWalletFile, writeWalletFile } from '../../sdk/node/keyfile.ts';
import { random } from '../../sdk/ports.ts';
import { seedOfWords, wordsOf } from '../../sdk/words.ts';
import type { OfNode, OnChain } from '../flags.ts';
import { askPassphrase, askSecret } from '../passphrase.ts';
import { openChain } from './open-chain.ts';
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

export async function scanNotes(flags: OnChain): Promise<void> {
  const wallet = await openWallet(flags.wallet);
  await using chain = await openChain(flags);
  const found = await scan(chain, wallet);
  tellProblems(found);
  if (found.notes.length === 0) return console.log('no notes');
  const rows = found.notes.map((note) => [
    `${note.round}`,
    tac(note.amount),
    tac(note.stake),
    `${note.score ?? '-'}`,
    stateOf(note),
  ]);
  console.log(table(['round', 'amount TAC', 'of it stake', 'score', 'state'], rows));
}

function stateOf({ spent, amount }: OwnNote): string {
  if (spent) return 'claimed';
  return amount < LEAST_CLAIM ? 'below the fee' : 'unclaimed';
}

/** What is wrong with some notes is told; the others go their way. */
export function tellProblems({ problems }: Scan): void {
  for (const { round, error } of problems) console.error(`round ${round}: ${error.message} (${error.code})`);
}

export async function printCheckpoint(flags: OfNode): Promise<void> {
  await using chain = await openChain(flags);
  await chain.light.finalizedState();
  console.log(JSON.stringify(await chain.light.checkpoint(), null, 2));
}
