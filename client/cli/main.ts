/**
 * The commands for people: `tacit wallet`, `tacit contribute`, `tacit round`, `tacit demo`. Run `--help` for the flags.
 *
 * A file in commands/ declares the flags of a command; what it does lies in actions/ and is loaded when the command runs. A wallet file is a seed under a
 * passphrase (client/sdk/wallet-file.ts); the passphrase is asked for, or taken from TACIT_PASSPHRASE.
 */
import { Command, CommanderError } from 'commander';
import { isTacitError } from '../../primitives/errors.ts';
import { failureText } from '../../primitives/failure.ts';
import { quietPolkadot } from '../sdk/quiet.ts';
import { endWithParent } from './parent.ts';
import { addContributeCommand } from './commands/contribute.ts';
import { addDemoCommand } from './commands/demo.ts';
import { addRoundCommands } from './commands/round.ts';
import { addWalletCommands } from './commands/wallet.ts';

export function program(): Command {
  const tacit = new Command('tacit')
    .description('Tacit for people: wallets, contributions, rounds, the demo')
    .exitOverride();
  addWalletCommands(tacit);
  addContributeCommand(tacit);
  addRoundCommands(tacit);
  addDemoCommand(tacit);
  return tacit;
}

if (import.meta.main) {
  quietPolkadot();
  endWithParent();
  try {
    await program().parseAsync();
  } catch (error) {
    // as in the node's commands: 0 for help that was asked for, 2 for wrong flags
    if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? 0 : 2;
    else {
      console.error(failureText(error));
      process.exitCode = isTacitError(error, 'cli/bad-flag') ? 2 : 1;
    }
  }
}
