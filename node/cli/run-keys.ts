/** What `tacit keys` does. */
import { createKeyFile, loadKeyFile, passphraseFor, type PublicKeys, publicKeysOf } from '../keys.ts';

const print = (keys: PublicKeys): void => console.log(JSON.stringify(keys, null, 2));

export function newKeys(path: string): void {
  print(createKeyFile(path, passphraseFor(path, process.env)));
}

export function showKeys(path: string): void {
  print(publicKeysOf(loadKeyFile(path, passphraseFor(path, process.env))));
}
