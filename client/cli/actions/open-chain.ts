import { type Chain, connect } from '../../sdk/connect.ts';
import { knownChain } from '../../sdk/node/chain-file.ts';
import type { OfNode } from '../flags.ts';

/** A connection to the node of the flags, which proves what it says. */
export async function openChain({ rpc, chain, trustNode = false, insecure = false }: OfNode): Promise<Chain> {
  // who says that the node is believed means it, whatever lies in the folder
  const known = trustNode && chain === undefined ? {} : knownChain(chain);
  return connect(rpc, { ...known, trustNode, insecure });
}
