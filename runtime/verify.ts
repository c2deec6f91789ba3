import { verifySignature, type VerifyTask } from '../pallets/support/index.ts';

/** Carries out a verification here and now: what a node's workers call, and what a host falls back to. */
export function verifyTask(task: VerifyTask): boolean {
  return verifySignature(task);
}
