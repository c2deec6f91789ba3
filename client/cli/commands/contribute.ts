/** `tacit contribute`: the flags. */
import type { Command } from 'commander';
import { onChain } from '../flags.ts';

export function addContributeCommand(program: Command): void {
  onChain(
    program
      .command('contribute')
      .description('enrol in a round and submit a model update; again with the same update, what of it is missing'),
  )
    .requiredOption('--round <number>', 'the round')
    .requiredOption('--update <file>', 'the update: raw little-endian numbers, or NumPy’s .npy')
    .option('--type <type>', 'numbers of a raw file: float64 or float32', 'float64')
    .option('--data <numbers>', 'data of yours to show, by number: where the round asks for it, or gives points for it')
    .option('--claims <numbers>', 'claims of attesters about these data, by number: who you are one holder with, say')
    .action(async (flags) => (await import('../actions/contribute.ts')).contributeUpdate(flags));
}
