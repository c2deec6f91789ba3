import { readWalletFile } from '../../sdk/node/keyfile.ts';
import { type Wallet, walletOf } from '../../sdk/keys.ts';
import { askPassphrase } from '../passphrase.ts';

/** The wallet in a file; asks for its passphrase. */
export async function openWallet(path: string): Promise<Wallet> {
  return walletOf(readWalletFile(path, await askPassphrase(`Passphrase of ${path}`)));
}
