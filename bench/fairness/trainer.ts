/**
 * The demo's training (client/demo/softmax.ts, learning.ts) for many coalitions: the same steps in single floats, by a kernel that keeps the weights of a pixel's ten
 * classes side by side. test/bench/fairness.test.ts holds the values of coalitions against the demo's.
 */
import { BLOCKS, LOCAL_RATE, LOCAL_STEPS, SERVER_STEP } from '../../client/demo/learning.ts';
import { CLASSES } from '../../client/demo/mnist.ts';
import { CLASS_STRIDE, type Examples, PARAMETERS } from '../../client/demo/softmax.ts';
import { type Kernel, MODEL, ROW } from './kernel.ts';

/** A model or an update, pixel by pixel: entry `pixel * ROW + label`; the bias is the last pixel. */
export type Weights = Float32Array;

/** Place of each of the demo's parameters, which go class by class. */
const PLACES = Uint16Array.from(
  { length: PARAMETERS },
  (_, j) => (j % CLASS_STRIDE) * ROW + Math.floor(j / CLASS_STRIDE),
);
/** Block of each place. The empty ones are zero, whatever block they are in. */
const BLOCK_OF = new Uint8Array(MODEL);
PLACES.forEach((place, j) => {
  BLOCK_OF[place] = j % BLOCKS;
});

/** From the demo's order. */
export function byPixel(model: Float64Array): Weights {
  const out = new Float32Array(MODEL);
  PLACES.forEach((place, j) => {
    out[place] = model[j] as number;
  });
  return out;
}

/** Inverse of {@link byPixel}. */
export const byClass = (weights: Weights): Float64Array =>
  Float64Array.from(PLACES, (place) => weights[place] as number);

/** Class probabilities in place of logits, example by example. */
function softmax(z: Float32Array): void {
  for (let from = 0; from < z.length; from += ROW) {
    const to = from + CLASSES;
    let highest = Number.NEGATIVE_INFINITY;
    for (let c = from; c < to; c++) if ((z[c] as number) > highest) highest = z[c] as number;
    let sum = 0;
    for (let c = from; c < to; c++) {
      const e = Math.exp((z[c] as number) - highest);
      z[c] = e;
      sum += e;
    }
    for (let c = from; c < to; c++) z[c] = (z[c] as number) / sum;
  }
}

/** Each block scaled to norm 1/sqrt(BLOCKS), in place. */
export function toUnitBlocks(update: Weights): Weights {
  const squares = new Float64Array(BLOCKS);
  for (let j = 0; j < MODEL; j++) {
    const block = BLOCK_OF[j] as number;
    squares[block] = (squares[block] as number) + (update[j] as number) * (update[j] as number);
  }
  const scales = squares.map((square) => 1 / Math.sqrt(BLOCKS * square));
  for (let j = 0; j < MODEL; j++) update[j] = (update[j] as number) * (scales[BLOCK_OF[j] as number] as number);
  return update;
}

/** The update of unit length that local training from `start` gives. */
export function trainedUpdate(kernel: Kernel, start: Weights, shard: Examples): Weights {
  const examples = kernel.load(shard);
  const { weights: model, slope } = kernel;
  const errors = kernel.scratchOf(examples);
  model.set(start);
  const scale = LOCAL_RATE / shard.count;
  for (let step = 0; step < LOCAL_STEPS; step++) {
    kernel.logits(examples);
    softmax(errors);
    for (let i = 0; i < shard.count; i++) {
      const at = i * ROW + (shard.labels[i] as number);
      errors[at] = (errors[at] as number) - 1;
    }
    kernel.gradient(examples);
    for (let j = 0; j < MODEL; j++) model[j] = (model[j] as number) - scale * (slope[j] as number);
  }
  const update = new Float32Array(MODEL);
  for (let j = 0; j < MODEL; j++) update[j] = (model[j] as number) - (start[j] as number);
  return toUnitBlocks(update);
}

/** The mean of updates, and the model moved along it. */
export function federatedStep(model: Weights, updates: readonly Weights[]): { model: Weights; mean: Weights } {
  const mean = new Float32Array(MODEL);
  for (const update of updates) {
    for (let j = 0; j < MODEL; j++) mean[j] = (mean[j] as number) + (update[j] as number) / updates.length;
  }
  const moved = new Float32Array(MODEL);
  for (let j = 0; j < MODEL; j++) moved[j] = (model[j] as number) + SERVER_STEP * (mean[j] as number);
  return { mean, model: moved };
}

/** Mean cross-entropy (nats) and accuracy on examples. */
export function evaluate(kernel: Kernel, model: Weights, examples: Examples): { loss: number; accuracy: number } {
  const loaded = kernel.load(examples);
  kernel.weights.set(model);
  kernel.logits(loaded);
  const scratch = kernel.scratchOf(loaded);
  softmax(scratch);
  let loss = 0;
  let right = 0;
  for (let i = 0; i < examples.count; i++) {
    const label = scratch[i * ROW + (examples.labels[i] as number)] as number;
    loss -= Math.log(Math.max(label, 1e-12));
    let isLargest = true;
    for (let c = i * ROW; c < i * ROW + CLASSES; c++) isLargest &&= (scratch[c] as number) <= label;
    if (isLargest) right++;
  }
  return { loss: loss / examples.count, accuracy: right / examples.count };
}
