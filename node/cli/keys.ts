import type { Command } from 'commander';
import { createKeyFile, loadKeyFile, passphraseFor, publicKeysOf } from '../keys.ts';

/** `tacit keys`: a validator's key file. */
export function addKeysCommand(program: Command): void {
  const keys = program.command('keys').description("a validator's keys");
  keys
    .command('new <FILE>')
    .description('make new keys in an encrypted file; passphrase from TACIT_PASSPHRASE or FILE.passphrase')
    .action((path: string) => {
      console.log(JSON.stringify(createKeyFile(path, passphraseFor(path, process.env)), null, 2));
    });
  keys
    .command('show <FILE>')
    .description('print the public keys of a key file')
    .action((path: string) => {
      console.log(JSON.stringify(publicKeysOf(loadKeyFile(path, passphraseFor(path, process.env))), null, 2));
    });
}
