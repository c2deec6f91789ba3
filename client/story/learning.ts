/** What is learned in the story: a linear model of a few weights, from examples that four people hold and nobody else sees. */
import { Draw } from '../demo/draw.ts';
import { joinParts, quantise } from '../sdk/quantise.ts';

export const PARAMETERS = 64;
/** Squared norm of each part of an update. */
export const NORM_SQ = 10_000n;

/** Who contributes: how many examples each holds, and how wrong their labels are. */
export const CONTRIBUTORS = [
  { name: 'amara', examples: 60, noise: 0.5 },
  { name: 'bruno', examples: 40, noise: 1 },
  { name: 'chidi', examples: 30, noise: 2 },
  { name: 'dalia', examples: 20, noise: 4 },
] as const;
const VALIDATION = { name: 'trainer', examples: 200, noise: 0.5 };

export interface Learning {
  /** `[contributor][part]`. */
  readonly updates: readonly Int8Array[][];
  /** What the trainer's own examples say. */
  readonly direction: readonly Int8Array[];
}

/** The step that each would take from weights of zero: the negative gradient of the squared error. */
export function learn(): Learning {
  const draw = new Draw('story', 'truth');
  const truth = Float64Array.from({ length: PARAMETERS }, () => draw.normal());
  const stepOf = ({ name, examples, noise }: { name: string; examples: number; noise: number }): Int8Array[] => {
    const own = new Draw('story', name);
    const step = new Float64Array(PARAMETERS);
    for (let example = 0; example < examples; example++) {
      const x = Float64Array.from({ length: PARAMETERS }, () => own.normal());
      const y = x.reduce((sum, value, j) => sum + value * (truth[j] ?? 0), noise * own.normal());
      for (let j = 0; j < PARAMETERS; j++) step[j] = (step[j] ?? 0) + y * (x[j] ?? 0);
    }
    return quantise(step, NORM_SQ);
  };
  return { updates: CONTRIBUTORS.map(stepOf), direction: stepOf(VALIDATION) };
}

/** The weights after the round, from the sum of all updates: what is registered as the trained model. */
export function trained(aggregate: readonly Int32Array[]): Uint8Array {
  const weights = joinParts(aggregate, PARAMETERS).map((sum) => sum / CONTRIBUTORS.length);
  return new Uint8Array(weights.buffer);
}
