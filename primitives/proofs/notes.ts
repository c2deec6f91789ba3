/**
 * Notes: what a settled round pays (specification §7, §8), and the bins they are claimed from.
 *
 * The committee opens `z = amount + m mod t` for the owner's mask `m`; with `M = m G + r H` from the enrolment the note is
 * `C = z G - M`, a commitment to `amount - w t` with blinding `-r`, where `w = 1` if the sum wrapped. Nobody but the owner knows `w`, so the ring holds
 * `C` and its *twin* `C + t G` under the same one-time key `K`: exactly one of them opens to the amount. The other opens to `amount ± t`, which no claim
 * can spend because claimed amounts are below 2^48 and `t > 2^49`. Masks `m + k t` change `w` and nothing else.
 */
import { ByteReader, concatBytes, littleEndian, sameBytes } from '../crypto/bytes.ts';
import { hash32Of } from '../crypto/hash.ts';
import {
  decodeKeyPoint,
  decodePoint,
  G,
  H,
  hashToPoint,
  type Point,
  type Scalar,
  modOrder,
  times,
} from '../crypto/ristretto.ts';
import { TacitError } from '../errors.ts';

/** Amounts of notes are below this; the runtime keeps pool plus deposits of a round below it. */
export const AMOUNT_LIMIT: bigint = 1n << 47n;
/** Amounts that a claim may name are below this; together with `t > 2^49` it makes the wrong twin unspendable. */
export const CLAIM_LIMIT: bigint = 1n << 48n;
/** Notes of a bin, padding included; the ring has two entries for each. */
export const BIN_NOTES = 32;
export const RING_SIZE: number = 2 * BIN_NOTES;

/** A note on the chain: encoded points, 32 bytes each. */
export interface Note {
  /** One-time key `K = k J0`. */
  readonly key: Uint8Array;
  /** `C = z G - M`. */
  readonly commitment: Uint8Array;
}

/** A closed set of notes that hide each other. */
export interface Bin {
  /** Hash of block 0, 32 bytes. */
  readonly genesis: Uint8Array;
  readonly round: number;
  /** Number of the bin among the round's bins. */
  readonly index: number;
  /** The plaintext modulus `t` of the round's parameter set. */
  readonly modulus: bigint;
  /** In the order of the round's items; 1 to {@link BIN_NOTES}. */
  readonly notes: readonly Note[];
}

/** The note of an item: from its opened payout `z` in [0, t) and its enrolment's `M` and `K` (both already checked). */
export function mintNote(z: bigint, maskCommitment: Uint8Array, key: Uint8Array): Note {
  return { key, commitment: times(G, z).subtract(decodePoint(maskCommitment)).toBytes() };
}

/** What the owner of a note can compute about it. */
export interface NoteOpening {
  /** Units of 10^-6 TAC, below {@link AMOUNT_LIMIT}. */
  readonly amount: bigint;
  /** Which entry opens to the amount: the note (0) or its twin (1). */
  readonly twin: 0 | 1;
  /** Blinding `r'` of that entry: `C + twin t G = amount G + r' H`. */
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

/** Cuts a round's notes, in item order, into bins as even as possible, so that no last bin is a handful. */
export function binsOf(genesis: Uint8Array, round: number, modulus: bigint, notes: readonly Note[]): Bin[] {
  const count = Math.ceil(notes.length / BIN_NOTES);
  return Array.from({ length: count }, (_, index) => ({
    genesis,
    round,
    index,
    modulus,
    notes: notes.slice(Math.floor((index * notes.length) / count), Math.floor(((index + 1) * notes.length) / count)),
  }));
}

const BIN_HEADER = 32 + 8 + 4 + 8 + 1;

/** Canonical bytes: genesis, round u64, index u32, modulus u64, count u8, then `K || C` of every note. */
export function encodeBin(bin: Bin): Uint8Array {
  if (bin.notes.length < 1 || bin.notes.length > BIN_NOTES) {
    throw new TacitError('notes/bin-size', `a bin has 1 to ${BIN_NOTES} notes`, { count: bin.notes.length });
  }
  if (bin.genesis.length !== 32) throw new TacitError('notes/bad-bin', 'a genesis hash has 32 bytes');
  return concatBytes(
    bin.genesis,
    littleEndian(BigInt(bin.round), 8),
    littleEndian(BigInt(bin.index), 4),
    littleEndian(bin.modulus, 8),
    Uint8Array.of(bin.notes.length),
    ...bin.notes.flatMap(({ key, commitment }) => [key, commitment]),
  );
}

/** Strict inverse of {@link encodeBin} (points are decoded by {@link ringNotes}). Throws `notes/bad-bin`. */
export function decodeBin(bytes: Uint8Array): Bin {
  const reader = new ByteReader(bytes, 'notes/bad-bin');
  const genesis = reader.take(32);
  const round = reader.u64();
  if (round > BigInt(Number.MAX_SAFE_INTEGER)) throw new TacitError('notes/bad-bin', 'round number too large');
  const index = reader.u32();
  const modulus = reader.u64();
  const count = reader.u8();
  if (count < 1 || count > BIN_NOTES || bytes.length !== BIN_HEADER + 64 * count) {
    throw new TacitError('notes/bad-bin', 'a bin of wrong size', { count, length: bytes.length });
  }
  const notes = Array.from({ length: count }, () => ({ key: reader.take(32), commitment: reader.take(32) }));
  return { genesis, round: Number(round), index, modulus, notes };
}

/** The hash that a claim names its ring by. The padding is a function of the size and needs no hash. */
export function binRoot(bin: Bin): Uint8Array {
  return hash32Of('tacit/bin/1', encodeBin(bin));
}

/** A note of a ring as points. */
export interface RingNote {
  readonly key: Point;
  readonly commitment: Point;
}

let padding: RingNote[] | undefined;

/** The one public padding of all bins: pairs of points whose logarithms nobody knows, so that no one can claim them. */
export function paddingNotes(): readonly RingNote[] {
  padding ??= Array.from({ length: BIN_NOTES }, (_, i) => ({
    key: hashToPoint('tacit/ring-padding/1', 'key', i),
    commitment: hashToPoint('tacit/ring-padding/1', 'commitment', i),
  }));
  return padding;
}

/**
 * The bin's notes and its padding, {@link BIN_NOTES} in all: place `i` below the count is note `i`, other places are padding `i`.
 * Ring entry `2i` is note `i`, entry `2i + 1` its twin.
 * @throws `crypto/bad-point`, `crypto/identity`, `notes/duplicate-key`
 */
export function ringNotes(bin: Bin): RingNote[] {
  const notes = bin.notes.map(({ key, commitment }) => ({
    key: decodeKeyPoint(key),
    commitment: decodePoint(commitment),
  }));
  const keys = new Set(bin.notes.map(({ key }) => key.join()));
  if (keys.size !== notes.length) throw new TacitError('notes/duplicate-key', 'two notes of a bin have one key');
  return [...notes, ...paddingNotes().slice(notes.length)];
}
