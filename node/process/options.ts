/** Flags: parsed to what the node takes, each mistake named. Nothing heavy is imported here: help must not load the node. */
import { type Command, InvalidArgumentError } from 'commander';
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

export function originsOption(text: string): readonly string[] | 'all' {
  if (text === 'all') return 'all';
  const origins = text.split(',').map((origin) => origin.trim());
  for (const origin of origins) {
    if (!URL.canParse(origin) || new URL(origin).origin !== origin) {
      throw new InvalidArgumentError(`'${origin}' is no origin like https://example.org.`);
    }
  }
  return origins;
}

/** What the flags of {@link withRpcFlags} say. A flag that is added there reaches the validators of a local network without more. */
export interface RpcFlags {
  readonly rpcHost: string;
  readonly rpcOrigins?: readonly string[] | 'all';
}

/** The flags of the RPC server, its port apart: `tacit node` takes them, and `tacit local` and `tacit start` for their validators. */
export function withRpcFlags(command: Command): Command {
  return command
    .option('--rpc-host <ADDRESS>', 'address of the JSON-RPC server', '127.0.0.1')
    .option('--rpc-origins <all|LIST>', 'web pages that may connect, besides local ones', originsOption);
}

/** The same flags for a node of a local network, as text. */
export function rpcArguments(flags: object): string[] {
  return Object.entries(flags).flatMap(([name, value]) => {
    if (!name.startsWith('rpc') || value === undefined || value === false) return [];
    const flag = `--${name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
    return value === true ? [flag] : [flag, String(value)];
  });
}
