/**
 * Updates in files, read piece by piece: raw little-endian numbers, or NumPy's `.npy` of one array. Where the bytes are is the platform's affair.
 */
import { TacitError } from '../../primitives/errors.ts';
import type { UpdateSource } from './update.ts';

/** Bytes that are read where they are wanted. */
export interface ByteSource {
  readonly size: number;
  /** Bytes `from` to `to`, all of them. */
  read(from: number, to: number): Promise<Uint8Array>;
}

/** How numbers stand in a file that does not say it itself. */
export const NUMBER_TYPES = ['float64', 'float32'] as const;
export type NumberType = (typeof NUMBER_TYPES)[number];

/** What NumPy itself reads of a header at most. */
const MAX_HEADER = 10_000;
/** `\x93NUMPY`. */
const MAGIC: readonly number[] = [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59];
const PREFIX = 12;
const MAX_VALUES = 2 ** 32 - 1;
/** Numbers that are read at once. */
const CHUNK = 65_536;

/** Where a file's numbers begin, how they are written, and how many they should be. */
interface Layout {
  readonly from: number;
  readonly type: NumberType;
  readonly values: number | undefined;
}

/**
 * An update in a file.
 * @param type of the numbers of a raw file; one of NumPy says its own
 * @throws `sdk/bad-update` if it is not whole numbers of that type, or an array in another order or of another type
 */
export async function updateIn(bytes: ByteSource, type: NumberType = 'float64'): Promise<UpdateSource> {
  const layout = (await numpyLayout(bytes)) ?? { from: 0, type, values: undefined };
  const width = layout.type === 'float32' ? 4 : 8;
  const length = (bytes.size - layout.from) / width;
  if (!Number.isInteger(length) || length < 1 || length > MAX_VALUES || (layout.values ?? length) !== length) {
    const size = bytes.size.toLocaleString('en');
    throw bad(`${size} bytes are not an update: it is whole numbers of ${layout.type}, ${width} bytes each`);
  }
  return { length, chunks: () => numbers(bytes, layout, length, width) };
}

async function* numbers(
  bytes: ByteSource,
  { from, type }: Layout,
  length: number,
  width: number,
): AsyncGenerator<Float64Array> {
  const chunk = new Float64Array(Math.min(CHUNK, length));
  for (let done = 0; done < length; done += CHUNK) {
    const count = Math.min(CHUNK, length - done);
    const piece = await pieceOf(bytes, from + width * done, width * count);
    const view = new DataView(piece.buffer, piece.byteOffset, piece.byteLength);
    for (let k = 0; k < count; k++) {
      chunk[k] = type === 'float32' ? view.getFloat32(4 * k, true) : view.getFloat64(8 * k, true);
    }
    yield chunk.subarray(0, count);
  }
}

async function pieceOf(bytes: ByteSource, from: number, count: number): Promise<Uint8Array> {
  const piece = await bytes.read(from, from + count);
  if (piece.length !== count) throw bad('the file became shorter while it was read');
  return piece;
}

/** The layout of NumPy's format, versions 1 to 3; undefined if the file has another beginning. */
async function numpyLayout(bytes: ByteSource): Promise<Layout | undefined> {
  if (bytes.size < PREFIX) return undefined;
  const prefix = await pieceOf(bytes, 0, PREFIX);
  if (!MAGIC.every((byte, i) => prefix[i] === byte)) return undefined;
  const view = new DataView(prefix.buffer, prefix.byteOffset, prefix.byteLength);
  const version = view.getUint8(6);
  if (version < 1 || version > 3) throw bad(`version ${version} of NumPy’s format is not known`);
  const [start, length] = version === 1 ? [10, view.getUint16(8, true)] : [12, view.getUint32(8, true)];
  if (length > MAX_HEADER || start + length > bytes.size) throw bad('the header of the NumPy file is too long');
  const header = new TextDecoder().decode(await pieceOf(bytes, start, length));
  return { from: start + length, ...described(header) };
}

/** What a header says: `{'descr': '<f4', 'fortran_order': False, 'shape': (10, 785), }`. */
function described(header: string): Pick<Layout, 'type' | 'values'> {
  const [, descr] = /'descr':\s*'([^']*)'/.exec(header) ?? [];
  const [, order] = /'fortran_order':\s*(True|False)/.exec(header) ?? [];
  const [, shape] = /'shape':\s*\(([0-9, ]*)\)/.exec(header) ?? [];
  if (order === undefined || shape === undefined) throw bad('the header of the NumPy file cannot be read');
  if (descr !== '<f4' && descr !== '<f8')
    throw bad(`the NumPy file holds '${descr}': save it as float32 or float64, little endian`);
  const sides = shape.split(',').filter((side) => side.trim() !== '');
  // The order of the coordinates is part of what everybody has to agree on.
  if (order === 'True' && sides.length > 1)
    throw bad('the NumPy file is column by column: save it row by row (order C)');
  const values = sides.reduce((product, side) => product * Number(side), 1);
  return { type: descr === '<f4' ? 'float32' : 'float64', values };
}

const bad = (why: string): TacitError => new TacitError('sdk/bad-update', why);
