import { ByteReader } from '../../primitives/crypto/bytes.ts';
import { TacitError } from '../../primitives/errors.ts';

/** The most that a block of LevelDB unfolds to here. */
const MAX_UNFOLDED = 64 << 20;
/** A copy makes 64 bytes out of three: no block unfolds to more than so many times its size. */
const MAX_FOLDS = 22;

/** Unfolds a block in Snappy's format (https://github.com/google/snappy/blob/main/format_description.txt). Error: `code`. */
export function unsnappy(packed: Uint8Array, code: string): Uint8Array {
  const reader = new ByteReader(packed, code);
  let length = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = reader.u8();
    length += (byte & 127) * scale;
    if (byte < 128) break;
  }
  const bad = (): TacitError => new TacitError(code, 'a compressed block cannot be unfolded');
  if (length > Math.min(MAX_UNFOLDED, MAX_FOLDS * packed.length)) throw bad();
  const out = new Uint8Array(length);
  let at = 0;
  while (reader.at < reader.bytes.length) {
    const tag = reader.u8();
    const kind = tag & 3;
    const high = tag >> 2;
    if (kind === 0) {
      // Literal bytes: their number less one, in the tag or in one to four bytes after it.
      const run = (high < 60 ? high : number(reader.take(high - 59))) + 1;
      if (at + run > length) throw bad();
      out.set(reader.take(run), at);
      at += run;
      continue;
    }
    const run = kind === 1 ? (high & 7) + 4 : high + 1;
    const back = kind === 1 ? ((tag >> 5) << 8) | reader.u8() : number(reader.take(kind === 2 ? 2 : 4));
    if (back === 0 || back > at || at + run > length) throw bad();
    // Byte by byte: a copy may run into what it writes.
    for (let i = 0; i < run; i++, at++) out[at] = out[at - back]!;
  }
  if (at !== length) throw bad();
  return out;
}

const number = (bytes: Uint8Array): number => bytes.reduceRight((sum, byte) => sum * 256 + byte, 0);
