/**
 * Sketches: updates of any size in the few values that a round carries (specification §9.7). Coordinate `j` is added to, or taken from, one of the sketch's values; which, and with
 * what sign, a seed of the rule says. Inner products are kept on average (count sketch, Charikar, Chen and Farach-Colton 2002). The chain sees sketches alone: what
 * they are sketches of it cannot know.
 *
 * ```ts
 * const places = new SketchPlaces(rule.sketch, bucketsOf(rule.parts)).next(1024); // of coordinates 0 to 1023
 * ```
 */
import { hash32Of } from '../crypto/hash.ts';
import { Prg } from '../crypto/prg.ts';
import { sameBytes } from '../crypto/bytes.ts';
import { TacitError } from '../errors.ts';
import { SPARE_COORDINATES } from '../proofs/lane.ts';

/** What updates of a round are sketches of. */
export interface Sketch {
  /** Coordinates of the whole update: more than the sketch has values, below 2^32. */
  readonly coordinates: number;
  /** 32 bytes, public: which coordinate goes where. Rounds whose sketches are to be compared have one seed. */
  readonly seed: Uint8Array;
}

/** Bytes of a seed. */
export const SEED_BYTES = 32;
/** Bytes of the seed's key stream for each coordinate. */
const WORD = 4;
/** The highest bit of a word is the sign, the others choose the bucket. */
const RANGE = 2 ** 31;
/** Products of a word and a number of buckets are exact in a double. */
const MAX_BUCKETS = 2 ** 21;

/** Values of an update that parts of these lengths carry, spare coordinates left out. */
export function bucketsOf(parts: readonly number[]): number {
  return parts.reduce((sum, values) => sum + values - SPARE_COORDINATES, 0);
}

/** Whether updates of these parts can be such sketches: of at least one value, and shorter than what is sketched. */
export function isSketchable(parts: readonly number[], { coordinates }: Pick<Sketch, 'coordinates'>): boolean {
  const buckets = bucketsOf(parts);
  return parts.every((values) => values > SPARE_COORDINATES) && coordinates > buckets;
}

/** What of a rule says what its vectors are. */
export interface UpdateForm {
  readonly parts: readonly number[];
  readonly sketch: Sketch | undefined;
}

/** Whether vectors of two rounds can be held against each other: the same parts, and sketches by the same seed of as many coordinates, or none. */
export function haveOneForm(left: UpdateForm, right: UpdateForm): boolean {
  if (left.parts.join() !== right.parts.join()) return false;
  if (left.sketch === undefined || right.sketch === undefined) return left.sketch === right.sketch;
  return left.sketch.coordinates === right.sketch.coordinates && sameBytes(left.sketch.seed, right.sketch.seed);
}

/**
 * Where coordinates go, in their order. One key stream for the whole sketch, so that nothing is held but the place in it.
 * @param buckets values of the sketch, 1 to 2^21
 */
export class SketchPlaces {
  readonly #stream: Prg;
  readonly #buckets: number;
  #left: number;

  constructor({ coordinates, seed }: Sketch, buckets: number) {
    const isWhole = Number.isInteger(buckets) && Number.isInteger(coordinates);
    if (!isWhole || buckets < 1 || buckets > MAX_BUCKETS || coordinates < 1 || coordinates >= 2 ** 32) {
      throw new TacitError('tally/bad-sketch', 'a sketch has 1 to 2^21 values, of less than 2^32 coordinates', {
        coordinates,
        buckets,
      });
    }
    this.#stream = new Prg(hash32Of('tacit/sketch/1', seed, coordinates, buckets));
    this.#buckets = buckets;
    this.#left = coordinates;
  }

  /**
   * Buckets of the next `count` coordinates: `b` for one that is added, `-1 - b` for one that is taken away.
   * @throws `tally/bad-sketch` beyond the last coordinate
   */
  next(count: number): Int32Array {
    if (count > this.#left)
      throw new TacitError('tally/bad-sketch', 'there are no more coordinates', { left: this.#left, count });
    this.#left -= count;
    const bytes = this.#stream.next(WORD * count);
    const view = new DataView(bytes.buffer);
    const places = new Int32Array(count);
    for (let k = 0; k < count; k++) {
      const word = view.getInt32(WORD * k, true);
      const bucket = Math.floor(((word & (RANGE - 1)) * this.#buckets) / RANGE);
      places[k] = word >= 0 ? bucket : -1 - bucket;
    }
    return places;
  }
}
