/** What `tacit wallet ...` does. */
import { randomBytes } from 'node:crypto';
import { fromAddress, toAddress } from '../../../primitives/crypto/ss58.ts';
import { TacitError } from '../../../primitives/errors.ts';
import { table, tac } from '../../demo/report.ts';
import { claim, claimFee, type OwnNote, scan } from '../../sdk/claim.ts';
import { connect } from '../../sdk/connect.ts';
import { writeWalletFile } from '../../sdk/keyfile.ts';
import { walletOf } from '../../sdk/keys.ts';
import { type OnChain, wholeNumber } from '../flags.ts';
import { askPassphrase } from '../passphrase.ts';
import { openWallet } from './open-wallet.ts';

export async function newWallet({ wallet: path }: { wallet: string }): Promise<void> {
  const passphrase = await askPassphrase('Passphrase for the new wallet');
  if (process.env.TACIT_PASSPHRASE === undefined && (await askPassphrase('Once more')) !== passphrase) {
    throw new TacitError('cli/passphrases-differ', 'the two passphrases differ');
  }
  const seed = new Uint8Array(randomBytes(32));
  writeWalletFile(path, seed, passphrase);
  console.log(walletOf(seed).account.address);
}

export async function showWallet({ wallet: path }: { wallet: string }): Promise<void> {
  console.log((await openWallet(path)).account.address);
}

export async function scanNotes({ rpc, wallet: path }: OnChain): Promise<void> {
  const wallet = await openWallet(path);
  await using chain = await connect(rpc);
  const notes = await scan(chain, wallet);
  if (notes.length === 0) return console.log('no notes');
  const rows = notes.map((note) => [
    `${note.round}`,
    tac(note.amount),
    tac(note.stake),
    `${note.score ?? '-'}`,
    note.spent ? 'claimed' : 'unclaimed',
  ]);
  console.log(table(['round', 'amount TAC', 'of it stake', 'score', 'state'], rows));
}

export async function claimNotes({
  rpc,
  wallet: path,
  round,
  to,
}: OnChain & { round?: string; to?: string }): Promise<void> {
  const wallet = await openWallet(path);
  await using chain = await connect(rpc);
  const wanted = (note: OwnNote): boolean =>
    !note.spent && (round === undefined || note.round === wholeNumber('--round', round));
  const notes = (await scan(chain, wallet)).filter(wanted);
  if (notes.length === 0) return console.log('nothing to claim');
  if (to !== undefined && notes.length > 1)
    throw new TacitError('cli/linkable', 'several claims to one account would link them: name a --round');
  console.log('A claim shows its whole amount; whose note it was stays hidden among the notes of its bin.');
  for (const note of notes) {
    const destination = to === undefined ? wallet.freshAccount(chain.genesis, note.round).publicKey : fromAddress(to);
    await claim(chain, note, destination);
    console.log(`round ${note.round}: ${tac(note.amount - claimFee(chain))} TAC to ${toAddress(destination)}`);
  }
}
