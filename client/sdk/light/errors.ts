/** Refusals of the light client. Each says what the node did, and what the user may do about it. */
import { isTacitError, TacitError } from '../../../primitives/errors.ts';

/** What a refusal can be for. */
export type Refusal =
  /** There is nothing to start from. */
  | 'no-trust-root'
  | 'bad-trust-root'
  /** An answer that has not the form it must have, or is too large. */
  | 'bad-answer'
  /** A header that does not hash to the name it was asked by. */
  | 'wrong-header'
  /** A block whose finality the known authorities do not prove. */
  | 'not-final'
  /** A change of authorities that the chain's headers do not show. */
  | 'bad-handover'
  | 'too-many-handovers'
  /** A finalized block that is not on the chain of the one known before. */
  | 'conflict'
  /** The node is behind what was proved before, or shows an old block as the newest. */
  | 'behind'
  | 'stale'
  | 'nothing-final'
  /** Extrinsics that are not those of the block they are shown for. */
  | 'wrong-body'
  /** A final block that does not hold the extrinsic which the node says is in it, or does not say what has become of it. */
  | 'not-included'
  /** A storage proof that leaves open what was asked. */
  | 'incomplete-proof'
  | 'too-many-keys'
  | 'other-chain'
  | 'other-runtime';

export function refused(what: Refusal, message: string, details: Record<string, unknown> = {}): TacitError {
  return new TacitError(`light/${what}`, message, details);
}

/** Whether an error is a refusal of the light client: the node has not proved what it says. */
export function isRefusal(error: unknown): boolean {
  return isTacitError(error) && error.code.startsWith('light/');
}

/** Whether a node is only behind: it may have just started, and is worth waiting for. */
export function isBehind(error: unknown): boolean {
  return isTacitError(error) && BEHIND.has(error.code);
}
const BEHIND: ReadonlySet<string> = new Set(['light/behind', 'light/stale', 'light/nothing-final']);
