/**
 * Bins of notes that hide each other across rounds (specification §12.1). A bin is closed when it is used; its notes are those of rounds and change of claims.
 */
import { ByteReader, concatBytes, littleEndian } from '../crypto/bytes.ts';
import { hash32Of } from '../crypto/hash.ts';
import { decodePoints, isIdentity } from '../crypto/points.ts';
import { TacitError } from '../errors.ts';
import { CLAIM_LIMIT, type Note } from './notes.ts';
import type { NoteRing } from './one-of-many.ts';

/** Change notes of a claim: one, or two for a split. */
export const MAX_OUTPUTS = 2;

/** Plaintext moduli are above this: a claim's amount and all its change together do not reach a note's twin. */
export const LEAST_MODULUS: bigint = BigInt(1 + MAX_OUTPUTS) * CLAIM_LIMIT;

/** Digits of a place in base 4 that a bin may have: 64, 1,024 and 4,096 places. */
export const BIN_DIGITS = [3, 5, 6] as const;

/** A closed set of notes that hide each other. */
export interface HiddenBin {
  /** Hash of block 0, 32 bytes. */
  readonly genesis: Uint8Array;
  /** The plaintext modulus `t` of all rounds whose notes stand in it; above {@link LEAST_MODULUS}. */
  readonly modulus: bigint;
  /** Grains in a unit of money, a power of two. */
  readonly grains: bigint;
  /** Number of the bin among those of its modulus and grains, a u32. */
  readonly index: number;
  /** One of {@link BIN_DIGITS}. */
  readonly digits: number;
  /** In the order in which they were made; 1 to 4^digits. Two may have one key. */
  readonly notes: readonly Note[];
}

const HEADER = 32 + 8 + 8 + 4 + 1 + 2;

function checkShape({ genesis, modulus, grains, digits }: Omit<HiddenBin, 'notes' | 'index'>, count: number): void {
  const bad = (why: string): never => {
    throw new TacitError('hidden/bad-bin', why, { digits, count });
  };
  if (genesis.length !== 32) bad('a genesis hash has 32 bytes');
  if (!BIN_DIGITS.some((known) => known === digits)) bad('a bin has 64, 1,024 or 4,096 places');
  if (count < 1 || count > 4 ** digits) bad(`a bin has 1 to ${4 ** digits} notes`);
  if (modulus <= LEAST_MODULUS || modulus >> 64n !== 0n) bad('the plaintext modulus is too small for hidden change');
  if (grains < 1n || grains >= CLAIM_LIMIT || (grains & (grains - 1n)) !== 0n) bad('grains are a power of two');
}

/**
 * Canonical bytes: genesis, modulus u64, grains u64, index u32, digits u8, count u16, then `K || C` of every note.
 * @throws `hidden/bad-bin`, `crypto/integer-range`
 */
export function encodeHiddenBin(bin: HiddenBin): Uint8Array {
  checkShape(bin, bin.notes.length);
  if (bin.notes.some(({ key, commitment }) => key.length !== 32 || commitment.length !== 32)) {
    throw new TacitError('hidden/bad-bin', 'key and commitment of a note have 32 bytes each');
  }
  return concatBytes(
    bin.genesis,
    littleEndian(bin.modulus, 8),
    littleEndian(bin.grains, 8),
    littleEndian(BigInt(bin.index), 4),
    Uint8Array.of(bin.digits),
    littleEndian(BigInt(bin.notes.length), 2),
    ...bin.notes.flatMap(({ key, commitment }) => [key, commitment]),
  );
}

/** Strict inverse of {@link encodeHiddenBin}; points are decoded by {@link openHiddenBin}. Throws `hidden/bad-bin`. */
export function decodeHiddenBin(bytes: Uint8Array): HiddenBin {
  const reader = new ByteReader(bytes, 'hidden/bad-bin');
  const head = { genesis: reader.take(32), modulus: reader.u64(), grains: reader.u64() };
  const index = reader.u32();
  const digits = reader.u8();
  const count = reader.u16();
  checkShape({ ...head, digits }, count);
  if (bytes.length !== HEADER + 64 * count) {
    throw new TacitError('hidden/bad-bin', 'a bin of wrong size', { count, length: bytes.length });
  }
  const notes = Array.from({ length: count }, () => ({ key: reader.take(32), commitment: reader.take(32) }));
  return { ...head, index, digits, notes };
}

/** The hash that a claim names its bin by. @param bytes canonical, {@link encodeHiddenBin} */
export function hiddenBinRoot(bytes: Uint8Array): Uint8Array {
  return hash32Of('tacit/hidden-bin/1', bytes);
}

/** A bin that is ready for proofs: some 16 ms of work for 1,024 notes, which is worth keeping. */
export interface OpenBin extends Omit<HiddenBin, 'notes'> {
  readonly ring: NoteRing;
  /** The hash that a claim names its bin by. */
  readonly root: Uint8Array;
}

/** Decodes the bin's points. Throws `hidden/bad-bin`, `crypto/bad-point`, and `crypto/identity` for a key that is the identity. */
export function openHiddenBin(bin: HiddenBin): OpenBin {
  const root = hiddenBinRoot(encodeHiddenBin(bin));
  const { notes, ...head } = bin;
  const keys = notes.map(({ key }) => key);
  if (keys.some(isIdentity)) throw new TacitError('crypto/identity', 'the identity is not a key');
  const ring = {
    keys: decodePoints(keys),
    commitments: decodePoints(notes.map(({ commitment }) => commitment)),
    digits: bin.digits,
  };
  return { ...head, ring, root };
}
