import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';
import type { ChainApi, HexHash, Verifier } from '../base/types.ts';
import { handover } from '../consensus/grandpa/chain-view.ts';
import { verifyJustification } from '../consensus/grandpa/justification.ts';

/**
 * Finalizes a known block by a justification that came from outside. Gives the block whose justification is wanted first if
 * the authorities change between our finalized block and this one: sets are handed over one by one.
 * Throws `grandpa/bad-justification` (whoever sent it is at fault) and what the chain throws.
 */
export async function finalizeBy(
  chain: ChainApi,
  hash: HexHash,
  justification: Uint8Array,
  verifier: Verifier,
): Promise<'finalized' | 'known' | { readonly first: HexHash }> {
  const header = chain.header(hash);
  if (header === undefined) throw new TacitError('chain/unknown-block', 'justification of an unknown block', { hash });
  const finalized = chain.finalized();
  if (header.number <= finalized.number) return 'known';
  const { setId } = chain.authorities(finalized.hash);
  const parent = toHex(header.parentHash);
  const voters = chain.authorities(parent);
  if (voters.setId !== setId) {
    const head = { hash: parent, number: header.number - 1 };
    return { first: handover(chain, head, finalized.number, setId)?.hash ?? parent };
  }
  const { target } = await verifyJustification(justification, voters.authorities, setId, verifier);
  if (target.hash !== hash) {
    throw new TacitError('grandpa/bad-justification', 'justification refused: of another block', {
      reason: 'other-block',
    });
  }
  await chain.finalize(hash, justification);
  return 'finalized';
}
