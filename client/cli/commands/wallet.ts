/** `tacit wallet ...`: the flags; what they do is loaded when it is asked for. */
import type { Command } from 'commander';
import { onChain } from '../flags.ts';
import { addReceiptCommands } from './receipt.ts';

const files = () => import('../actions/wallet-file.ts');
const actions = () => import('../actions/wallet.ts');
const claims = () => import('../actions/claims.ts');
const spending = () => import('../actions/spend.ts');

export function addWalletCommands(program: Command): void {
  const wallet = program.command('wallet').description('make, look at and use a wallet');
  addFileCommands(wallet);
  onChain(wallet.command('scan').alias('list').description("list the wallet's notes; only it can read their amounts"))
    .option('--all', 'also those that are claimed, and empty change')
    .action(async (flags) => (await actions()).scanNotes(flags));
  onChain(
    wallet
      .command('claim')
      .description(
        'claim notes to fresh accounts, amount by amount and spread over days; shows what a claim takes, not whose it is nor what is left',
      ),
  )
    .option('--note <class/number>', 'one claim of this note, at once')
    .option('--round <number>', 'one claim of the note of this round, at once')
    .option('--amount <TAC>', 'how much of that note: 1, 2 or 5 times a power of ten; without it, as much as it can')
    .option('--to <address>', 'pay to this account instead of a fresh one of the wallet')
    .option('--spread <minutes>', 'mean time that a note waits before its claim', '360')
    .option('--now', 'one of each bin at once: whoever looks sees that they are one wallet’s')
    .action(async (flags) => (await claims()).claimNotes(flags));
  addSpendingCommands(wallet);
  addReceiptCommands(wallet);
  onChain(
    wallet.command('checkpoint').description('print the newest proven block, to be trusted later by --chain FILE'),
    { wallet: false },
  ).action(async (flags) => (await actions()).printCheckpoint(flags));
}

function addFileCommands(wallet: Command): void {
  const file = (name: string, description: string, what = 'wallet file'): Command =>
    wallet.command(name).description(description).requiredOption('--wallet <file>', what);
  file('new', 'write a new wallet file and print its account', 'file to write').action(async (flags) =>
    (await files()).newWallet(flags),
  );
  file('show', "print the wallet's account").action(async (flags) => (await files()).showWallet(flags));
  file('export', 'print the wallet as 24 words: whoever reads them has the money').action(async (flags) =>
    (await files()).exportWallet(flags),
  );
  file(
    'import',
    'write a wallet file from 24 words, which are asked for or read from the input',
    'file to write',
  ).action(async (flags) => (await files()).importWallet(flags));
}

function addSpendingCommands(wallet: Command): void {
  onChain(wallet.command('balance').description("list what the wallet's accounts hold")).action(async (flags) =>
    (await spending()).showBalances(flags),
  );
  onChain(wallet.command('send').description('pay from one fresh account of the wallet, after a time of chance'))
    .requiredOption('--to <address>', 'who is paid')
    .option('--amount <TAC>', 'how much; without it, all that the account holds')
    .option('--from <address>', 'from this fresh account; without it, the smallest that holds the amount alone')
    .option('--spread <minutes>', 'mean time to wait before', '5')
    .option('--now', 'do not wait')
    .action(async (flags) => (await spending()).sendMoney(flags));
}
