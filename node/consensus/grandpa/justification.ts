/** Proofs of finality with the node's own verifier of signatures, which works in threads. */
import {
  type Authorities,
  badJustification,
  type BlockRef,
  checkJustification,
  type SignatureCheck,
  signatureOf,
  type SignedVote,
  type VoteKind,
} from '../../../primitives/grandpa/index.ts';
import type { Verifier, VerifyTask } from '../../base/types.ts';

export { encodeJustification } from '../../../primitives/grandpa/index.ts';

const taskOf = ({ publicKey, message, signature }: SignatureCheck): VerifyTask => ({
  kind: 'ed25519',
  parts: [publicKey, message, signature],
});

/** The ed25519 check of a vote. */
export function voteTask(setId: bigint, round: bigint, kind: VoteKind, vote: SignedVote): VerifyTask {
  return taskOf(signatureOf(setId, round, kind, vote));
}

/** Whether all of some signatures are right. */
export async function areSigned(signatures: readonly SignatureCheck[], verifier: Verifier): Promise<boolean> {
  const results = await verifier.verify(signatures.map(taskOf));
  return results.length === signatures.length && results.every(Boolean);
}

/** Whether `bytes` prove that the voters of a set finalized a block, and which. Throws `grandpa/bad-justification` if not. */
export async function verifyJustification(
  bytes: Uint8Array,
  authorities: Authorities,
  setId: bigint,
  verifier: Verifier,
): Promise<{ readonly round: bigint; readonly target: BlockRef }> {
  const { round, target, signatures } = checkJustification(bytes, authorities, setId);
  if (!(await areSigned(signatures, verifier))) throw badJustification('a signature is wrong');
  return { round, target };
}
