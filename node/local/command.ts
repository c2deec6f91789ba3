/** `tacit local`: a local network of validators, and what `tacit start` needs of it. */
import { join, relative, resolve } from 'node:path';
import { TacitError } from '../../primitives/errors.ts';
import { type RpcFlags, rpcArguments } from '../process/options.ts';
import { untilStopped } from '../process/signals.ts';
import { needsOf, thisMachine } from './needs.ts';
import { LocalNetwork, type LocalOptions, type LocalValidator } from './network.ts';

export interface LocalFlags extends RpcFlags {
  readonly data: string;
  readonly basePort: number;
  readonly validators: 4 | 7;
  /** Parameters of a new chain that differ from a local one's, by name. */
  readonly parameters?: Readonly<Record<string, string>>;
}

export const say = (text: string): void => console.log(text);

/** A network that is stopped whatever happens to `use`, Ctrl-C included. */
export async function withNetwork(
  flags: LocalFlags,
  use: (network: LocalNetwork, stopped: Promise<string>) => Promise<void>,
): Promise<void> {
  let isStopping = false;
  const options: LocalOptions = {
    directory: resolve(flags.data),
    basePort: flags.basePort,
    validators: flags.validators,
    rpcHost: flags.rpcHost,
    rpcArguments: rpcArguments(flags),
    ...(flags.parameters === undefined ? {} : { parameters: flags.parameters }),
    // Ctrl-C reaches the validators as well: then they have not been lost.
    onLost: (validator, how) => {
      if (!isStopping) console.error(lostNotice(network, validator, how));
    },
  };
  const network = new LocalNetwork(options);
  const stopped = untilStopped().then((why) => {
    isStopping = true;
    return why;
  });
  const started = performance.now();
  say(`starting ${flags.validators} validators, a process each, in ${flags.data}`);
  for (const line of needsOf(flags.validators, thisMachine()).told) say(line);
  // A start that is told to stop does not wait until all are up.
  void stopped.then(() => network.stop());
  try {
    await network.start().catch((error: unknown) => {
      throw isStopping ? new TacitError('local/interrupted', 'told to stop before the network was up') : error;
    });
    say(
      `they are up after ${((performance.now() - started) / 1000).toFixed(1)} s; their logs: ${join(flags.data, '*', 'node.log')}`,
    );
    await use(network, stopped);
  } finally {
    if (network.hasLaunched) say('stopping the validators');
    await network.stop();
  }
}

function lostNotice(network: LocalNetwork, { name, log }: LocalValidator, how: number | string): string {
  const { validators } = network.options;
  const faults = (validators - 1) / 3;
  const enough = network.validators.length >= validators - faults;
  return (
    `${name} has ended with ${how}; see ${relative('', log)}\n` +
    `${network.validators.length} of ${validators} validators are running: ` +
    (enough ? 'enough, the round goes on' : `too few, no block becomes final with fewer than ${validators - faults}`)
  );
}

export function connections(network: LocalNetwork): string {
  const lines = network.validators.map(({ name, rpc, metrics }) => `  ${name.padEnd(8)} ${rpc}   metrics ${metrics}`);
  const [first] = network.validators;
  return [
    'the network is running; connect polkadot.js or any Substrate client to',
    ...lines,
    'a node of your own joins it with',
    `  --chain ${relative('', network.specFile)} --bootnode ${first?.ready.addresses[0] ?? ''}`,
    'Ctrl-C stops it',
  ].join('\n');
}

export async function runLocal(flags: LocalFlags): Promise<void> {
  await withNetwork(flags, async (network, stopped) => {
    say(connections(network));
    await stopped;
  });
}
