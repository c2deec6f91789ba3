/** How far scores of sketches are from those of the whole updates, both by the closed form of specification §9.1. */
import { closedFormShapley, spearman } from '../../client/demo/shapley.ts';
import { partLengths } from '../../client/sdk/quantise.ts';
import { partsOf, sketchOf, updateOf } from '../../client/sdk/update.ts';
import { hash32Of } from '../../primitives/crypto/hash.ts';
import { bucketsOf, type Sketch } from '../../primitives/round/sketch.ts';
import { settled } from '../fairness/rank.ts';
import type { Game } from './games.ts';

/** Squared norm for each value: a mean magnitude of 16, as in the demo. */
const NORM_OF_VALUE = 256;

/** One game scored under one sketch, against the whole. */
export interface Sample {
  /** Largest error of a score, as a part of the largest score. */
  readonly error: number;
  /** The same before scaling and rounding. */
  readonly linear: number;
  /** Squared errors of all scores before scaling and rounding, and what §9.7 says that they are on average. */
  readonly squares: number;
  readonly promised: number;
  /** Spearman's correlation with the scores of the whole. */
  readonly rank: number;
}

const dot = (a: Float64Array, b: Float64Array): number => {
  let sum = 0;
  for (let j = 0; j < a.length; j++) sum += (a[j] as number) * (b[j] as number);
  return sum;
};

/** `2n*g - U` in reals. */
function weightsOf({ updates, direction }: Game): Float64Array {
  const weights = direction.map((g) => 2 * updates.length * g);
  for (const u of updates)
    for (let j = 0; j < weights.length; j++) weights[j] = (weights[j] as number) - (u[j] as number);
  return weights;
}

/** `n^2 * phi_i` in reals. */
export function realScores(game: Game): number[] {
  const weights = weightsOf(game);
  return game.updates.map((u) => dot(u, weights));
}

/** The variance that §9.7 gives for the score of each sketch, before anything is scaled or rounded, added up over the items. */
function promisedSquares(game: Game, buckets: number): number {
  const weights = weightsOf(game);
  const length = dot(weights, weights);
  const each = game.updates.map((u) => {
    const fourth = u.reduce((sum, x, j) => sum + (x * (weights[j] as number)) ** 2, 0);
    return dot(u, u) * length + dot(u, weights) ** 2 - 2 * fourth;
  });
  return each.reduce((sum, x) => sum + x, 0) / buckets;
}

/** Every vector's sketch. */
async function sketched({ updates, direction }: Game, sketch: Sketch, buckets: number): Promise<Game> {
  const made: Float64Array[] = [];
  for (const vector of [direction, ...updates]) made.push(await sketchOf(sketch, buckets, updateOf(vector)));
  const [first, ...rest] = made;
  return { updates: rest, direction: first as Float64Array };
}

/** What a round scores of vectors that are as long as it carries: exact integers, over the squared norm. */
async function roundScores({ updates, direction }: Game, parts: number[]): Promise<number[]> {
  const normSq = BigInt(Math.floor((NORM_OF_VALUE * bucketsOf(parts)) / parts.length));
  const rule = { parts, normSq, sketch: undefined };
  const [g, ...items] = await Promise.all([direction, ...updates].map((vector) => partsOf(rule, updateOf(vector))));
  const unit = Number(normSq) * parts.length;
  return closedFormShapley(items, g as Int8Array[]).map((score) => Number(score) / unit);
}

const squares = (left: readonly number[], right: readonly number[]): number =>
  left.reduce((sum, x, i) => sum + (x - (right[i] as number)) ** 2, 0);

/** Scores of a game in rounds of `parts`. @param seed of the sketch; none for a round that carries the updates as they are */
export async function sampleOf(game: Game, parts: number[], seed: number | undefined): Promise<Sample> {
  const buckets = bucketsOf(parts);
  const whole = realScores(game);
  const sketch = { coordinates: game.direction.length, seed: hash32Of('tacit/bench-sketch/1', seed ?? 0) };
  const carried = seed === undefined ? game : await sketched(game, sketch, buckets);
  const found = await roundScores(carried, parts);
  const linear = realScores(carried);
  const largest = Math.max(...whole.map(Math.abs));
  const errorOf = (scores: readonly number[]): number =>
    Math.max(...scores.map((score, i) => Math.abs(score - (whole[i] as number)))) / largest;
  return {
    error: errorOf(found),
    linear: errorOf(linear),
    squares: squares(linear, whole),
    promised: promisedSquares(game, buckets),
    rank: spearman(settled(found), settled(whole)),
  };
}

/** Lengths of the parts that carry `values` values, spare ones included, in so many parts. */
export const formOf = (values: number, parts: number): number[] => partLengths(values - 4 * parts, parts);
