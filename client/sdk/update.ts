/**
 * From an update, or a direction, as it was trained to the vectors that a round takes: its own coordinates, or their sketch where the rule asks for one (specification §9.7).
 * Sketching holds one chunk and the sketch, whatever the size of the model.
 *
 * ```ts
 * const parts = await partsOf(view.rule, updateOf(changes)); // a Float32Array of all the model's coordinates
 * await contribute(chain, wallet, round, parts);
 * ```
 */
import { TacitError } from '../../primitives/errors.ts';
import type { RoundRule } from '../../primitives/round/rule.ts';
import { bucketsOf, type Sketch, SketchPlaces } from '../../primitives/round/sketch.ts';
import { quantise } from './quantise.ts';

/** Numbers that are read from front to back, some at a time. */
export interface UpdateSource {
  /** How many numbers there are. */
  readonly length: number;
  /** All of them, in order. A chunk counts until the next is asked for: the source may use its memory again. */
  chunks(): AsyncIterable<ArrayLike<number>> | Iterable<ArrayLike<number>>;
}

export interface SketchOptions {
  /** Told how many of all coordinates are read. */
  readonly onProgress?: (read: number, all: number) => void;
  /** Gives the work up between two chunks; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** What of a rule says what its vectors are. */
type VectorRule = Pick<RoundRule, 'parts' | 'normSq' | 'sketch'>;

/** Coordinates whose places are drawn at once. */
const PIECE = 65_536;

/** An update that is in memory as a whole. */
export function updateOf(values: Float32Array | Float64Array): UpdateSource {
  return { length: values.length, chunks: () => [values] };
}

/**
 * The count sketch of an update, in doubles, summed in the order of the coordinates: the same numbers give the same bits anywhere. In the calling thread: a tenth of a
 * microsecond a coordinate.
 * @param buckets values of the sketch: `bucketsOf` the round's parts
 * @throws `sdk/wrong-length` for more or fewer coordinates than the rule says, `sdk/bad-update` if one is not finite
 */
export async function sketchOf(
  sketch: Sketch,
  buckets: number,
  source: UpdateSource,
  { onProgress, signal }: SketchOptions = {},
): Promise<Float64Array> {
  const all = sketch.coordinates;
  const places = new SketchPlaces(sketch, buckets);
  const sums = new Float64Array(buckets);
  let read = 0;
  for await (const chunk of source.chunks()) {
    signal?.throwIfAborted();
    if (chunk.length > all - read) throw wrongLength(read + chunk.length, `${all.toLocaleString('en')}`);
    for (let from = 0; from < chunk.length; from += PIECE) {
      add(sums, chunk, from, places.next(Math.min(PIECE, chunk.length - from)));
    }
    read += chunk.length;
    onProgress?.(read, all);
  }
  if (read < all) throw wrongLength(read, `${all.toLocaleString('en')}`);
  // What is not finite stays so in its sum.
  if (!sums.every(Number.isFinite)) throw new TacitError('sdk/bad-update', 'an update must be finite numbers');
  return sums;
}

/** Adds coordinates from `from` on, one for each place. */
function add(sums: Float64Array, chunk: ArrayLike<number>, from: number, places: Int32Array): void {
  for (let k = 0; k < places.length; k++) {
    const place = places[k] as number;
    const value = chunk[from + k] as number;
    if (place >= 0) sums[place] = (sums[place] as number) + value;
    else sums[-1 - place] = (sums[-1 - place] as number) - value;
  }
}

/**
 * The vectors that a round takes of an update, or of a direction. Of a round of sketches the update is given whole, or sketched already: a rule's sketch is shorter than
 * what it is of, so that the length says which.
 * @returns `[part]` int8 vectors of the rule's norm
 * @throws `sdk/wrong-length` for another number of coordinates, and what {@link sketchOf} and `quantise` throw
 */
export async function partsOf(
  { parts, normSq, sketch }: VectorRule,
  source: UpdateSource,
  options: SketchOptions = {},
): Promise<Int8Array[]> {
  const buckets = bucketsOf(parts);
  if (sketch !== undefined && source.length === sketch.coordinates) {
    return quantise(await sketchOf(sketch, buckets, source, options), normSq, parts.length);
  }
  if (source.length !== buckets) {
    const [short, whole] = [buckets, sketch?.coordinates].map((count) => count?.toLocaleString('en'));
    throw wrongLength(source.length, whole === undefined ? `${short}` : `${whole}, or their sketch of ${short}`);
  }
  return quantise(await collected(source), normSq, parts.length);
}

async function collected({ length, chunks }: UpdateSource): Promise<Float64Array> {
  const values = new Float64Array(length);
  let read = 0;
  for await (const chunk of chunks()) {
    if (chunk.length > length - read) throw wrongLength(read + chunk.length, `${length}`);
    values.set(chunk, read);
    read += chunk.length;
  }
  if (read < length) throw wrongLength(read, `${length}`);
  return values;
}

function wrongLength(found: number, takes: string): TacitError {
  const why = `the update holds ${found.toLocaleString('en')} values; this round takes ${takes}`;
  return new TacitError('sdk/wrong-length', why, { found });
}
