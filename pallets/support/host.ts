import { ecdsaVerify, ed25519Verify, sr25519Verify } from '../../primitives/crypto/signature.ts';
import { TacitError } from '../../primitives/errors.ts';
import type { MultiSignature } from './types.ts';

/**
 * A costly check that is a pure function of its parts. `sr25519` and `ed25519`: public key, message, signature; `ecdsa`: account, message, signature;
 * `schnorr` and `hidden-claim`: as the proof's own module defines.
 */
export type VerifyTask = {
  kind: 'sr25519' | 'ed25519' | 'ecdsa' | 'hidden-claim' | 'schnorr';
  parts: Uint8Array[];
};

/** Which check a signature needs. */
export function signatureKind({ tag }: MultiSignature): 'sr25519' | 'ed25519' | 'ecdsa' {
  return tag === 'Sr25519' ? 'sr25519' : tag === 'Ed25519' ? 'ed25519' : 'ecdsa';
}

/** What the state machine may ask of its surroundings: pure functions, whose results a node may have at hand from its workers. */
export interface Host {
  verify(task: VerifyTask): boolean;
  /**
   * Whether every check is taken for passed, to find out what is to be checked and what would follow. Then nothing is looked at that somebody who is not who he says could have
   * made costly: that comes after the checks.
   */
  readonly believes?: boolean | undefined;
  /** Is told of exceptions that no pallet meant: a fault of the runtime. */
  report?(error: unknown): void;
}

/** Checks a signature task here and now. */
export function verifySignature({ kind, parts }: VerifyTask): boolean {
  const [publicKey, message, signature] = parts;
  if (!publicKey || !message || !signature || parts.length !== 3)
    throw new TacitError('support/bad-task', 'three parts wanted');
  if (kind === 'sr25519') return sr25519Verify(signature, message, publicKey);
  if (kind === 'ed25519') return ed25519Verify(signature, message, publicKey);
  if (kind === 'ecdsa') return ecdsaVerify(signature, message, publicKey);
  throw new TacitError('support/bad-task', `${kind} is no signature`);
}
