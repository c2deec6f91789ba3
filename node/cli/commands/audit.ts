import type { Command } from 'commander';
import { endWithParent } from '../../process/signals.ts';

/** `tacit audit`: the flags. */
export function addAuditCommand(program: Command): void {
  program
    .command('audit')
    .description('replay a chain from genesis to its finalized head without trusting the node that stores it')
    .option('--data <DIR>', 'data folder of a node, or of a local network, that is not running')
    .option('--rpc <URL>', 'JSON-RPC of a running node; only its blocks are taken')
    .option('--chain <dev|local|FILE>', "the chain specification, if not the data folder's copy")
    .option('--genesis <HASH>', 'the hash that block 0 must have')
    .option('--json', 'print the report as JSON')
    .action(async (flags) => {
      endWithParent();
      process.exitCode = await (await import('../../audit/command.ts')).auditCommand(flags);
    });
}
