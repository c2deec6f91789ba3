/** `tacit round`: the flags. */
import type { Command } from 'commander';
import { withNode } from '../flags.ts';

export function addRoundCommands(program: Command): void {
  const round = program.command('round').description('look at a round as its owner');
  withNode(round.command('aggregate').description('write the sum of all updates of a round, U, to a file'))
    .requiredOption('--round <number>', 'the round')
    .requiredOption('--out <file>', 'file to write: little-endian float64 values, as an update')
    .action(async (flags) => (await import('../actions/round.ts')).writeAggregate(flags));
}
