/** Flags: parsed to what the node takes, each mistake named. Nothing heavy is imported here: help must not load the node. */
import { type Command, InvalidArgumentError } from 'commander';
import { isTacitError } from '../../primitives/errors.ts';
import { type Origins, parseOrigins } from '../rpc/origins.ts';
import { LOG_FORMATS, LOG_LEVELS, type LogFormat, type LogLevel } from '../telemetry/levels.ts';

/** A TCP port; 0 takes a free one. */
export function portOption(text: string): number {
  const port = Number(text);
  if (!/^\d{1,5}$/.test(text) || port > 65_535) throw new InvalidArgumentError('a port is a number from 0 to 65535.');
  return port;
}

export function logOption(text: string): LogLevel {
  const level = LOG_LEVELS.find((name) => name === text);
  if (!level) throw new InvalidArgumentError(`one of ${LOG_LEVELS.join(', ')}.`);
  return level;
}

export function logFormatOption(text: string): LogFormat {
  const format = LOG_FORMATS.find((name) => name === text);
  if (!format) throw new InvalidArgumentError(`one of ${LOG_FORMATS.join(', ')}.`);
  return format;
}

/** Repeatable: a full multiaddress. Its form alone is looked at here; the network reads it whole. */
export function bootnodeOption(text: string, before: readonly string[] = []): string[] {
  if (!text.startsWith('/')) throw new InvalidArgumentError(`'${text}' is no multiaddress.`);
  if (!/\/p2p\/[1-9A-HJ-NP-Za-km-z]{16,}$/.test(text)) {
    throw new InvalidArgumentError(`'${text}' does not end in /p2p/<peer id>.`);
  }
  return [...before, text];
}

/** See `parseOrigins` of node/rpc. */
export function originsOption(text: string): Origins {
  try {
    return parseOrigins(text);
  } catch (error) {
    if (isTacitError(error)) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
  }
}

/** What the flags of {@link withRpcFlags} say. A flag that is added there reaches the validators of a local network without more. */
export interface RpcFlags {
  readonly rpcHost: string;
  readonly rpcOrigins?: Origins;
}

/** The flags of the RPC server, its port apart: `tacit node` takes them, and `tacit local` and `tacit start` for their validators. */
export function withRpcFlags(command: Command): Command {
  return command
    .option('--rpc-host <ADDRESS>', 'address of the JSON-RPC server', '127.0.0.1')
    .option(
      '--rpc-origins <all|none|LIST>',
      'web pages and extensions that may connect, besides local ones and polkadot.js.org',
      originsOption,
    );
}

/** The same flags for a node of a local network, as text. */
export function rpcArguments(flags: object): string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    if (!name.startsWith('rpc') || value === undefined || value === false) return [];
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    // An empty list was written as none.
    return value === true ? [flag] : [flag, String(value) || 'none'];
  });
}
