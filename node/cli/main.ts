/**
 * The node's command line: `tacit node`, `keys`, `local`, `start`, `audit`. A file in commands/ declares the flags of a command; what it does is loaded when
 * it runs. Exit codes (docs/operate.md): 0, 1 failure, 2 usage.
 */
import { Command, CommanderError } from 'commander';
import { failureText } from '../../primitives/failure.ts';
import { NODE_VERSION } from '../assembly/version.ts';
import { addAuditCommand } from './commands/audit.ts';
import { addKeysCommand } from './commands/keys.ts';
import { addLocalCommands } from './commands/local.ts';
import { addNodeCommand } from './commands/node.ts';

const program = new Command('tacit')
  .description('A chain that pays the people behind AI models without learning who earned what.')
  .version(NODE_VERSION)
  .showHelpAfterError('(tacit --help tells more)')
  .exitOverride();
addNodeCommand(program);
addKeysCommand(program);
addLocalCommands(program);
addAuditCommand(program);

try {
  await program.parseAsync();
  process.exit(process.exitCode ?? 0);
} catch (error) {
  if (error instanceof CommanderError) {
    // Commander has told what is wrong, or has shown the help that was asked for.
    process.exit(error.exitCode === 0 ? 0 : 2);
  }
  console.error(failureText(error));
  process.exit(1);
}
