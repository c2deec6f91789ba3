/** Check 3: every stored justification is proved by the voters that the re-executed state names. */
import { toHex } from '../../primitives/crypto/hex.ts';
import { isTacitError } from '../../primitives/errors.ts';
import type { Runtime } from '../../runtime/index.ts';
import { grandpaAuthorities } from '../base/authorities.ts';
import type { StateOf } from '../chain/ahead.ts';
import type { Host } from '../base/runtime.ts';
import type { AuthoritySet, Verifier } from '../base/types.ts';
import { verifyJustification } from '../consensus/grandpa/justification.ts';
import { CHECK, type CheckBook } from './book.ts';
import type { StoredBlock } from './types.ts';

const NOTHING = new Uint8Array(0);

/** The voters that finalize the children of a block. */
export function votersAfter(runtime: Runtime, { hash, state }: StateOf, host: Host): AuthoritySet {
  return grandpaAuthorities((method) => runtime.call(state, hash, method, NOTHING, host));
}

/**
 * @param voters of the parent's state
 * @param needed why the block must have a justification of its own, or undefined if its descendants' suffices
 */
export async function checkFinality(
  block: StoredBlock,
  voters: AuthoritySet,
  needed: string | undefined,
  verifier: Verifier,
  book: CheckBook,
): Promise<void> {
  if (block.justification === undefined) {
    if (needed !== undefined) book.expect(CHECK.justifications, false, `${needed} has no justification`);
    return;
  }
  try {
    const { authorities, setId } = voters;
    const { target } = await verifyJustification(block.justification, authorities, setId, verifier);
    book.same(CHECK.justifications, 'block that the justification finalizes', block.hash, target.hash);
    book.same(CHECK.justifications, 'height that the justification names', block.header.number, target.number);
  } catch (error) {
    if (!isTacitError(error)) throw error;
    book.expect(CHECK.justifications, false, `${error.message} (set ${setName(voters)})`);
  }
}

function setName({ setId, authorities }: AuthoritySet): string {
  return `${setId} of ${authorities.length} voters, first ${toHex(authorities[0]?.id ?? NOTHING)}`;
}
