import { type Command, InvalidArgumentError } from 'commander';
import { withRpcFlags } from '../../process/options.ts';

/** Ports of a network lie up to 300 above the base port. */
const HIGHEST_BASE_PORT = 65_000;

function basePortOption(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port < 1024 || port > HIGHEST_BASE_PORT) {
    throw new InvalidArgumentError(`a number from 1024 to ${HIGHEST_BASE_PORT}.`);
  }
  return port;
}

function validatorsOption(text: string): 4 | 7 {
  if (text === '4') return 4;
  if (text === '7') return 7;
  throw new InvalidArgumentError('4 or 7.');
}

function withNetworkFlags(command: Command): Command {
  return withRpcFlags(command)
    .option('--data <DIR>', 'where the network keeps its data; a second start continues the same chain', '.tacit/local')
    .option('--base-port <N>', 'RPC of the first validator; the others count up from there', basePortOption, 9944)
    .option('--validators <4|7>', 'how many validators', validatorsOption, 4);
}

/** `tacit local`, `tacit start`, `tacit story`: the flags. */
export function addLocalCommands(program: Command): void {
  withNetworkFlags(program.command('local'))
    .description('run a local network of validators, a process each, until it is told to stop')
    .action(async (flags) => (await import('../../local/command.ts')).runLocal(flags));
  withNetworkFlags(program.command('start'))
    .description('run a local network, one royalty round on real data and the audit; then keep the network running')
    .option('--once', 'end after the audit: exit code 0 if all is right, 1 if not')
    .option('--report <FILE>', 'write what the round and the audit gave as JSON')
    .action(async (flags) => (await import('../../local/start.ts')).runStart(flags));
  program
    .command('story')
    .description('run the story of everyone on a chain, on a local network of its own whose windows are short')
    .option('--report <FILE>', 'write what was done, and what was read back of it, as JSON')
    .option('--data <DIR>', 'keep what the network stores in this new folder')
    .option('--base-port <N>', 'RPC of the first validator; without it ports that are free', basePortOption)
    .action(async (flags) => (await import('../../local/story.ts')).runStory(flags));
}
