import type { Command } from 'commander';

const actions = () => import('../run-keys.ts');

/** `tacit keys`: a validator's key file. */
export function addKeysCommand(program: Command): void {
  const keys = program.command('keys').description("a validator's keys");
  keys
    .command('new <FILE>')
    .description('make new keys in an encrypted file; passphrase from TACIT_PASSPHRASE or FILE.passphrase')
    .action(async (path: string) => (await actions()).newKeys(path));
  keys
    .command('show <FILE>')
    .description('print the public keys of a key file')
    .action(async (path: string) => (await actions()).showKeys(path));
}
