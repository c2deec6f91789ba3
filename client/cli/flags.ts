/** Flags that several commands for people share. Nothing heavy is imported here: help must not load the world. */
import type { Command } from 'commander';
import { TacitError } from '../../primitives/errors.ts';

const DEFAULT_RPC = 'ws://127.0.0.1:9944';

export interface OnChain {
  readonly rpc: string;
  readonly wallet: string;
}

/** `--rpc`: the node to talk to. */
export function withNode(command: Command): Command {
  return command.option('--rpc <url>', 'node to talk to', DEFAULT_RPC);
}

/** `--rpc` and `--wallet`. */
export function onChain(command: Command): Command {
  return withNode(command).requiredOption('--wallet <file>', 'wallet file');
}

/** A round's number and the like. Throws `cli/bad-flag`. */
export function wholeNumber(flag: string, text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) {
    throw new TacitError('cli/bad-flag', `${flag} takes a whole number, not '${text}'`, { flag });
  }
  return Number(text);
}
