/** Hashes that a round is bound by. */
import { hash32Of } from '../crypto/hash.ts';
import type { RoundContext } from '../fhe/params.ts';

/** What every derivation of a round is bound to. */
export function roundContext(
  genesis: Uint8Array,
  { term, round, paramsId }: { readonly term: number; readonly round: number; readonly paramsId: string },
): RoundContext {
  return { genesis, term, round, paramsId };
}

/** Bytes of the salt under which a direction is committed. */
export const SALT_BYTES = 32;

/**
 * What the model's owner commits to when the round is made: one hash per part of `g`, signed bytes, under a secret salt [validation sets are made of public
 * data: without a salt whoever guesses the set confirms the guess, and submits `g` itself].
 */
export function directionHash(part: number, salt: Uint8Array, direction: Uint8Array): Uint8Array {
  return hash32Of('tacit/direction/2', part, salt, direction);
}

/** The beacon of a round: the hash of all revealed sealing secrets, in the order of the subsets (§4). */
export function beaconOf(genesis: Uint8Array, round: number, secrets: readonly Uint8Array[]): Uint8Array {
  return hash32Of('tacit/beacon/1', genesis, round, ...secrets);
}

/** Index of the one call by which a pallet takes its committee's posts. */
export const POST_CALL = 0;

/** What a committee member signs: `hash32Of('tacit/post/1', genesis, [pallet, call], SCALE(post))`. */
export function postText(genesis: Uint8Array, pallet: number, post: Uint8Array): Uint8Array {
  return hash32Of('tacit/post/1', genesis, Uint8Array.of(pallet, POST_CALL), post);
}
