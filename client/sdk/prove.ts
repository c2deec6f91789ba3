/** Proving claims: decoding a bin of a thousand notes and proving keeps a core busy for a fifth of a second. Where that happens is a port. */
import { sameBytes } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';
import { type HiddenBin, openHiddenBin } from '../../primitives/proofs/hidden-bin.ts';
import {
  type ChangeSecrets,
  type HiddenTerms,
  type HiddenWitness,
  proveHiddenClaim,
} from '../../primitives/proofs/hidden-claim.ts';
import { random } from './random.ts';

/** Everything one claim is made of; plain data, so that it can cross to a thread. It holds the note's secrets. */
export interface ClaimInput {
  readonly bin: HiddenBin;
  /** The root that the chain has of the bin, 32 bytes. */
  readonly root: Uint8Array;
  readonly terms: Omit<HiddenTerms, 'outputs'>;
  readonly witness: HiddenWitness;
  readonly change: readonly ChangeSecrets[];
}

/** What a claim is sent with. */
export interface ProvedClaim {
  readonly terms: HiddenTerms;
  readonly proof: Uint8Array;
}

export interface ProveOptions {
  /** Gives the work up; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Proves a claim. */
export type Prover = (input: ClaimInput, options?: ProveOptions) => Promise<ProvedClaim>;

/**
 * In this thread, which does nothing else meanwhile: a signal is heard before the work only.
 * @throws `sdk/wrong-bin` if the notes are not those of the root, and what `proveHiddenClaim` throws
 */
export const proveHere: Prover = async ({ bin, root, terms, witness, change }, { signal } = {}) => {
  signal?.throwIfAborted();
  const open = openHiddenBin(bin);
  if (!sameBytes(open.root, root))
    throw new TacitError('sdk/wrong-bin', `the notes of bin ${bin.index} are not those of its root`);
  return proveHiddenClaim(open, terms, witness, change, random);
};
