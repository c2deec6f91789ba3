/**
 * A network of one hidden layer on MNIST: 784 pixels, some hundred rectified units, ten classes. Larger than what a round carries, and trained like the demo's model: full-batch
 * gradient descent on the mean cross-entropy, in doubles, the same bits for the same start and examples.
 */
import { Draw } from '../../client/demo/draw.ts';
import { CLASSES, PIXELS } from '../../client/demo/mnist.ts';
import type { Examples } from '../../client/demo/softmax.ts';

/** Hidden units of the network that is measured. */
export const UNITS = 768;

/** Where the layers begin in the vector of all parameters: weights pixel by pixel, biases, weights unit by unit, biases. */
interface Places {
  readonly units: number;
  readonly hiddenBias: number;
  readonly out: number;
  readonly outBias: number;
  readonly all: number;
}

function placesOf(units: number): Places {
  const hiddenBias = PIXELS * units;
  const out = hiddenBias + units;
  const outBias = out + units * CLASSES;
  return { units, hiddenBias, out, outBias, all: outBias + CLASSES };
}

/** Parameters of a network with so many hidden units. */
export const parametersOf = (units: number): number => placesOf(units).all;

/** Weights before training: normal, of variance 2 over the inputs of each unit (He et al. 2015); biases zero. */
export function freshNet(units: number, seed: string): Float64Array {
  const { hiddenBias, out, outBias, all } = placesOf(units);
  const draw = new Draw(seed, 'network');
  const model = new Float64Array(all);
  for (let j = 0; j < hiddenBias; j++) model[j] = draw.normal() * Math.sqrt(2 / PIXELS);
  for (let j = out; j < outBias; j++) model[j] = draw.normal() * Math.sqrt(2 / units);
  return model;
}

/** Hidden activations of example `i`, written to `hidden`. */
function activate(
  model: Float64Array,
  { hiddenBias, units }: Places,
  examples: Examples,
  i: number,
  hidden: Float64Array,
): void {
  for (let h = 0; h < units; h++) hidden[h] = model[hiddenBias + h] as number;
  for (let k = examples.starts[i] as number; k < (examples.starts[i + 1] as number); k++) {
    const row = (examples.pixels[k] as number) * units;
    const ink = examples.inks[k] as number;
    for (let h = 0; h < units; h++) hidden[h] = (hidden[h] as number) + ink * (model[row + h] as number);
  }
  for (let h = 0; h < units; h++) if ((hidden[h] as number) < 0) hidden[h] = 0;
}

/** Class probabilities from activations, written to `out`. */
function classify(model: Float64Array, places: Places, hidden: Float64Array, out: Float64Array): void {
  for (let c = 0; c < CLASSES; c++) out[c] = model[places.outBias + c] as number;
  for (let h = 0; h < places.units; h++) {
    const [active, row] = [hidden[h] as number, places.out + h * CLASSES];
    if (active === 0) continue;
    for (let c = 0; c < CLASSES; c++) out[c] = (out[c] as number) + active * (model[row + c] as number);
  }
  const highest = out.reduce((most, x) => Math.max(most, x), Number.NEGATIVE_INFINITY);
  let sum = 0;
  for (let c = 0; c < CLASSES; c++) sum += out[c] = Math.exp((out[c] as number) - highest);
  for (let c = 0; c < CLASSES; c++) out[c] = (out[c] as number) / sum;
}

/** Adds what example `i` says of the slope: `errors` are the probabilities less the label, `hidden` the activations, which are used up. */
function addSlope(
  { model, slope }: { readonly model: Float64Array; readonly slope: Float64Array },
  places: Places,
  { examples, i }: { readonly examples: Examples; readonly i: number },
  { hidden, errors }: { readonly hidden: Float64Array; readonly errors: Float64Array },
): void {
  const { units, out, outBias, hiddenBias } = places;
  for (let c = 0; c < CLASSES; c++) slope[outBias + c] = (slope[outBias + c] as number) + (errors[c] as number);
  for (let h = 0; h < units; h++) {
    const [active, row] = [hidden[h] as number, out + h * CLASSES];
    let back = 0;
    if (active !== 0) {
      for (let c = 0; c < CLASSES; c++) {
        slope[row + c] = (slope[row + c] as number) + active * (errors[c] as number);
        back += (model[row + c] as number) * (errors[c] as number);
      }
    }
    hidden[h] = back;
    slope[hiddenBias + h] = (slope[hiddenBias + h] as number) + back;
  }
  for (let k = examples.starts[i] as number; k < (examples.starts[i + 1] as number); k++) {
    const row = (examples.pixels[k] as number) * units;
    const ink = examples.inks[k] as number;
    for (let h = 0; h < units; h++) slope[row + h] = (slope[row + h] as number) + ink * (hidden[h] as number);
  }
}

/** Mean cross-entropy (nats) of a network on examples, and its slope. */
export function slopeOf(model: Float64Array, units: number, examples: Examples): { loss: number; slope: Float64Array } {
  const places = placesOf(units);
  const slope = new Float64Array(model.length);
  const [hidden, errors] = [new Float64Array(units), new Float64Array(CLASSES)];
  let loss = 0;
  for (let i = 0; i < examples.count; i++) {
    activate(model, places, examples, i, hidden);
    classify(model, places, hidden, errors);
    const label = examples.labels[i] as number;
    loss -= Math.log(Math.max(errors[label] as number, 1e-12));
    errors[label] = (errors[label] as number) - 1;
    addSlope({ model, slope }, places, { examples, i }, { hidden, errors });
  }
  return { loss: loss / examples.count, slope: slope.map((x) => x / examples.count) };
}

/** What `steps` steps of gradient descent on examples change in a network. */
export function netUpdate(
  start: Float64Array,
  units: number,
  examples: Examples,
  { steps, rate }: { readonly steps: number; readonly rate: number },
): Float64Array {
  const model = start.slice();
  for (let step = 0; step < steps; step++) {
    const { slope } = slopeOf(model, units, examples);
    for (let j = 0; j < model.length; j++) model[j] = (model[j] as number) - rate * (slope[j] as number);
  }
  return model.map((weight, j) => weight - (start[j] as number));
}
