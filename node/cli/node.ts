import { copyFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { builtinSpec } from '../../chain-spec/index.ts';
import { TacitError } from '../../primitives/errors.ts';
import { validatorKeys } from '../keys.ts';
import { DEFAULT_ORIGINS, type Origins } from '../rpc/index.ts';
import { startNode } from '../assembly/index.ts';
import { createLog, type LogLevel } from '../telemetry/index.ts';
import { bootnodeOption, logOption, originsOption, portOption, readSpec } from '../process/options.ts';
import type { NodeReady } from '../process/ready.ts';
import { untilStopped } from '../process/signals.ts';

interface NodeFlags {
  readonly chain: string;
  readonly data: string;
  readonly rpcHost: string;
  readonly rpcPort: number;
  readonly rpcOrigins?: Origins;
  readonly p2pPort: number;
  readonly p2pHost: string;
  readonly metricsPort?: number;
  readonly validator?: string;
  readonly devKey?: string;
  readonly bootnode?: readonly string[];
  readonly archive?: boolean;
  readonly log: LogLevel;
}

/** `tacit node`: one node, until it is told to stop. */
export function addNodeCommand(program: Command): void {
  program
    .command('node')
    .description('run one node')
    .option('--chain <dev|local|FILE>', 'the chain specification', 'dev')
    .option('--data <DIR>', 'where the node keeps its data', '.tacit')
    .option('--rpc-host <ADDRESS>', 'address of the JSON-RPC server', '127.0.0.1')
    .option('--rpc-port <PORT>', 'port of the JSON-RPC server (WebSocket and HTTP)', portOption, 9944)
    .option(
      '--rpc-origins <all|LIST>',
      'all, none, or web pages and extensions that may connect, besides local ones and polkadot.js.org',
      originsOption,
    )
    .option('--p2p-host <ADDRESS>', 'IPv4 address for other nodes', '0.0.0.0')
    .option('--p2p-port <PORT>', 'port for other nodes', portOption, 30_333)
    .option('--metrics-port <PORT>', 'serve Prometheus metrics on this port', portOption)
    .option('--validator <KEYFILE>', 'validate with the keys in this file (see tacit keys new)')
    .option('--dev-key <URI>', 'validate with the development keys of //Alice, //Bob, ...: never with real money')
    .option('--bootnode <MULTIADDR>', 'a node to connect to, with /p2p/<id>; may be repeated', bootnodeOption)
    .option('--archive', 'keep the large extrinsics of all blocks')
    .option('--log <LEVEL>', 'how much to log', logOption, 'info')
    .action(runNode);
}

async function runNode(flags: NodeFlags): Promise<void> {
  const spec = readSpec(flags.chain);
  const keys = await validatorKeys(
    { ...(flags.validator && { file: flags.validator }), ...(flags.devKey && { dev: flags.devKey }) },
    process.env,
  );
  const directory = join(resolve(flags.data), spec.id);
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch {
    throw new TacitError('cli/no-data', `--data: ${directory} cannot be made`);
  }
  // The audit finds the specification with the data.
  const copy = join(directory, 'chain.json');
  if (!builtinSpec(flags.chain) && resolve(flags.chain) !== copy) copyFileSync(flags.chain, copy);
  const log = createLog(flags.log, 'tacit');
  const node = await startNode({
    spec,
    directory,
    keys,
    rpc: {
      host: flags.rpcHost,
      port: flags.rpcPort,
      origins: flags.rpcOrigins ?? (flags.chain === 'dev' ? 'all' : DEFAULT_ORIGINS),
    },
    metricsPort: flags.metricsPort,
    listen: [`/ip4/${flags.p2pHost}/tcp/${flags.p2pPort}`],
    bootnodes: flags.bootnode ?? [],
    archive: flags.archive ?? false,
    // Fault tests make development validators lie; one with keys of its own cannot be made to.
    tamper: flags.devKey === undefined ? undefined : process.env.TACIT_FAULT_TAMPER,
    log,
  });
  const ready: NodeReady = {
    kind: 'ready',
    rpcPort: node.rpcPort,
    addresses: node.network
      .addresses()
      .sort((a, b) => Number(b.includes('/127.0.0.1/')) - Number(a.includes('/127.0.0.1/'))),
    ...(node.metricsPort !== undefined && { metricsPort: node.metricsPort }),
  };
  process.send?.(ready);
  const why = await Promise.race([untilStopped(), node.damaged]);
  if (typeof why === 'string') log.info({ why }, 'stopping');
  else log.fatal({ ...why.details, code: why.code }, why.message);
  await node.stop();
  if (typeof why !== 'string') throw why;
}
