/**
 * From a real-valued model update to the integers that a round accepts: with `k` parts coordinate `j` goes to part `j mod k`, and each part becomes an int8 vector
 * whose squared norm is exactly the round's public `normSq` (specification §4.2). Scaling keeps the direction, the only thing a contribution is valued by; four
 * spare coordinates per part take up what rounding leaves over (Lagrange's four squares).
 */
import { TacitError } from '../../primitives/errors.ts';
import { SPARE_COORDINATES } from '../../primitives/proofs/lane.ts';
import { completeNorm } from '../../primitives/proofs/norm.ts';
import { MAX_SUMMED_VALUES } from '../../primitives/round/limits.ts';

/** Largest magnitude of a coordinate: symmetric, although two digits with offset 128 would allow -128. */
const LIMIT = 127;
/** Keeps every sum of squares exact in a float; a part of {@link MAX_SUMMED_VALUES} coordinates reaches less than 2^27. */
const MAX_NORM_SQ = 2n ** 31n;
/** More than rounding ever leaves: the four spare coordinates then stay below 32 and hardly count in an inner product. */
const MAX_MISSING = 32 * 32;
const BISECTIONS = 80;

/** The fewest parts, of as many values as a polynomial carries, spare coordinates included, that carry an update of `parameters` coordinates. */
const partsFor = (parameters: number): number => Math.ceil(parameters / (MAX_SUMMED_VALUES - SPARE_COORDINATES));

/** Length of each part, spare coordinates included, of an update of `parameters` coordinates. */
export function partLengths(parameters: number, parts: number = partsFor(parameters)): number[] {
  return Array.from({ length: parts }, (_, part) => Math.ceil((parameters - part) / parts) + SPARE_COORDINATES);
}

/**
 * Splits and quantises an update.
 * @param update real coordinates, any scale; only its direction matters
 * @param normSq the exact squared norm of each part
 * @param parts how many: the fewest, if the round says nothing else
 * @returns `[part]` int8 vectors, the last four entries of each completing the norm
 * @throws `sdk/bad-update` if a coordinate is not finite, or a part is zero or too sparse to reach the norm
 */
export function quantise(update: Float64Array, normSq: bigint, parts: number = partsFor(update.length)): Int8Array[] {
  if (normSq <= 0n || normSq > MAX_NORM_SQ)
    throw new TacitError('sdk/bad-norm', 'the squared norm must lie in 1..2^31');
  if (!update.every(Number.isFinite)) throw new TacitError('sdk/bad-update', 'an update must be finite numbers');
  return partLengths(update.length, parts).map((length, part) => {
    const coordinates = Float64Array.from(
      { length: length - SPARE_COORDINATES },
      (_, k) => update[k * parts + part] as number,
    );
    return Int8Array.from(completeNorm(roundToNorm(coordinates, Number(normSq)), normSq));
  });
}

/** Puts quantised parts back into one vector of `parameters` coordinates (spare ones dropped). */
export function joinParts(parts: readonly ArrayLike<number>[], parameters: number): Float64Array {
  const count = parts.length;
  return Float64Array.from({ length: parameters }, (_, j) => parts[j % count]?.[Math.floor(j / count)] as number);
}

/** Integers nearest to a multiple of `real`, with the largest squared norm that does not pass `normSq`. */
function roundToNorm(real: Float64Array, normSq: number): Int8Array {
  const peak = real.reduce((most, x) => Math.max(most, Math.abs(x)), 0);
  if (peak === 0) throw new TacitError('sdk/bad-update', 'a part of the update is zero: it has no direction');
  const unit = real.map((x) => x / peak);
  // A loop: the bisection rounds everything eighty times, and a typed array made by a function of each entry takes ten times as long.
  const rounded = (scale: number) => {
    const out = new Int8Array(unit.length);
    for (let j = 0; j < out.length; j++) {
      out[j] = Math.max(-LIMIT, Math.min(LIMIT, Math.round((unit[j] as number) * scale)));
    }
    return out;
  };
  const squared = (values: Int8Array) => values.reduce((sum, x) => sum + x * x, 0);

  let low = 0;
  // above this scale the largest coordinate is cut off; a little cutting is what a peaked update needs to reach the norm
  let high = 1e6;
  for (let i = 0; i < BISECTIONS; i++) {
    const middle = (low + high) / 2;
    if (squared(rounded(middle)) <= normSq) low = middle;
    else high = middle;
  }
  const values = rounded(low);
  let missing = normSq - squared(values);
  // at a jump of the norm (many coordinates rounding at once) take as many of them as still fit, nearest to their next integer first
  const reluctance = unit.map((x, j) => Math.abs((values[j] as number) - x * low));
  const order = Array.from(unit.keys()).sort((a, b) => (reluctance[b] as number) - (reluctance[a] as number) || a - b);
  for (const j of order) {
    const value = values[j] as number;
    const step = Math.sign(unit[j] as number);
    const cost = 2 * Math.abs(value) + 1;
    if (step === 0 || cost > missing || Math.abs(value) >= LIMIT) continue;
    values[j] = value + step;
    missing -= cost;
  }
  if (missing > MAX_MISSING)
    throw new TacitError('sdk/bad-update', 'a part of the update is too sparse to reach the norm', { missing });
  return values;
}
