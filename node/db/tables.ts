/**
 * Whether LevelDB's table files are what was written. Every block of them has a checksum, which LevelDB looks at only when asked, and its binding has no way
 * to ask: a page of zeros is taken for a block of records, and an assertion ends the process without a word of ours. Format:
 * https://github.com/google/leveldb/blob/main/doc/table_format.md
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createCRC32 } from 'hash-wasm';
import { ByteReader } from '../../primitives/crypto/bytes.ts';
import { isTacitError, TacitError } from '../../primitives/errors.ts';
import { damaged } from './damage.ts';
import { unsnappy } from './snappy.ts';

const FOOTER = 48;
const MAGIC = 0xdb47_7524_8b80_fb57n;
/** After each block: how it is compressed, and the checksum. */
const TRAILER = 5;
/** Bytes of a place where keys begin anew, and of how many there are. */
const RESTARTS = 4;
const SNAPPY = 1;
/** Castagnoli's polynomial, and what LevelDB adds to a checksum that it stores. */
const CRC32C = 0x82f6_3b78;
const CRC_MASK = 0xa282_ead8;

/** Where a block lies in its file. */
interface Handle {
  readonly offset: number;
  readonly size: number;
}

type Checksum = (bytes: Uint8Array) => number;

/** The first damaged table file of a database, and where; undefined if all are whole. The database is closed. Error: `db/damaged` for one that cannot be read. */
export async function damagedTable(directory: string): Promise<string | undefined> {
  const hasher = await createCRC32(CRC32C);
  const checksum: Checksum = (bytes) => {
    const plain = Number.parseInt(hasher.init().update(bytes).digest('hex'), 16);
    return (((plain >>> 15) | (plain << 17)) + CRC_MASK) >>> 0;
  };
  for (const name of (await readdir(directory)).filter((file) => file.endsWith('.ldb'))) {
    const file = await readFile(join(directory, name)).catch((error: NodeJS.ErrnoException) => {
      // Where another process has it open after all, tables come and go; opening it will say so.
      if (error.code === 'ENOENT') return new Uint8Array(0);
      throw damaged(directory, `${name} cannot be read`, { cause: error.message });
    });
    const fault = tableFault(file, checksum);
    if (fault !== undefined) return `${name}: ${fault}`;
  }
  return undefined;
}

/** What is wrong with a table. A file without its footer is none: what a crash left of one that was being written, or LevelDB tells of it. */
function tableFault(file: Uint8Array, checksum: Checksum): string | undefined {
  const footer = file.subarray(-FOOTER);
  if (footer.length < FOOTER || new DataView(footer.buffer, footer.byteOffset + 40).getBigUint64(0, true) !== MAGIC) {
    return undefined;
  }
  try {
    const reader = new ByteReader(footer, 'db/bad-table');
    const [meta, index] = [handleAt(reader), handleAt(reader)];
    for (const list of [index, meta]) {
      for (const handle of handlesIn(blockAt(file, list, checksum))) blockAt(file, handle, checksum);
    }
    return undefined;
  } catch (error) {
    if (!isTacitError(error, 'db/bad-table')) throw error;
    return error.message;
  }
}

/** A block's bytes, as they were before compression if it lists others; throws unless its checksum is right. */
function blockAt(file: Uint8Array, { offset, size }: Handle, checksum: Checksum): () => Uint8Array {
  const end = offset + size + TRAILER;
  if (end > file.length) throw new TacitError('db/bad-table', `a block of ${size} bytes at ${offset} is cut off`);
  const view = new DataView(file.buffer, file.byteOffset + offset + size);
  if (checksum(file.subarray(offset, offset + size + 1)) !== view.getUint32(1, true)) {
    throw new TacitError('db/bad-table', `the block of ${size} bytes at ${offset} is not what was written`);
  }
  const bytes = file.subarray(offset, offset + size);
  return () => (view.getUint8(0) === SNAPPY ? unsnappy(bytes, 'db/bad-table') : bytes);
}

/** The blocks that an index lists: entries of shared and own parts of a key and a value, then the places where keys begin anew. */
function handlesIn(block: () => Uint8Array): Handle[] {
  const bytes = block();
  const tail = bytes.subarray(-RESTARTS);
  const restarts = tail.length < RESTARTS ? 0 : new DataView(tail.buffer, tail.byteOffset).getUint32(0, true);
  if (RESTARTS * (restarts + 1) > bytes.length)
    throw new TacitError('db/bad-table', 'a list of blocks is shorter than it says');
  const reader = new ByteReader(bytes.subarray(0, bytes.length - RESTARTS * (restarts + 1)), 'db/bad-table');
  const handles: Handle[] = [];
  while (reader.at < reader.bytes.length) {
    varint(reader);
    const own = varint(reader);
    const value = varint(reader);
    reader.take(own);
    handles.push(handleAt(new ByteReader(reader.take(value), 'db/bad-table')));
  }
  return handles;
}

const handleAt = (reader: ByteReader): Handle => ({ offset: varint(reader), size: varint(reader) });

function varint(reader: ByteReader): number {
  let value = 0;
  for (let scale = 1; ; scale *= 128) {
    const byte = reader.u8();
    value += (byte & 127) * scale;
    if (byte < 128) return value;
    if (scale > 2 ** 42) throw new TacitError('db/bad-table', 'a number is too long');
  }
}
