/** `tacit wallet receipt|verify-receipt|verifier-key|statement|verify-statement`: the flags; what they do is loaded when it is asked for. */
import type { Command } from 'commander';
import { onChain } from '../flags.ts';

const actions = () => import('../actions/receipt.ts');
const CHAIN = [
  '--chain <file>',
  'chain specification or checkpoint to trust; .tacit/local/chain.json if that is there',
] as const;

export function addReceiptCommands(wallet: Command): void {
  onChain(
    wallet
      .command('receipt')
      .description('write a receipt of a settled round: my input was counted, my share is right'),
  )
    .requiredOption('--round <number>', 'the round')
    .requiredOption('--out <file>', 'file to write')
    .option('--open', 'let the file open what was earned: whoever has it can read that, and show it on')
    .action(async (flags) => (await actions()).writeReceipt(flags));
  wallet
    .command('verify-receipt')
    .description('check a receipt without a node')
    .requiredOption('--receipt <file>', 'the receipt')
    .option(...CHAIN)
    .option('--wallet <file>', 'wallet file of the owner, to read what was earned')
    .option('--update <file>', 'the update that was contributed, to work the score out again')
    .option('--type <type>', 'numbers of a raw file: float64 or float32', 'float64')
    .action(async (flags) => (await actions()).verifyReceipt(flags));
  wallet
    .command('verifier-key')
    .description('write the key that statements of earnings can be made for; its secret follows from the wallet')
    .requiredOption('--wallet <file>', 'wallet file of the verifier')
    .requiredOption('--out <file>', 'file to write, and to give to who makes the statement')
    .action(async (flags) => (await actions()).writeVerifierKey(flags));
  onChain(
    wallet
      .command('statement')
      .description('state what rounds paid to one verifier, who cannot convince others with it'),
  )
    .requiredOption('--rounds <numbers>', 'the rounds, separated by commas')
    .requiredOption('--for <file>', 'the verifier’s key')
    .requiredOption('--out <file>', 'file to write')
    .action(async (flags) => (await actions()).writeStatement(flags));
  wallet
    .command('verify-statement')
    .description('check a statement that was made for this wallet, without a node')
    .requiredOption('--statement <file>', 'the statement')
    .requiredOption('--wallet <file>', 'wallet file of the verifier')
    .option(...CHAIN)
    .action(async (flags) => (await actions()).verifyStatement(flags));
}
