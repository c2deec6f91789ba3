import type { Command } from 'commander';
import { bootnodeOption, logFormatOption, logOption, portOption, withRpcFlags } from '../../process/options.ts';

/** `tacit node`: the flags. */
export function addNodeCommand(program: Command): void {
  withRpcFlags(program.command('node'))
    .description('run one node')
    .option('--chain <dev|local|FILE>', 'the chain specification', 'dev')
    .option('--data <DIR>', 'where the node keeps its data', '.tacit')
    .option('--rpc-port <PORT>', 'port of the JSON-RPC server (WebSocket and HTTP)', portOption, 9944)
    .option('--p2p-host <ADDRESS>', 'IPv4 or IPv6 address for other nodes', '0.0.0.0')
    .option('--p2p-port <PORT>', 'port for other nodes', portOption, 30_333)
    .option('--metrics-port <PORT>', 'serve Prometheus metrics on this port', portOption)
    .option('--validator <KEYFILE>', 'validate with the keys in this file (see tacit keys new)')
    .option('--dev-key <URI>', 'validate with the development keys of //Alice, //Bob, ...: never with real money')
    .option('--bootnode <MULTIADDR>', 'a node to connect to, with /p2p/<id>; may be repeated', bootnodeOption)
    .option('--archive', 'keep the large extrinsics of all blocks')
    .option('--log <LEVEL>', 'how much to log', logOption, 'info')
    .option('--log-format <json|text>', 'text on a terminal, json elsewhere', logFormatOption)
    .action(async (flags) => (await import('../run-node.ts')).runNode(flags));
}
