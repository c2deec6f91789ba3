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

/** What a holder of some `x_A^seal` finds in the key boxes of their subsets, before the others are published. */
export interface OwnSummands {
  readonly subsets: ReadonlySet<number>;
  /** The XOR of the summands; undefined if one of the boxes does not open to 32 bytes. */
  readonly key: Uint8Array | undefined;
}

/** The summands of boxes, joined; undefined if a box does not open to 32 bytes. `secrets` are `x_A^seal` by subset. */
export function openKeyBoxes(
  params: FheParams,
  binding: Binding,
  sealKeys: readonly Uint8Array[],
  sealed: Uint8Array,
  secrets: ReadonlyMap<number, Scalar>,
): OwnSummands {
  const parsed = parseSealed(params, binding.spec, sealed);
  const boxes = Array.from(secrets, ([A, secret]) => {
    const [box, recipient] = [parsed.keyBoxes[A], sealKeys[A]];
    if (box === undefined || recipient === undefined) {
      throw new TacitError('proofs/round-keys', 'a subset’s secret or key is missing', { subset: A });
    }
    return { secret, recipient, box, associated: boxData(binding, 'key', A) };
  });
  const summands = openAllWith(parsed.ephemeral, boxes).filter((summand) => summand?.length === SEED_BYTES);
  const key = summands.length === boxes.length ? joinKey(summands as Uint8Array[]) : undefined;
  return { subsets: new Set(secrets.keys()), key };
}

/**
 * The bytes of the payload in a sealed submission, by the published `x_A^seal` of every subset, in order. Throws only where the caller is at fault: a `sealed` that
 * `parseSealed` refuses, a missing secret.
 * @param own what the caller found with secrets of its own that are those published: these boxes are not opened again
 */
export function openPayload(
  params: FheParams,
  binding: Binding,
  keys: RoundKeys,
  sealed: Uint8Array,
  sealSecrets: readonly Scalar[],
  own?: OwnSummands,
): { readonly status: 'open'; readonly bytes: Uint8Array; readonly head: SealedHead } | RejectedOutcome {
  const parsed = parseSealed(params, binding.spec, sealed);
  const others = params.subsets.flatMap((_, A): [number, Scalar][] => {
    const secret = sealSecrets[A];
    if (secret === undefined) throw new TacitError('proofs/round-keys', 'a subset’s secret is missing', { subset: A });
    return own?.subsets.has(A) ? [] : [[A, secret]];
  });
  const rest = openKeyBoxes(params, binding, keys.sealKeys, sealed, new Map(others));
  if (rest.key === undefined || (own !== undefined && own.key === undefined)) return rejected('keyBox');
  const key = own?.key === undefined ? rest.key : joinKey([own.key, rest.key]);
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
 * @param maskKeys `X_A^mask` by subset; one that is not given is computed
 */
export function openSeedBoxes(
  params: FheParams,
  binding: Binding,
  sealed: Uint8Array,
  maskSecrets: ReadonlyMap<number, Scalar>,
  maskKeys: readonly Uint8Array[] = [],
): Map<number, Uint8Array> {
  const parsed = parseSealed(params, binding.spec, sealed);
  const subsets = [...maskSecrets.keys()];
  const boxes = Array.from(maskSecrets, ([A, secret]) => {
    const box = parsed.seedBoxes[A];
    if (box === undefined) throw new TacitError('proofs/round-keys', 'no subset has this number', { subset: A });
    return { secret, recipient: maskKeys[A], box, associated: boxData(binding, 'seed', A) };
  });
  const seeds = openAllWith(parsed.ephemeral, boxes);
  return new Map(
    subsets.map((A, i) => {
      const seed = seeds[i];
      return [A, seed?.length === SEED_BYTES ? seed : new Uint8Array(SEED_BYTES)];
    }),
  );
}
