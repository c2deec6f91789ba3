/** A committee of four in one process with everything a round of it needs, so that each member's part can be timed by itself. */
import { randomBytes } from 'node:crypto';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import {
  boxPublicKey,
  boxSecret,
  keyAssignment,
  keyPosting,
  publicKey,
  secretPiece,
} from '../../primitives/fhe/keys.ts';
import { fheParamsFor, type RoundContext, subsetsWith } from '../../primitives/fhe/params.ts';
import { sumSmall } from '../../primitives/fhe/sample.ts';
import type { RnsPoly } from '../../primitives/fhe/types.ts';
import type { RoundKeys } from '../../primitives/proofs/round-keys.ts';

export const random = (n: number): Uint8Array => new Uint8Array(randomBytes(n));

export const params = fheParamsFor(4);
export const context: RoundContext = {
  genesis: hash32Of('tacit/bench/1', 'genesis'),
  term: 1,
  round: 1,
  paramsId: params.id,
};
export const members: readonly number[] = Array.from({ length: params.n }, (_, j) => j);
const subsets: readonly number[] = params.subsets.map((_, subset) => subset);
const chainKeys = subsets.map((subset) => hash32Of('tacit/bench/1', 'K', subset));
const keyOf = (subset: number): Uint8Array => chainKeys[subset] as Uint8Array;

/** The round keys of a member's subsets. */
export function keysOf(member: number): Map<number, Uint8Array> {
  return new Map(subsetsWith(params, member).map((subset) => [subset, keyOf(subset)]));
}

export const assignment: readonly number[] = keyAssignment(params);

/** What the members post towards the public key. */
export function keyPostings(): Map<number, RnsPoly> {
  return new Map(
    members.flatMap((member) => {
      const posting = keyPosting(params, context, member, keysOf(member), assignment);
      return posting ? [[member, posting] as const] : [];
    }),
  );
}

let made: RoundKeys | undefined;

/** The round's public keys. */
export function roundKeys(): RoundKeys {
  made ??= {
    publicKey: publicKey(params, context, keyPostings(), assignment),
    sealKeys: subsets.map((subset) => boxPublicKey(context, 'seal', subset, keyOf(subset))),
    maskKeys: subsets.map((subset) => boxPublicKey(context, 'mask', subset, keyOf(subset))),
  };
  return made;
}

/** The round's secret, which on the chain nobody holds: SEAL's decryption needs it. */
export function wholeSecret(): Int16Array {
  const pieces = subsets.map((subset) => secretPiece(params, context, subset, keyOf(subset)));
  return sumSmall(pieces, params.degree);
}

/** `x_A^seal` of every subset, as published after the close. */
export const sealSecrets = (): bigint[] => subsets.map((subset) => boxSecret(context, 'seal', subset, keyOf(subset)));

/** `x_A^mask` of the subsets a member is in. */
export function maskSecrets(member: number): Map<number, bigint> {
  return new Map(
    subsetsWith(params, member).map((subset) => [subset, boxSecret(context, 'mask', subset, keyOf(subset))]),
  );
}
