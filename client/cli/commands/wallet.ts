/** `tacit wallet new|show|scan|claim`: the flags; what they do is loaded when it is asked for. */
import type { Command } from 'commander';
import { onChain } from '../flags.ts';

const actions = () => import('../actions/wallet.ts');

export function addWalletCommands(program: Command): void {
  const wallet = program.command('wallet').description('make, look at and use a wallet');
  wallet
    .command('new')
    .description('write a new wallet file and print its account')
    .requiredOption('--wallet <file>', 'file to write')
    .action(async (flags) => (await actions()).newWallet(flags));
  wallet
    .command('show')
    .description("print the wallet's account")
    .requiredOption('--wallet <file>', 'wallet file')
    .action(async (flags) => (await actions()).showWallet(flags));
  onChain(wallet.command('scan').description("list the wallet's notes; only it can read their amounts")).action(
    async (flags) => (await actions()).scanNotes(flags),
  );
  onChain(
    wallet
      .command('claim')
      .description('claim notes to fresh accounts; a claim shows its whole amount, not whose it is'),
  )
    .option('--round <number>', 'only the note of this round')
    .option('--to <address>', 'pay to this account instead of a fresh one of the wallet')
    .action(async (flags) => (await actions()).claimNotes(flags));
}
