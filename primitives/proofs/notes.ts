/**
 * Notes: what a settled round pays (specification §7), claimed from bins (§12, hidden-bin.ts).
 *
 * The committee opens `z = amount + m mod t` for the owner's mask `m`; with `M = m G + r H` from the enrolment the note is `C = z G - M`, a commitment to
 * `amount - w t` with blinding `-r`, where `w = 1` if the sum wrapped. Nobody but the owner knows `w`; a claim proves it beside the note (§12.6). Masks
 * `m + k t` change `w` and nothing else.
 */
import { sameBytes } from '../crypto/bytes.ts';
import { decodePoint, G, H, type Scalar, modOrder, times, timesPublic } from '../crypto/ristretto.ts';
import { TacitError } from '../errors.ts';

/** Amounts of notes are below this; the runtime keeps pool plus deposits of a round below it. */
export const AMOUNT_LIMIT: bigint = 1n << 47n;
/** What a claim takes, and every change, is below this number of grains; `t` is above three times it (§12.6). */
export const CLAIM_LIMIT: bigint = 1n << 48n;
/** A note on the chain: encoded points, 32 bytes each. */
export interface Note {
  /** One-time key `K = k J0`. */
  readonly key: Uint8Array;
  /** `C = z G - M`. */
  readonly commitment: Uint8Array;
}

/** The note of an item: from its opened payout `z` in [0, t) and its enrolment's `M` and `K` (both already checked). */
export function mintNote(z: bigint, maskCommitment: Uint8Array, key: Uint8Array): Note {
  return { key, commitment: timesPublic(G, z).subtract(decodePoint(maskCommitment)).toBytes() };
}

/** What the owner of a note can compute about it. */
export interface NoteOpening {
  /** Grains, below {@link AMOUNT_LIMIT}; change of claims is below {@link CLAIM_LIMIT}. */
  readonly amount: bigint;
  /** The wrap `w`: the commitment is to `amount - w t`. */
  readonly twin: 0 | 1;
  /** Blinding `r'`: `C + twin t G = amount G + r' H`. */
  readonly blinding: Scalar;
}

/** The amount hidden in `z`, by the owner's mask `m`: `z - m mod t`. Throws `notes/amount-range` if that is not an amount. */
export function noteAmount(z: bigint, m: bigint, modulus: bigint): bigint {
  const rest = (z - m) % modulus;
  const amount = rest < 0n ? rest + modulus : rest;
  if (z < 0n || z >= modulus || amount >= AMOUNT_LIMIT) {
    throw new TacitError('notes/amount-range', 'the payout does not open to an amount under this mask');
  }
  return amount;
}

/** Opens an own note by the enrolment's mask `m` in [0, t) and blinding `r`. Throws `notes/not-mine` if they do not belong to it. */
export function openNote(note: Note, z: bigint, m: bigint, r: Scalar, modulus: bigint): NoteOpening {
  const amount = noteAmount(z, m, modulus);
  const twin = z - m === amount ? 0 : 1;
  const blinding = modOrder(-r);
  const expected = times(G, amount - BigInt(twin) * modulus).subtract(times(H, r));
  if (!sameBytes(expected.toBytes(), note.commitment)) {
    throw new TacitError('notes/not-mine', 'mask and blinding do not open this note');
  }
  return { amount, twin, blinding };
}
