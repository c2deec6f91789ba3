/** Flags: parsed to what the node takes, each mistake named. */
import { existsSync, readFileSync } from 'node:fs';
import { InvalidArgumentError } from 'commander';
import { builtinSpec, type ChainSpec, parseChainSpecText } from '../../chain-spec/index.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { parseAddress } from '../network/index.ts';
import { type Origins, parseOrigins } from '../rpc/origins.ts';
import { LOG_LEVELS, type LogLevel } from '../telemetry/index.ts';

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

/** Repeatable: a full multiaddress. */
export function bootnodeOption(text: string, before: readonly string[] = []): string[] {
  try {
    parseAddress(text);
  } catch (error) {
    if (isTacitError(error)) throw new InvalidArgumentError(`${error.message}.`);
    throw error;
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

/** `dev`, `local`, or a file. */
export function readSpec(name: string): ChainSpec {
  const builtin = builtinSpec(name);
  if (builtin) return builtin;
  if (!existsSync(name)) {
    throw new TacitError('cli/no-chain', `--chain is to be dev, local or a file; there is no file ${name}`);
  }
  let text: string;
  try {
    text = readFileSync(name, 'utf8');
  } catch {
    throw new TacitError('cli/no-chain', `--chain: ${name} cannot be read`);
  }
  return parseChainSpecText(text);
}
