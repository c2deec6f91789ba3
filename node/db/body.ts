import { ByteReader, concatBytes, littleEndian } from '../../primitives/crypto/bytes.ts';
import { blake2b256 } from '../../primitives/crypto/hash.ts';
import { toHex } from '../../primitives/crypto/hex.ts';
import { TacitError } from '../../primitives/errors.ts';

/** Extrinsics of more bytes than this stand in the database once, by hash, and are dropped when a body is pruned. */
const LARGE_EXTRINSIC = 4096;

/** One extrinsic of a stored body: its bytes, or the hash of a large one. */
export type BodyPart = { readonly inline: Uint8Array } | { readonly large: Uint8Array };

const INLINE = 0;
const LARGE = 1;

/** The parts of a body, and its large extrinsics by hash in hex. */
export function splitBody(body: readonly Uint8Array[]): { parts: BodyPart[]; large: Map<string, Uint8Array> } {
  const large = new Map<string, Uint8Array>();
  const parts = body.map((extrinsic): BodyPart => {
    if (extrinsic.length <= LARGE_EXTRINSIC) return { inline: extrinsic };
    const hash = blake2b256(extrinsic);
    large.set(toHex(hash), extrinsic);
    return { large: hash };
  });
  return { parts, large };
}

/** The large extrinsics of a body by hash in hex, each once. */
export function largeOf(parts: readonly BodyPart[]): Set<string> {
  return new Set(parts.flatMap((part) => ('large' in part ? [toHex(part.large)] : [])));
}

export function encodeBody(parts: readonly BodyPart[]): Uint8Array {
  const encoded = parts.map((part) =>
    'inline' in part
      ? concatBytes(Uint8Array.of(INLINE), u32(part.inline.length), part.inline)
      : concatBytes(Uint8Array.of(LARGE), part.large),
  );
  return concatBytes(u32(parts.length), ...encoded);
}

/** Strict: every record has one reading. Throws `db/bad-record`. */
export function decodeBody(record: Uint8Array): BodyPart[] {
  const reader = new ByteReader(record, 'db/bad-record');
  const count = reader.u32();
  const parts: BodyPart[] = [];
  for (let i = 0; i < count; i++) {
    const mark = reader.u8();
    if (mark !== INLINE && mark !== LARGE) throw new TacitError('db/bad-record', `a part of a body is marked ${mark}`);
    parts.push(mark === INLINE ? { inline: reader.take(reader.u32()) } : { large: reader.take(32) });
  }
  reader.end();
  return parts;
}

export function u32(value: number): Uint8Array {
  return littleEndian(BigInt(value), 4);
}
