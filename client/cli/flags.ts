/** Flags that several commands for people share. Nothing heavy is imported here: help must not load the world. */
import type { Command } from 'commander';
import { TacitError } from '../../primitives/errors.ts';
import { NUMBER_TYPES, type NumberType } from '../sdk/update-file.ts';

const DEFAULT_RPC = 'ws://127.0.0.1:9944';

/** Which node, and which chain it has to prove. */
export interface OfNode {
  readonly rpc: string;
  readonly chain?: string;
  readonly trustNode?: boolean;
  readonly insecure?: boolean;
}

export interface OnChain extends OfNode {
  readonly wallet: string;
}

/** `--rpc`: the node to talk to; `--chain`: what it has to prove. */
export function withNode(command: Command): Command {
  return command
    .option('--rpc <url>', 'node to talk to', DEFAULT_RPC)
    .option('--chain <file>', 'chain specification or checkpoint to trust; .tacit/local/chain.json if that is there')
    .option('--trust-node', 'believe the node about which chain it is: whoever runs it can say anything')
    .option('--insecure', 'talk to another machine without TLS');
}

/** {@link withNode} and, unless it is not wanted, `--wallet`. */
export function onChain(command: Command, { wallet = true } = {}): Command {
  return wallet ? withNode(command).requiredOption('--wallet <file>', 'wallet file') : withNode(command);
}

/** Numbers with commas between them; none if the flag is left out. Throws `cli/bad-flag`. */
export const wholeNumbers = (flag: string, text = ''): number[] =>
  text === '' ? [] : text.split(',', 256).map((one) => wholeNumber(flag, one));

/** How the numbers of a raw file are written. Throws `cli/bad-flag`. */
export function numberType(text: string | undefined): NumberType | undefined {
  const type = NUMBER_TYPES.find((known) => known === text);
  if (type === undefined && text !== undefined)
    throw new TacitError('cli/bad-flag', `--type takes ${NUMBER_TYPES.join(' or ')}, not '${text}'`, {
      flag: '--type',
    });
  return type;
}

/** A round's number and the like. Throws `cli/bad-flag`. */
export function wholeNumber(flag: string, text: string): number {
  if (!/^[0-9]{1,9}$/.test(text)) {
    throw new TacitError('cli/bad-flag', `${flag} takes a whole number, not '${text}'`, { flag });
  }
  return Number(text);
}

/** Whole TAC with up to six decimals, in units of 10^-6. Throws `cli/bad-flag`. */
export function unitsOf(flag: string, text: string): bigint {
  const [, whole, decimals = ''] = /^([0-9]{1,18})(?:\.([0-9]{1,6}))?$/.exec(text) ?? [];
  if (whole === undefined)
    throw new TacitError('cli/bad-flag', `${flag} takes TAC with up to six decimals, not '${text}'`, { flag });
  return BigInt(whole) * 1_000_000n + BigInt(decimals.padEnd(6, '0'));
}
