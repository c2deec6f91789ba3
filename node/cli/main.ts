/** The node's command line: `tacit node`, `tacit keys` and what other parts of node/ add. Exit codes: 0, 1 failure, 2 usage. */
import { Command, CommanderError } from 'commander';
import { isTacitError } from '../../primitives/errors.ts';
import { NODE_VERSION } from '../assembly/index.ts';
import { addAuditCommand } from '../audit/command.ts';
import { addLocalCommands } from '../local/command.ts';
import { addKeysCommand } from './keys.ts';
import { addNodeCommand } from './node.ts';

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
  if (isTacitError(error)) {
    console.error(`error: ${error.message} (${error.code})`);
    process.exit(1);
  }
  console.error(error);
  process.exit(1);
}
