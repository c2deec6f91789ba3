import type { Header } from '../../pallets/support/types.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { isOurs } from '../base/faults.ts';
import { refOf } from '../base/header.ts';
import type { BlockRef, HexHash, ImportResult } from '../base/types.ts';

/** What an error says of a block. Throws it if it says nothing of it but of us: a disk that is full or broken says nothing of who sent the block either. */
export function refusalOf(header: Header, error: unknown, onError: (error: unknown) => void): ImportResult {
  if (isOurs(error)) {
    onError(error);
    throw error;
  }
  const ref = nameOf(header);
  if (isTacitError(error)) return { kind: 'invalid', ref, code: error.code, message: error.message };
  // A fault of ours that this block brings out; the block is refused and the node goes on.
  onError(error);
  return { kind: 'invalid', ref, code: 'chain/internal', message: 'the block cannot be executed' };
}

/** Undefined for a header that cannot be encoded: it has no name. */
function nameOf(header: Header): BlockRef | undefined {
  try {
    return refOf(header);
  } catch {
    return undefined;
  }
}

export const unknownBlock = (hash: HexHash): TacitError =>
  new TacitError('chain/unknown-block', 'no such block', { hash });

export const deadBranch = (hash: HexHash): TacitError =>
  new TacitError('chain/finality-conflict', 'the block is on a branch that has died', { hash });
