/** What every hash of a submission's seal covers, and in which order (§4). What its proof is bound to: primitives/linear/transcript.ts. */
import { type HashPart, hash32Of } from '../crypto/hash.ts';
import type { RoundContext } from '../fhe/params.ts';
import { type LaneSpec, laneBytes } from './lane.ts';

/** What a submission is bound to: nothing of it has a meaning elsewhere. */
export interface Binding {
  readonly context: RoundContext;
  readonly spec: LaneSpec;
  /** Public key of the submitting account, 32 bytes. */
  readonly account: Uint8Array;
}

/** Parts of a sealed submission that stand in the open. */
export interface SealedHead {
  /** The ephemeral key `E` of all boxes. */
  readonly ephemeral: Uint8Array;
  /** `H(k)`: the AEAD alone does not commit to its key. */
  readonly keyDigest: Uint8Array;
  /** One box per subset with its summand of `k`, sealed to `X_A^seal`. */
  readonly keyBoxes: readonly Uint8Array[];
  /** One box per subset with its seed, sealed to `X_A^mask`. */
  readonly seedBoxes: readonly Uint8Array[];
}

/** What every hash of a submission begins with. */
export const bound = ({ context, spec, account }: Binding): HashPart[] => [
  context.genesis,
  context.paramsId,
  context.term,
  context.round,
  laneBytes(spec),
  account,
];

/** Associated data of the box to one subset. */
export function boxData(binding: Binding, purpose: 'key' | 'seed', subset: number): Uint8Array {
  return hash32Of('tacit/submission-box/1', purpose, ...bound(binding), subset);
}

/** `H(k)` */
export function keyDigestOf(key: Uint8Array): Uint8Array {
  return hash32Of('tacit/payload-key/1', key);
}

const headParts = (head: SealedHead): HashPart[] => [
  head.ephemeral,
  head.keyDigest,
  head.keyBoxes.length,
  ...head.keyBoxes,
  ...head.seedBoxes,
];

/** Associated data of the payload: all that precedes it. */
export function payloadData(binding: Binding, head: SealedHead): Uint8Array {
  return hash32Of('tacit/payload/1', ...bound(binding), ...headParts(head));
}

/** The message under the proof of knowledge of `E`: the whole extrinsic. */
export function submissionMessage(binding: Binding, head: SealedHead, payloadBox: Uint8Array): Uint8Array {
  return hash32Of('tacit/submission/1', ...bound(binding), ...headParts(head), payloadBox);
}

/** The key stream seed behind everything one subset contributes under `purpose` (§5, `expand`). */
export function expansionSeed(
  binding: Binding,
  ephemeral: Uint8Array,
  subset: number,
  seed: Uint8Array,
  purpose: string,
): Uint8Array {
  return hash32Of('tacit/expand/1', seed, ...bound(binding), ephemeral, subset, purpose);
}

/** Digest of the public key as ciphertexts use it: `a` and `b` at data level, residues as u64. */
export function publicKeyDigest(a: BigUint64Array, b: BigUint64Array): Uint8Array {
  const bytes = (poly: BigUint64Array): Uint8Array => new Uint8Array(poly.buffer, poly.byteOffset, poly.byteLength);
  return hash32Of('tacit/encryption-key/1', bytes(a), bytes(b));
}
