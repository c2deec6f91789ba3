/** What the committee, and every auditor, does with the seal of a submission once its round has closed (§4). */
import { openOnce } from '../crypto/aead.ts';
import { openAllWith } from '../crypto/box.ts';
import { sameBytes } from '../crypto/bytes.ts';
import type { Scalar } from '../crypto/ristretto.ts';
import { TacitError } from '../errors.ts';
import type { FheParams } from '../fhe/params.ts';
import type { RoundKeys } from './round-keys.ts';
import { joinKey, parseSealed, SEED_BYTES } from './sealed.ts';
import { type Binding, boxData, keyDigestOf, payloadData, type SealedHead } from './transcript.ts';

/** Why a submission is dropped after the close: wire numbers of the reasons that members post. */
export const REJECTIONS = {
  keyBox: 1,
  keyDigest: 2,
  payloadBox: 3,
  payloadForm: 4,
  ciphertext: 5,
  delta: 6,
  scalar: 7,
  check: 8,
} as const;
export type Rejection = keyof typeof REJECTIONS;

export interface RejectedOutcome {
  readonly status: 'rejected';
  readonly reason: Rejection;
}

const rejected = (reason: Rejection): RejectedOutcome => ({ status: 'rejected', reason });

/**
 * The bytes of the payload in a sealed submission, by the published `x_A^seal` of every subset, in order. Throws only where the caller is at fault: a `sealed` that
 * `parseSealed` refuses, a missing secret.
 */
export function openPayload(
  params: FheParams,
  binding: Binding,
  keys: RoundKeys,
  sealed: Uint8Array,
  sealSecrets: readonly Scalar[],
): { readonly status: 'open'; readonly bytes: Uint8Array; readonly head: SealedHead } | RejectedOutcome {
  const parsed = parseSealed(params, binding.spec, sealed);
  const boxes = parsed.keyBoxes.map((box, A) => {
    const secret = sealSecrets[A];
    const recipient = keys.sealKeys[A];
    if (secret === undefined || recipient === undefined) {
      throw new TacitError('proofs/round-keys', 'a subset’s secret or key is missing', { subset: A });
    }
    return { secret, recipient, box, associated: boxData(binding, 'key', A) };
  });
  const summands: Uint8Array[] = [];
  for (const summand of openAllWith(parsed.ephemeral, boxes)) {
    if (summand?.length !== SEED_BYTES) return rejected('keyBox');
    summands.push(summand);
  }
  const key = joinKey(summands);
  if (!sameBytes(keyDigestOf(key), parsed.keyDigest)) return rejected('keyDigest');
  const bytes = openOnce(key, parsed.payloadBox, payloadData(binding, parsed));
  if (bytes === undefined) return rejected('payloadBox');
  return { status: 'open', bytes, head: parsed };
}

/** The reason why a payload cannot be read, from the error of its decoder. */
export function rejectionOf(error: TacitError): Rejection {
  if (error.code === 'proofs/delta-range') return 'delta';
  if (error.code === 'proofs/scalar-range') return 'scalar';
  return error.code.startsWith('fhe/') ? 'ciphertext' : 'payloadForm';
}

/**
 * The seeds of a sealed submission that a member can open, by subset. A box that does not open to 32 bytes stands for the ZERO seed: nobody votes or complains
 * [a complaint that reveals a shared secret is a decryption oracle].
 */
export function openSeedBoxes(
  params: FheParams,
  binding: Binding,
  sealed: Uint8Array,
  maskSecrets: ReadonlyMap<number, Scalar>,
): Map<number, Uint8Array> {
  const parsed = parseSealed(params, binding.spec, sealed);
  const subsets = [...maskSecrets.keys()];
  const boxes = Array.from(maskSecrets, ([A, secret]) => {
    const box = parsed.seedBoxes[A];
    if (box === undefined) throw new TacitError('proofs/round-keys', 'no subset has this number', { subset: A });
    return { secret, box, associated: boxData(binding, 'seed', A) };
  });
  const seeds = openAllWith(parsed.ephemeral, boxes);
  return new Map(
    subsets.map((A, i) => {
      const seed = seeds[i];
      return [A, seed?.length === SEED_BYTES ? seed : new Uint8Array(SEED_BYTES)];
    }),
  );
}
