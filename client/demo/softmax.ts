/**
 * Multinomial logistic regression on MNIST: 10 x (784 + 1) = 7,850 parameters, class by class, the bias last in each class, so
 * that neighbouring coordinates belong to neighbouring pixels. Full-batch gradient descent on the mean cross-entropy; everything is
 * deterministic (the same shard and start give the same bits).
 */
import { CLASSES, type LabelledImages, PIXELS } from './mnist.ts';

/** Parameters of one class: a weight per pixel and the bias. */
export const CLASS_STRIDE = PIXELS + 1;
export const PARAMETERS = CLASSES * CLASS_STRIDE;

/** Training examples with only their inked pixels (about 150 of 784), pixel values scaled to (0, 1]. */
export interface Examples {
  readonly count: number;
  /** `count + 1` positions: example i owns entries `starts[i] .. starts[i + 1]`. */
  readonly starts: Uint32Array;
  readonly pixels: Uint16Array;
  readonly inks: Float64Array;
  readonly labels: Uint8Array;
}

/** Picks `indices` out of `set`, with the given labels in place of the set's own. */
export function examplesOf(set: LabelledImages, indices: ArrayLike<number>, labels?: Uint8Array): Examples {
  const count = indices.length;
  const starts = new Uint32Array(count + 1);
  let inked = 0;
  for (let i = 0; i < count; i++) {
    const base = (indices[i] as number) * PIXELS;
    for (let p = 0; p < PIXELS; p++) if (set.pixels[base + p] !== 0) inked++;
    starts[i + 1] = inked;
  }
  const pixels = new Uint16Array(inked);
  const inks = new Float64Array(inked);
  let at = 0;
  for (let i = 0; i < count; i++) {
    const base = (indices[i] as number) * PIXELS;
    for (let p = 0; p < PIXELS; p++) {
      const ink = set.pixels[base + p] as number;
      if (ink === 0) continue;
      pixels[at] = p;
      inks[at++] = ink / 255;
    }
  }
  const own = Uint8Array.from({ length: count }, (_, i) => set.labels[indices[i] as number] as number);
  return { count, starts, pixels, inks, labels: labels ?? own };
}

/** Class probabilities of example `i`, written to `out`. */
function predict(model: Float64Array, examples: Examples, i: number, out: Float64Array): void {
  const from = examples.starts[i] as number;
  const to = examples.starts[i + 1] as number;
  let highest = Number.NEGATIVE_INFINITY;
  for (let c = 0; c < CLASSES; c++) {
    const row = c * CLASS_STRIDE;
    let logit = model[row + PIXELS] as number;
    for (let k = from; k < to; k++)
      logit += (model[row + (examples.pixels[k] as number)] as number) * (examples.inks[k] as number);
    out[c] = logit;
    if (logit > highest) highest = logit;
  }
  let sum = 0;
  for (let c = 0; c < CLASSES; c++) sum += out[c] = Math.exp((out[c] as number) - highest);
  for (let c = 0; c < CLASSES; c++) out[c] = (out[c] as number) / sum;
}

/** One full-batch step: `model -= rate * gradient of the mean cross-entropy`. */
function descend(model: Float64Array, examples: Examples, rate: number): void {
  const gradient = new Float64Array(PARAMETERS);
  const residual = new Float64Array(CLASSES);
  for (let i = 0; i < examples.count; i++) {
    predict(model, examples, i, residual);
    const label = examples.labels[i] as number;
    residual[label] = (residual[label] as number) - 1;
    const from = examples.starts[i] as number;
    const to = examples.starts[i + 1] as number;
    for (let c = 0; c < CLASSES; c++) {
      const error = residual[c] as number;
      const row = c * CLASS_STRIDE;
      for (let k = from; k < to; k++) {
        const at = row + (examples.pixels[k] as number);
        gradient[at] = (gradient[at] as number) + error * (examples.inks[k] as number);
      }
      gradient[row + PIXELS] = (gradient[row + PIXELS] as number) + error;
    }
  }
  const scale = rate / examples.count;
  for (let j = 0; j < PARAMETERS; j++) model[j] = (model[j] as number) - scale * (gradient[j] as number);
}

/** Local training: the change of `start` after `steps` full-batch steps on `examples`. */
export function localUpdate(start: Float64Array, examples: Examples, steps: number, rate: number): Float64Array {
  const model = start.slice();
  for (let s = 0; s < steps; s++) descend(model, examples, rate);
  return model.map((weight, j) => weight - (start[j] as number));
}

/** Mean cross-entropy (nats) and accuracy of `model` on `examples`. */
export function evaluate(model: Float64Array, examples: Examples): { loss: number; accuracy: number } {
  const probabilities = new Float64Array(CLASSES);
  let loss = 0;
  let right = 0;
  for (let i = 0; i < examples.count; i++) {
    predict(model, examples, i, probabilities);
    const label = examples.labels[i] as number;
    loss -= Math.log(Math.max(probabilities[label] as number, 1e-12));
    if (probabilities.indexOf(Math.max(...probabilities)) === label) right++;
  }
  return { loss: loss / examples.count, accuracy: right / examples.count };
}
