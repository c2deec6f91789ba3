/** Where a program finds which chain to trust, if its user does not say. */
import { existsSync, readFileSync } from 'node:fs';
import type { ConnectOptions } from '../connect.ts';
import { TacitError } from '../../../primitives/errors.ts';

/** The specification that `tacit start` keeps of its network. */
const LOCAL = '.tacit/local/chain.json';
const VARIABLE = 'TACIT_CHAIN';

/**
 * The chain to trust: of the file that is named, else of the one that TACIT_CHAIN names, else of the network that `tacit start` keeps in this folder.
 * Empty if there is none: then `connect` refuses.
 * @throws `sdk/no-chain-file`
 */
export function knownChain(file = process.env[VARIABLE]): Pick<ConnectOptions, 'chain'> {
  const named = file !== undefined && file !== '';
  if (!named && !existsSync(LOCAL)) return {};
  const path = named ? file : LOCAL;
  try {
    return { chain: readFileSync(path, 'utf8') };
  } catch (error) {
    const why = (error as NodeJS.ErrnoException).code;
    throw new TacitError('sdk/no-chain-file', `cannot read the chain specification ${path}: ${why}`, { path });
  }
}
